#include "channels/cli/scheme_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "channels/cli/column_table.h"
#include "channels/json/scheme_words.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

constexpr std::size_t kSourceWidth = 24;

void PrintProblems(const LoadedScheme& loaded, std::ostream& err) {
  for (const SchemeProblem& problem : loaded.problems) {
    err << ProblemText(problem) << '\n';
  }
  err << loaded.problems.size()
      << (loaded.problems.size() >= SchemeProblems::kLimit ? " problems or more\n"
                                                           : " problem(s)\n");
}

/// Prints the parts of a scheme one after the other, each as a table.
class SchemePrinter {
 public:
  SchemePrinter(const Scheme& scheme, std::optional<Date> on, std::ostream& out)
      : scheme_(scheme), on_(on), out_(out) {}

  void PrintAll() {
    PrintHead();
    PrintParticipants();
    PrintBrackets();
    PrintFlat();
    PrintWageRates();
    PrintReliefs();
    PrintParameters();
    PrintBenefits();
    PrintDisabilities();
    PrintScholarships();
    PrintHeirs();
    PrintReturns();
    PrintAgentPay();
    PrintSponsors();
    PrintFigures();
    PrintHolidays();
    PrintClaimPapers();
    PrintSectors();
    PrintStatements();
    PrintSources();
  }

 private:
  bool Shown(const MonthSpan& span) const { return !on_ || span.Has(on_->month()); }
  bool Shown(const DateSpan& span) const { return !on_ || span.Has(*on_); }

  void Title(std::string_view title_id, std::string_view title_en) {
    out_ << '\n' << title_id << " (" << title_en << ")\n\n";
  }

  static Column Name() { return {"Nama", "name", Align::kLeft, 60}; }
  static Column Value() { return {"Nilai", "value", Align::kLeft, 28}; }
  static Column Holds() { return {"Berlaku", "holds", Align::kLeft, 12}; }
  static Column Source() { return {"Sumber", "source", Align::kLeft, kSourceWidth}; }
  static Column Sure() { return {"Yakin", "mark"}; }
  static std::string Code(const Mark& mark) { return ConfidenceCode(mark.confidence); }

  void PrintTable(const ColumnTable& table) {
    if (table.empty()) {
      out_ << "  – tidak ada (none)\n";
      return;
    }
    table.Print(out_);
  }

  void PrintHead();
  void PrintParticipants();
  void PrintBrackets();
  void PrintFlat();
  void PrintWageRates();
  void PrintReliefs();
  void PrintParameters();
  void PrintBenefits();
  void PrintDisabilities();
  void PrintScholarships();
  void PrintHeirs();
  void PrintReturns();
  void PrintAgentPay();
  void PrintSponsors();
  void PrintFigures();
  void PrintHolidays();
  void PrintClaimPapers();
  void PrintSectors();
  void PrintStatements();
  void PrintSources();

  const Scheme& scheme_;
  std::optional<Date> on_;
  std::ostream& out_;
};

void SchemePrinter::PrintHead() {
  out_ << scheme_.code << ": " << scheme_.name_id << '\n';
  out_ << std::string(scheme_.code.size() + 2, ' ') << scheme_.name_en << '\n';
  out_ << (on_ ? "Berlaku pada (in force on) " + on_->ToString()
               : std::string("Semua masa berlaku (all dates)"))
       << "; wajib (compulsory) " << ProgrammesText(scheme_.compulsory) << "; pilihan (optional) "
       << ProgrammesText(scheme_.optional) << '\n';
  out_
      << "Yakin (mark): V dibaca dalam peraturan (read in the law), S2+ dua sumber atau lebih (two "
         "sources\nor more), S satu sumber (one source), M dari ingatan, belum diperiksa (from "
         "memory, not verified)\n";
}

