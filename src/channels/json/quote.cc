#include "channels/json/quote.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "channels/json/scheme_words.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::int64_t kMaxMonths = 120;

struct ParsedRequest {
  Terms terms;
  Month from = Month::FromYearMonth(1900, 1);
  Date paid_on = Date::FromYearMonthDay(1900, 1, 1);
};

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
  const std::optional<Payer> payer = FindPayer(request.payer);
  if (!payer) {
    return Invalid("payer.unknown");
  }
  parsed.terms.payer = *payer;
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

}  // namespace

Result<QuoteAnswer> MakeQuote(const Scheme& scheme, const QuoteRequest& request) {
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

std::string QuoteJson(const QuoteAnswer& answer) {
  JsonWriter json;
  json.BeginObject().Key("months").BeginList();
  for (const QuotedMonth& month : answer.months) {
    json.BeginObject().Key("month").Text(month.price.month.ToString());
    json.Key("programmes").BeginObject();
    for (const Programme programme : kProgrammes) {
      if (answer.terms.programmes.Has(programme)) {
        json.Key(ProgrammeCode(programme)).Integer(month.price.due[programme].rupiah());
      }
    }
    json.EndObject().Key("total").Integer(month.price.due.total().rupiah());
    json.Key("notes").BeginList();
    for (const Relief* relief : month.reliefs) {
      json.Text(AppliedNote(month, relief));
    }
    for (const Relief* relief : month.excluded) {
      json.Text(ExcludedNote(relief));
    }
    json.EndList().EndObject();
  }
  json.EndList().Key("total").Integer(answer.sum.total().rupiah()).EndObject();
  return json.Take();
}

}  // namespace jaring
