#include "channels/cli/quote_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "base/text.h"
#include "channels/cli/column_table.h"
#include "channels/cli/scheme_words.h"

namespace jaring {
namespace {

constexpr std::int64_t kMaxMonths = 120;

struct QuotedMonth {
  MonthPrice price;
  std::vector<const Relief*> reliefs;   // Applied; each once.
  std::vector<const Relief*> excluded;  // Would apply if no public budget paid.
};

struct QuoteAnswer {
  Terms terms;
  Date paid_on = Date::FromYearMonthDay(1900, 1, 1);
  std::vector<QuotedMonth> months;
  ByProgramme sum;
};

struct ParsedRequest {
  Terms terms;
  Month from = Month::FromYearMonth(1900, 1);
  Date paid_on = Date::FromYearMonthDay(1900, 1, 1);
};

Result<Payer> ParsePayer(const std::string& text) {
  if (text == "self") {
    return Payer::kSelf;
  }
  if (text == "government") {
    return Payer::kGovernment;
  }
  return Invalid("payer.unknown");
}

Result<ParsedRequest> ParseRequest(const Scheme& scheme, const QuoteRequest& request) {
  ParsedRequest parsed;
  JARING_ASSIGN_OR_RETURN(parsed.terms.income, Money::ParseRupiah(request.income));
  JARING_ASSIGN_OR_RETURN(parsed.terms.programmes, ParseProgrammes(request.programmes));
  JARING_RETURN_IF_ERROR(CheckProgrammes(scheme, parsed.terms.programmes));
  const std::optional<std::size_t> sector = FindSector(scheme, ToLower(Trim(request.sector)));
  if (!sector) {
    return Invalid("sector.unknown");
  }
  parsed.terms.sector = *sector;
  JARING_ASSIGN_OR_RETURN(parsed.from, Month::Parse(request.from));
  JARING_ASSIGN_OR_RETURN(parsed.terms.payer, ParsePayer(request.payer));
  parsed.paid_on = request.today;
  if (request.paid_on) {
    JARING_ASSIGN_OR_RETURN(parsed.paid_on, Date::Parse(*request.paid_on));
  }
  // A member already, paid up to the first month, unless told otherwise.
  Month joined = Month::FromYearMonth(1900, 1);
  if (request.joined) {
    JARING_ASSIGN_OR_RETURN(joined, Month::Parse(*request.joined));
  }
  if (joined > parsed.from) {
    return Invalid("quote.joined_after_start");
  }
  parsed.terms.spell_first_month = joined;
  if (request.months < 1 || request.months > kMaxMonths) {
    return Invalid("quote.months_out_of_range");
  }
  return parsed;
}

void AddOnce(std::vector<const Relief*>& list, const Relief* relief) {
  if (relief != nullptr && std::find(list.begin(), list.end(), relief) == list.end()) {
    list.push_back(relief);
  }
}

/// The reliefs that lowered `price`, for the programmes that were asked for only.
std::vector<const Relief*> AppliedReliefs(const MonthPrice& price, ProgrammeSet programmes) {
  std::vector<const Relief*> applied;
  for (const Programme programme : kProgrammes) {
    if (programmes.Has(programme)) {
      AddOnce(applied, price.reliefs[static_cast<std::size_t>(programme)]);
    }
  }
  return applied;
}

Result<QuoteAnswer> Answer(const Scheme& scheme, const QuoteRequest& request) {
  JARING_ASSIGN_OR_RETURN(const ParsedRequest parsed, ParseRequest(scheme, request));
  QuoteAnswer answer{parsed.terms, parsed.paid_on, {}, {}};
  for (int i = 0; i < request.months; ++i) {
    // Month arithmetic past the calendar's end is a bug, so it is asked about first.
    if (parsed.from.year() + (i + 12) / 12 > 2999) {
      return Invalid("tariff.none_for_month");
    }
    const Month month = parsed.from + i;
    JARING_ASSIGN_OR_RETURN(const MonthPrice price,
                            PriceMonth(scheme, parsed.terms, month, parsed.paid_on));
    QuotedMonth quoted{price, AppliedReliefs(price, parsed.terms.programmes), {}};
    if (parsed.terms.payer == Payer::kGovernment) {
      Terms own = parsed.terms;
      own.payer = Payer::kSelf;
      JARING_ASSIGN_OR_RETURN(const MonthPrice alone,
                              PriceMonth(scheme, own, month, parsed.paid_on));
      for (const Relief* relief : AppliedReliefs(alone, own.programmes)) {
        if (relief->government_excluded) {
          quoted.excluded.push_back(relief);
        }
      }
    }
    answer.sum += price.due;
    answer.months.push_back(std::move(quoted));
  }
  return answer;
}

/// "JKK,JKM": the programmes of the quote that this relief lowered in the month.
std::string LoweredProgrammes(const QuotedMonth& month, const Relief* relief) {
  ProgrammeSet lowered;
  for (const Programme programme : kProgrammes) {
    if (month.price.reliefs[static_cast<std::size_t>(programme)] == relief) {
      lowered = lowered.With(programme);
    }
  }
  return ProgrammesText(lowered);
}

std::string AppliedNote(const QuotedMonth& month, const Relief* relief) {
  return fmt::format("{}: {} / {}; pays {}; source {} ({})", LoweredProgrammes(month, relief),
                     relief->name_id, relief->name_en, PercentText(relief->pays),
                     relief->mark.source, ConfidenceCode(relief->mark.confidence));
}

std::string ExcludedNote(const Relief* relief) {
  return fmt::format("no relief {}: a public budget pays; source {} ({})", relief->id,
                     relief->mark.source, ConfidenceCode(relief->mark.confidence));
}

void PrintJson(const QuoteAnswer& answer, std::ostream& out) {
  boost::json::array months;
  for (const QuotedMonth& month : answer.months) {
    boost::json::object programmes;
    for (const Programme programme : kProgrammes) {
      if (answer.terms.programmes.Has(programme)) {
        programmes[ProgrammeCode(programme)] = month.price.due[programme].rupiah();
      }
    }
    boost::json::array notes;
    for (const Relief* relief : month.reliefs) {
      notes.emplace_back(AppliedNote(month, relief));
    }
    for (const Relief* relief : month.excluded) {
      notes.emplace_back(ExcludedNote(relief));
    }
    months.push_back({{"month", month.price.month.ToString()},
                      {"programmes", std::move(programmes)},
                      {"total", month.price.due.total().rupiah()},
                      {"notes", std::move(notes)}});
  }
  const boost::json::object whole = {{"months", std::move(months)},
                                     {"total", answer.sum.total().rupiah()}};
  out << boost::json::serialize(whole) << '\n';
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

void PrintReasons(const Scheme& scheme, const QuoteAnswer& answer,
                  const std::vector<const Relief*>& seen, std::ostream& out) {
  const Month first = answer.months.front().price.month;
  const Bracket* bracket = FindBracket(scheme, answer.terms.income, first);
  out << '\n';
  PrintLines(out,
             fmt::format("Tarif (tariff): kelompok (bracket) {}, dasar (base) {}; sumber (source) "
                         "{} ({})",
                         bracket->number, FormatRupiah(bracket->base), bracket->mark.source,
                         ConfidenceCode(bracket->mark.confidence)),
             "  ");
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
  PrintLines(
      out,
      fmt::format(
          "Iuran (contributions) {}: penghasilan (income) Rp{}, sektor (sector) {}, "
          "dibayar (paid) {}{}",
          ProgrammesText(answer.terms.programmes), FormatRupiah(answer.terms.income), sector.code,
          answer.paid_on.ToString(),
          answer.terms.payer == Payer::kGovernment ? ", oleh pemerintah (by a public budget)" : ""),
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
          std::ostream& out, std::ostream& err) {
  const Result<QuoteAnswer> answer = Answer(scheme, request);
  if (!answer) {
    const std::string& rule = answer.error().rule;
    err << rule << ": " << messages.Text(rule, Language::kIndonesian) << '\n';
    err << std::string(rule.size() + 2, ' ') << messages.Text(rule, Language::kEnglish) << '\n';
    return 2;
  }
  if (request.form == QuoteForm::kJson) {
    PrintJson(answer.value(), out);
  } else {
    PrintQuoteTable(scheme, answer.value(), out);
  }
  return 0;
}

}  // namespace jaring