void SchemePrinter::PrintParticipants() {
  Title("Peserta", "participants");
  ColumnTable table(
      {Name(), {"Wajib", "compulsory"}, {"Pilihan", "optional"}, Holds(), Source(), Sure()});
  for (const ParticipantKind& kind : scheme_.participant_kinds) {
    if (Shown(kind.months)) {
      table.Add({BothNames(kind.name_id, kind.name_en), ProgrammesText(kind.compulsory),
                 kind.optional.empty() ? "–" : ProgrammesText(kind.optional), SpanText(kind.months),
                 kind.mark.source, Code(kind.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintBrackets() {
  for (const BracketTable& brackets : scheme_.bracket_tables) {
    if (!Shown(brackets.months)) {
      continue;
    }
    Title("Kelompok penghasilan, rupiah sebulan, berlaku " + SpanText(brackets.months),
          "income brackets, rupiah a month");
    ColumnTable table({{"No", "no", Align::kRight},
                       {"Penghasilan dari", "income from", Align::kRight},
                       {"Dasar", "base", Align::kRight},
                       {"JKK", "", Align::kRight},
                       {"JHT", "", Align::kRight},
                       {"Sumber", "source", Align::kLeft, 33},
                       Sure()});
    for (const Bracket& bracket : brackets.brackets) {
      // The same source thirty times says nothing; it is printed where it changes.
      const bool same =
          bracket.number > 1 &&
          bracket.mark.source ==
              brackets.brackets[static_cast<std::size_t>(bracket.number) - 2].mark.source;
      table.Add({std::to_string(bracket.number), FormatRupiah(bracket.income_from),
                 FormatRupiah(bracket.base), FormatRupiah(bracket.jkk), FormatRupiah(bracket.jht),
                 same ? "\"" : bracket.mark.source, Code(bracket.mark)});
    }
    PrintTable(table);
  }
}

void SchemePrinter::PrintFlat() {
  Title("Iuran yang sama untuk semua, dan bagian dari dasar", "flat contributions, shares of base");
  ColumnTable table({{"Program", "programme"}, Value(), Holds(), Source(), Sure()});
  for (const FlatContribution& flat : scheme_.flat_contributions) {
    if (Shown(flat.months)) {
      table.Add({std::string(ProgrammeCode(flat.programme)), "Rp" + FormatRupiah(flat.amount),
                 SpanText(flat.months), flat.mark.source, Code(flat.mark)});
    }
  }
  for (const ContributionRate& rate : scheme_.contribution_rates) {
    if (Shown(rate.months)) {
      table.Add({std::string(ProgrammeCode(rate.programme)),
                 PercentText(rate.rate) + " dasar (of base)", SpanText(rate.months),
                 rate.mark.source, Code(rate.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintWageRates() {
  Title("Iuran penerima upah, dibayar pemberi kerja", "wage earners, paid by the employer");
  ColumnTable table(
      {{"Bagian dari upah", "share of the wage", Align::kLeft, 48}, Holds(), Source(), Sure()});
  for (const WageRate& rate : scheme_.wage_rates) {
    if (Shown(rate.months)) {
      table.Add({WageRateText(rate), SpanText(rate.months), rate.mark.source, Code(rate.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintReliefs() {
  Title("Keringanan iuran", "reliefs");
  ColumnTable table({Name(),
                     {"Kode", "id"},
                     {"Bayar", "pays", Align::kLeft, 10},
                     Holds(),
                     {"Sumber", "source", Align::kLeft, 17},
                     Sure()});
  for (const Relief& relief : scheme_.reliefs) {
    if (!Shown(relief.months)) {
      continue;
    }
    std::string name = BothNames(relief.name_id, relief.name_en) + "; diundangkan (enacted) " +
                       relief.known_from.ToString();
    if (relief.government_excluded) {
      name += "; tidak bila APBN/APBD membayar (not when a public budget pays)";
    }
    table.Add({name, relief.id, PercentText(relief.pays) + " " + ProgrammesText(relief.programmes),
               SpanText(relief.months), relief.mark.source, Code(relief.mark)});
  }
  PrintTable(table);
}

void SchemePrinter::PrintParameters() {
  Title("Aturan bayar dan kepesertaan", "paying and membership");
  ColumnTable table({Name(), {"Nilai", "value", Align::kRight}, Holds(), Source(), Sure()});
  const auto add = [&](const char* name, const std::vector<DatedNumber>& rows) {
    for (const DatedNumber& row : rows) {
      if (Shown(row.months)) {
        table.Add({name, std::to_string(row.value), SpanText(row.months), row.mark.source,
                   Code(row.mark)});
      }
    }
  };
  const Parameters& parameters = scheme_.parameters;
  add("Masa tenggang, bulan / Grace, months", parameters.grace_months);
  add("Usia mendaftar di bawah / Age at joining below", parameters.joining_age_below);
  add("Bayar di muka, bulan / Prepayment, months", parameters.prepayment_months);
  add("Jatuh tempo, tanggal / Due day", parameters.due_day);
  add("Jatuh tempo, bulan sesudahnya / Due, months after", parameters.due_months_after);
  add("Kelompok mulai saat akuisisi (1 ya) / Groups start at acquisition (1 yes)",
      parameters.group_starts_at_acquisition);
  add("Hasil JHT dihitung per hari (0 per bulan) / JHT returns by day (0: by month)",
      parameters.return_by_day);
  PrintTable(table);
}

void SchemePrinter::PrintBenefits() {
  for (const Programme programme : kProgrammes) {
    Title(fmt::format("Manfaat {}", ProgrammeCode(programme)), "benefits");
    ColumnTable table({Name(), Value(), Holds(), {"Sumber", "source", Align::kLeft, 17}, Sure()});
    for (const Benefit& benefit : scheme_.benefits) {
      for (const BenefitRow& row : benefit.rows) {
        if (benefit.programme == programme && Shown(row.days)) {
          table.Add({BothNames(benefit.name_id, benefit.name_en), FormulaText(row),
                     SpanText(row.days), row.mark.source, Code(row.mark)});
        }
      }
    }
    PrintTable(table);
  }
}

void SchemePrinter::PrintDisabilities() {
  Title("Tabel cacat", "table of disabilities");
  ColumnTable table({Name(), {"Bagian", "share", Align::kRight}, Holds(), Source(), Sure()});
  for (const Disability& disability : scheme_.disabilities) {
    for (const DisabilityRow& row : disability.rows) {
      if (Shown(row.days)) {
        table.Add({BothNames(disability.name_id, disability.name_en), DisabilityText(row),
                   SpanText(row.days), row.mark.source, Code(row.mark)});
      }
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintHeirs() {
  Title("Urutan ahli waris", "order of heirs");
  ColumnTable table({{"Urutan", "rank", Align::kRight},
                     {"Siapa", "who", Align::kLeft, 50},
                     Holds(),
                     Source(),
                     Sure()});
  for (std::size_t i = 0; i < scheme_.heir_ranks.size(); ++i) {
    const HeirRank& rank = scheme_.heir_ranks[i];
    std::string who;
    for (const Relation relation : rank.relations) {
      who += (who.empty() ? "" : ", ") + std::string(RelationText(relation));
    }
    if (Shown(rank.days)) {
      table.Add(
          {std::to_string(i + 1), who, SpanText(rank.days), rank.mark.source, Code(rank.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintScholarships() {
  for (const ScholarshipTable& read : scheme_.scholarships) {
    if (!Shown(read.days)) {
      continue;
    }
    Title("Beasiswa, berlaku " + SpanText(read.days), "scholarship");
    ColumnTable table({{"Jenjang", "level", Align::kLeft, 40},
                       {"Setahun", "a year", Align::kRight},
                       {"Paling lama", "max years", Align::kRight},
                       {"Jumlah", "sum", Align::kRight},
                       Sure()});
    for (const ScholarshipLevel& level : read.levels) {
      table.Add({BothNames(level.name_id, level.name_en), FormatRupiah(level.per_year),
                 std::to_string(level.max_years), FormatRupiah(level.sum), Code(level.mark)});
    }
    table.AddRule();
    table.Add({"Satu anak / One child", "", "", FormatRupiah(read.per_child), Code(read.mark)});
    table.Add({fmt::format("{} anak / {} children", read.max_children, read.max_children), "", "",
               FormatRupiah(read.total), Code(read.mark)});
    PrintTable(table);
    fmt::print(out_,
               "  Anak di bawah {} tahun; JKM setelah {} bulan iuran (children under {}; JKM after "
               "{} months)\n  Sumber (source): {}\n",
               read.child_below_age, read.jkm_needs_contribution_months, read.child_below_age,
               read.jkm_needs_contribution_months, read.mark.source);
  }
}

void SchemePrinter::PrintReturns() {
  Title("Hasil pengembangan JHT", "declared returns");
  ColumnTable table({{"Tahun", "year"},
                     {"Hasil", "return", Align::kRight},
                     {"Deposito", "deposits", Align::kRight},
                     {"Sumber", "source"},
                     Sure()});
  for (const DeclaredReturn& row : scheme_.declared_returns) {
    if (!on_ || row.year <= on_->year()) {
      table.Add({std::to_string(row.year), PercentText(row.rate),
                 row.deposit_rate ? PercentText(*row.deposit_rate) : "–", row.mark.source,
                 Code(row.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintAgentPay() {
  Title("Insentif Perisai", "pay of agents");
  ColumnTable table({Name(), Value(), Holds(), {"Sumber", "source", Align::kLeft, 17}, Sure()});
  for (const AgentPay& pay : scheme_.agent_pay) {
    if (Shown(pay.months)) {
      table.Add({BothNames(pay.name_id, pay.name_en), AgentPayText(pay), SpanText(pay.months),
                 pay.mark.source, Code(pay.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintSponsors() {
  Title("Pemberi bantuan iuran", "sponsors");
  ColumnTable table({Name(),
                     {"Kode", "code"},
                     {"APBN/APBD", "public"},
                     {"Penuh dari bulan", "full from month", Align::kRight},
                     {"Kurang dari itu", "fewer", Align::kLeft, 16},
                     {"Sumber", "source"},
                     Sure()});
  for (const SponsorKind& kind : scheme_.sponsor_kinds) {
    table.Add(
        {BothNames(kind.name_id, kind.name_en), kind.code, kind.public_budget ? "ya (yes)" : "–",
         std::to_string(kind.full_months),
         kind.short_count == SponsorShortCount::kProRata ? "sebanding (pro rata)" : "nol (nothing)",
         kind.mark.source, Code(kind.mark)});
  }
  PrintTable(table);
}

void SchemePrinter::PrintFigures() {
  Title("Batas waktu, denda dan nomor", "time limits, penalties and numbers");
  ColumnTable table(
      {Name(), {"Nilai", "value", Align::kRight}, {"Satuan", "unit"}, Holds(), Source(), Sure()});
  for (const Figure& figure : scheme_.figures) {
    for (const FigureRow& row : figure.rows) {
      if (Shown(row.days)) {
        table.Add({BothNames(figure.name_id, figure.name_en),
                   FormatRupiah(Money::FromRupiah(row.value)), figure.unit, SpanText(row.days),
                   row.mark.source, Code(row.mark)});
      }
    }
  }
  for (const Identifier& identifier : scheme_.identifiers) {
    table.Add({BothNames(identifier.name_id, identifier.name_en), std::to_string(identifier.digits),
               "digits", "", identifier.mark.source, Code(identifier.mark)});
  }
  PrintTable(table);
}

void SchemePrinter::PrintHolidays() {
  Title("Hari libur", "holidays");
  ColumnTable table({{"Tanggal", "day"}, {"Nama", "name", Align::kLeft, 50}, Source(), Sure()});
  for (const Holiday& holiday : scheme_.holidays) {
    if (!on_ || holiday.on.year() == on_->year()) {
      table.Add({holiday.on.ToString(), holiday.name_id, holiday.mark.source, Code(holiday.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintClaimPapers() {
  Title("Surat untuk klaim", "papers of claims");
  ColumnTable table({{"Surat", "paper", Align::kLeft, 30},
                     {"Sebab", "why", Align::kLeft, 26},
                     {"Berlaku", "holds"},
                     Source(),
                     Sure()});
  for (const ClaimPaper& paper : scheme_.claim_papers) {
    if (Shown(paper.days)) {
      table.Add({BothNames(paper.name_id, paper.name_en), BothNames(paper.why_id, paper.why_en),
                 SpanText(paper.days), paper.mark.source, Code(paper.mark)});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintSectors() {
  Title("Sektor dan pekerjaan", "sectors and trades");
  ColumnTable table({{"Sektor", "sector", Align::kLeft, 34},
                     {"Kode", "code"},
                     {"Pekerjaan", "trades", Align::kLeft, 42},
                     Sure()});
  for (std::size_t i = 0; i < scheme_.sectors.size(); ++i) {
    std::string trades;
    for (const Trade& trade : scheme_.trades) {
      if (trade.sector == i && trade.code != scheme_.sectors[i].code) {
        trades += (trades.empty() ? "" : ", ") + trade.name_id;
      }
    }
    table.Add({BothNames(scheme_.sectors[i].name_id, scheme_.sectors[i].name_en),
               scheme_.sectors[i].code, trades, Code(scheme_.sectors[i].mark)});
  }
  PrintTable(table);
}

void SchemePrinter::PrintStatements() {
  Title("Ketentuan lain", "other rules, in words");
  ColumnTable table({{"Ketentuan", "rule", Align::kLeft, 66}, Source(), Sure()});
  for (const Statement& statement : scheme_.statements) {
    if (Shown(statement.days)) {
      table.Add({statement.text_id, statement.mark.source, Code(statement.mark)});
      table.Add({"  " + statement.text_en, "", ""});
    }
  }
  PrintTable(table);
}

void SchemePrinter::PrintSources() {
  Title("Sumber", "sources");
  ColumnTable table({{"Judul dan alamat", "title and address", Align::kLeft, 70},
                     {"Kode", "id"},
                     {"Dibaca", "read"}});
  for (const SourceEntry& source : scheme_.sources) {
    table.Add({source.title + " – " + source.address, source.id,
               source.read_on ? source.read_on->ToString() : "belum"});
  }
  PrintTable(table);
}

}  // namespace

int SchemeCheck(const std::filesystem::path& folder, std::ostream& out, std::ostream& err) {
  const LoadedScheme loaded = LoadScheme(folder);
  if (!loaded) {
    PrintProblems(loaded, err);
    return 1;
  }
  const Scheme& scheme = *loaded.scheme;
  std::size_t brackets = 0;
  for (const BracketTable& table : scheme.bracket_tables) {
    brackets += table.brackets.size();
  }
  fmt::print(out,
             "{}: no problems. {} brackets, {} reliefs, {} benefits, {} sectors, {} trades, {} "
             "sources.\n",
             scheme.code, brackets, scheme.reliefs.size(), scheme.benefits.size(),
             scheme.sectors.size(), scheme.trades.size(), scheme.sources.size());
  return 0;
}

int SchemeShow(const std::filesystem::path& folder, std::optional<Date> on, std::ostream& out,
               std::ostream& err) {
  const LoadedScheme loaded = LoadScheme(folder);
  if (!loaded) {
    PrintProblems(loaded, err);
    return 1;
  }
  SchemePrinter(*loaded.scheme, on, out).PrintAll();
  return 0;
}

}  // namespace jaring
