#include "wasm/read_givens.h"

#include "base/text.h"
#include "rules/identity.h"

namespace jaring {

std::string AnswerText(Money amount) {
  return std::to_string(amount.rupiah());
}
std::string AnswerText(const std::optional<Date>& date) {
  return date ? date->ToString() : "none";
}
std::string YesNo(bool yes) {
  return yes ? "yes" : "no";
}

Result<Money> ReadMoney(const Givens& givens, std::string_view key) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get(key));
  const auto rupiah = ParseInteger(text);
  if (!rupiah) {
    return Invalid("money.malformed");
  }
  return Money::ParseRupiah(*rupiah);
}

Result<Month> ReadMonth(const Givens& givens, std::string_view key) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get(key));
  return Month::Parse(text);
}

Result<Date> ReadDate(const Givens& givens, std::string_view key) {
  JARING_ASSIGN_OR_RETURN(const std::string_view text, givens.Get(key));
  return Date::Parse(text);
}

Result<std::optional<Date>> ReadDateIfGiven(const Givens& givens, std::string_view key) {
  if (!givens.Find(key)) {
    return std::optional<Date>();
  }
  JARING_ASSIGN_OR_RETURN(const Date date, ReadDate(givens, key));
  return std::optional(date);
}

Result<std::int64_t> ReadNumber(const Givens& givens, std::string_view key, std::int64_t least,
                                std::int64_t most, std::int64_t otherwise) {
  const auto text = givens.Find(key);
  if (!text) {
    return otherwise;
  }
  const auto number = ParseInteger(*text);
  if (!number || *number < least || *number > most) {
    return Invalid("question.number_malformed", std::string(key));
  }
  return *number;
}

Result<bool> ReadYes(const Givens& givens, std::string_view key) {
  const std::string_view text = givens.Find(key).value_or("no");
  if (text != "yes" && text != "no") {
    return Invalid("question.yes_or_no", std::string(key));
  }
  return text == "yes";
}

Result<MonthSpan> ReadSpan(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    return Invalid("month.malformed");
  }
  MonthSpan span;
  JARING_ASSIGN_OR_RETURN(span.first, Month::Parse(text.substr(0, dots)));
  JARING_ASSIGN_OR_RETURN(span.last, Month::Parse(text.substr(dots + 2)));
  if (*span.last < span.first) {
    return Invalid("month.malformed");
  }
  return span;
}

Result<CoveredSpell> ReadMembership(std::string_view text) {
  const auto words = Split(text, ' ');
  if (words.size() < 3 || words.size() % 2 == 0) {
    return Invalid("question.membership_malformed");
  }
  CoveredSpell spell;
  const auto seq = ParseInteger(words[0]);
  if (!seq || *seq < 1 || *seq > MemberNumber::kMaxMemberships) {
    return Invalid("question.membership_malformed");
  }
  spell.membership_seq = static_cast<int>(*seq);
  JARING_ASSIGN_OR_RETURN(spell.programmes, ParseProgrammes(words[1]));
  if (words[2] != "unpaid") {
    JARING_ASSIGN_OR_RETURN(const MonthSpan span, ReadSpan(words[2]));
    spell.first_month = span.first;
    spell.paid_through = span.last;
  }
  for (std::size_t i = 3; i < words.size(); i += 2) {
    JARING_ASSIGN_OR_RETURN(const Date date, Date::Parse(words[i + 1]));
    if (words[i] != "from" && words[i] != "ended") {
      return Invalid("question.membership_malformed");
    }
    (words[i] == "from" ? spell.cover_from : spell.ended_on) = date;
  }
  return spell;
}

}  // namespace jaring
