#include "channels/cli/quote_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "channels/cli/column_table.h"
#include "channels/json/scheme_words.h"

namespace jaring {
namespace {

void AddOnce(std::vector<const Relief*>& list, const Relief* relief) {
  if (relief != nullptr && std::find(list.begin(), list.end(), relief) == list.end()) {
    list.push_back(relief);
  }
}

std::string NumberOf(std::vector<const Relief*>& seen, const Relief* relief) {
  AddOnce(seen, relief);
  return fmt::format("[{}]", std::find(seen.begin(), seen.end(), relief) - seen.begin() + 1);
}

std::vector<std::string> Amounts(std::string first, const ByProgramme& parts,
                                 ProgrammeSet programmes, std::string last) {
  std::vector<std::string> cells = {std::move(first)};
  for (const Programme programme : kProgrammes) {
    if (programmes.Has(programme)) {
      cells.push_back(FormatRupiah(parts[programme]));
    }
  }
  cells.push_back(FormatRupiah(parts.total()));
  cells.push_back(std::move(last));
  return cells;
}

void PrintLines(std::ostream& out, std::string_view text, std::string_view indent) {
  for (const std::string& line : WrapText(text, ColumnTable::kScreen - indent.size())) {
    out << indent << line << '\n';
  }
}

std::string_view PayerWords(Payer payer) {
  switch (payer) {
    case Payer::kSelf:
      return "";
    case Payer::kGovernment:
      return ", oleh pemerintah (by a public budget)";
    case Payer::kEmployer:
      return ", oleh pemberi kerja (by the employer)";
  }
  JARING_CHECK(false);
}

void PrintBracket(const Bracket& bracket, std::ostream& out) {
  PrintLines(out,
             fmt::format("Tarif (tariff): kelompok (bracket) {}, dasar (base) {}; sumber (source) "
                         "{} ({})",
                         bracket.number, FormatRupiah(bracket.base), bracket.mark.source,
                         ConfidenceCode(bracket.mark.confidence)),
             "  ");
}

void PrintWageRates(const Scheme& scheme, ProgrammeSet programmes, Month month, std::ostream& out) {
  for (const Programme programme : kProgrammes) {
    const WageRate* rate = FindWageRate(scheme, programme, month);
    if (programmes.Has(programme) && rate != nullptr) {
      PrintLines(out,
                 fmt::format("Tarif (tariff): {}; sumber (source) {} ({})", WageRateText(*rate),
                             rate->mark.source, ConfidenceCode(rate->mark.confidence)),
                 "  ");
    }
  }
}

void PrintReasons(const Scheme& scheme, const QuoteAnswer& answer,
                  const std::vector<const Relief*>& seen, std::ostream& out) {
  const Month first = answer.months.front().price.month;
  out << '\n';
  if (answer.terms.payer == Payer::kEmployer) {
    PrintWageRates(scheme, answer.terms.programmes, first, out);
  } else {
    PrintBracket(*FindBracket(scheme, answer.terms.income, first), out);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Relief& relief = *seen[i];
    PrintLines(out,
               fmt::format("[{}] {}: {} / {}, {}, bayar (pays) {}; sumber (source) {} ({})", i + 1,
                           relief.id, relief.name_id, relief.name_en,
                           ProgrammesText(relief.programmes), PercentText(relief.pays),
                           relief.mark.source, ConfidenceCode(relief.mark.confidence)),
               "  ");
  }
}

void PrintQuoteTable(const Scheme& scheme, const QuoteAnswer& answer, std::ostream& out) {
  const Sector& sector = scheme.sectors[answer.terms.sector];
  PrintLines(out,
             fmt::format("Iuran (contributions) {}: penghasilan (income) Rp{}, sektor (sector) {}, "
                         "dibayar (paid) {}{}",
                         ProgrammesText(answer.terms.programmes), FormatRupiah(answer.terms.income),
                         sector.code, answer.paid_on.ToString(), PayerWords(answer.terms.payer)),
             "");
  out << '\n';
  std::vector<Column> columns = {{"Bulan", "month"}};
  for (const Programme programme : kProgrammes) {
    if (answer.terms.programmes.Has(programme)) {
      columns.push_back({std::string(ProgrammeCode(programme)), "rupiah", Align::kRight});
    }
  }
  columns.push_back({"Jumlah", "total", Align::kRight});
  columns.push_back({"Keringanan", "relief", Align::kLeft, 40});
  ColumnTable table(std::move(columns));
  std::vector<const Relief*> seen;
  for (const QuotedMonth& month : answer.months) {
    std::string last;
    for (const Relief* relief : month.reliefs) {
      last += (last.empty() ? "" : " ") + relief->id + " " + NumberOf(seen, relief);
    }
    for (const Relief* relief : month.excluded) {
      last += (last.empty() ? "" : " ") + std::string("tidak (not) ") + relief->id + " " +
              NumberOf(seen, relief);
    }
    table.Add(Amounts(month.price.month.ToString(), month.price.due, answer.terms.programmes,
                      last.empty() ? "–" : last));
  }
  table.AddRule();
  table.Add(Amounts("Jumlah", answer.sum, answer.terms.programmes, ""));
  table.Print(out);
  PrintReasons(scheme, answer, seen, out);
}

}  // namespace

int Quote(const Scheme& scheme, const Messages& messages, const QuoteRequest& request,
          QuoteForm form, std::ostream& out, std::ostream& err) {
  const Result<QuoteAnswer> answer = MakeQuote(scheme, request);
  if (!answer) {
    const std::string& rule = answer.error().rule;
    err << rule << ": " << messages.Text(rule, Language::kIndonesian) << '\n';
    err << std::string(rule.size() + 2, ' ') << messages.Text(rule, Language::kEnglish) << '\n';
    return 2;
  }
  if (form == QuoteForm::kJson) {
    out << QuoteJson(*answer) << '\n';
  } else {
    PrintQuoteTable(scheme, answer.value(), out);
  }
  return 0;
}

}  // namespace jaring
