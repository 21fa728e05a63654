#include "scheme/scheme_table.h"

#include <fmt/format.h>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::int64_t kMaxSchemeRupiah = 1'000'000'000'000;
constexpr std::size_t kMaxTextBytes = 500;
constexpr int kLastYear = 2199;

}  // namespace

void SchemeLoading::Once(std::string_view kind, const std::string& id, const SchemePlace& place) {
  if (!used_ids_.insert(fmt::format("{} {}", kind, id)).second) {
    problems.Add(place, fmt::format("the {} \"{}\" is there twice", kind, id));
  }
}

SchemeTable::SchemeTable(SchemeLoading& loading, const TomlNode& table)
    : loading_(loading), table_(table) {
  if (table.kind != TomlKind::kTable) {
    Problem("there must be a table here");
  }
}

SchemeTable::~SchemeTable() {
  for (const TomlNode& field : table_.fields) {
    if (!taken_.contains(field.key)) {
      loading_.problems.Add(field.place,
                            fmt::format("the key \"{}\" is not known here", field.key));
    }
  }
}

const TomlNode* SchemeTable::Take(std::string_view key) {
  taken_.insert(key);
  return table_.Find(key);
}

const TomlNode* SchemeTable::TakeRequired(std::string_view key, TomlKind kind,
                                          std::string_view what) {
  const TomlNode* node = Take(key);
  if (node == nullptr) {
    Problem(fmt::format("\"{}\" is missing", key));
    return nullptr;
  }
  if (node->kind != kind) {
    WrongAt(key, what);
    return nullptr;
  }
  return node;
}

void SchemeTable::WrongAt(std::string_view key, std::string_view what) {
  const TomlNode* node = table_.Find(key);
  loading_.problems.Add(node != nullptr ? node->place : table_.place,
                        fmt::format("\"{}\" {}", key, what));
}

std::string SchemeTable::Text(std::string_view key) {
  const TomlNode* node = TakeRequired(key, TomlKind::kText, "must be text");
  if (node == nullptr) {
    return {};
  }
  if (Trim(node->text).empty() || node->text.size() > kMaxTextBytes ||
      node->text.find_first_of("\t\r\n|") != std::string::npos) {
    WrongAt(key, "must be one line of 1 to 500 bytes without tabs or '|'");
    return {};
  }
  return node->text;
}

std::string SchemeTable::OptionalText(std::string_view key) {
  return Has(key) ? Text(key) : std::string();
}

std::string SchemeTable::Slug(std::string_view key) {
  std::string text = Text(key);
  if (!text.empty() && !IsSlug(text)) {
    WrongAt(key, "must be 2 to 40 of a-z, 0-9 and '-'");
  }
  return text;
}

std::vector<std::string> SchemeTable::Texts(std::string_view key) {
  const TomlNode* node = TakeRequired(key, TomlKind::kArray, "must be a list of texts");
  std::vector<std::string> texts;
  for (const TomlNode& item : node != nullptr ? node->items : std::vector<TomlNode>()) {
    if (item.kind != TomlKind::kText || Trim(item.text).empty() ||
        item.text.find_first_of("\t\r\n|") != std::string::npos) {
      loading_.problems.Add(item.place, fmt::format("\"{}\" must be a list of texts", key));
      continue;
    }
    texts.push_back(item.text);
  }
  return texts;
}

std::int64_t SchemeTable::Number(std::string_view key, std::int64_t least, std::int64_t most) {
  const TomlNode* node = TakeRequired(key, TomlKind::kNumber, "must be a whole number");
  if (node == nullptr) {
    return least;
  }
  if (node->number < least || node->number > most) {
    WrongAt(key, fmt::format("must be {} to {}", least, most));
    return least;
  }
  return node->number;
}

int SchemeTable::Count(std::string_view key, int least, int most) {
  return static_cast<int>(Number(key, least, most));
}

std::optional<int> SchemeTable::OptionalCount(std::string_view key, int least, int most) {
  return Has(key) ? std::optional(Count(key, least, most)) : std::nullopt;
}

Money SchemeTable::Rupiah(std::string_view key) {
  return Money::FromRupiah(Number(key, 0, kMaxSchemeRupiah));
}

std::optional<Money> SchemeTable::OptionalRupiah(std::string_view key) {
  return Has(key) ? std::optional(Rupiah(key)) : std::nullopt;
}

Rate SchemeTable::Ppm(std::string_view key) {
  return Rate::FromPpm(Number(key, 0, Rate::kMaxPpm));
}

std::optional<Rate> SchemeTable::OptionalPpm(std::string_view key) {
  return Has(key) ? std::optional(Ppm(key)) : std::nullopt;
}

bool SchemeTable::Flag(std::string_view key) {
  const TomlNode* node = TakeRequired(key, TomlKind::kFlag, "must be true or false");
  return node != nullptr && node->number == 1;
}

Month SchemeTable::OneMonth(std::string_view key) {
  const Month fallback = Month::FromYearMonth(1900, 1);
  const TomlNode* node = TakeRequired(key, TomlKind::kText, "must be a month, \"YYYY-MM\"");
  if (node == nullptr) {
    return fallback;
  }
  const Result<Month> month = Month::Parse(node->text);
  if (!month || month.value().year() > kLastYear) {
    WrongAt(key, "must be a month, \"YYYY-MM\"");
    return fallback;
  }
  return month.value();
}

std::optional<Month> SchemeTable::OptionalMonth(std::string_view key) {
  return Has(key) ? std::optional(OneMonth(key)) : std::nullopt;
}

Date SchemeTable::Day(std::string_view key) {
  const Date fallback = Date::FromYearMonthDay(1900, 1, 1);
  const TomlNode* node = TakeRequired(key, TomlKind::kDate, "must be a day, YYYY-MM-DD");
  if (node == nullptr) {
    return fallback;
  }
  const Result<Date> date = Date::Parse(node->text);
  if (!date || date.value().year() > kLastYear) {
    WrongAt(key, "must be a day, YYYY-MM-DD");
    return fallback;
  }
  return date.value();
}

std::optional<Date> SchemeTable::OptionalDay(std::string_view key) {
  return Has(key) ? std::optional(Day(key)) : std::nullopt;
}

MonthSpan SchemeTable::Months() {
  const MonthSpan span{OneMonth("from"), OptionalMonth("to")};
  if (span.last && *span.last < span.first) {
    WrongAt("to", "is before \"from\"");
  }
  return span;
}

DateSpan SchemeTable::Days() {
  const DateSpan span{Day("from"), OptionalDay("to")};
  if (span.last && *span.last < span.first) {
    WrongAt("to", "is before \"from\"");
  }
  return span;
}

Programme SchemeTable::OneProgramme(std::string_view key) {
  const std::optional<Programme> programme = FindProgramme(Text(key));
  if (!programme) {
    WrongAt(key, "must be JKK, JKM or JHT");
  }
  return programme.value_or(Programme::kJkk);
}

ProgrammeSet SchemeTable::Programmes(std::string_view key) {
  ProgrammeSet set;
  for (const std::string& code : Texts(key)) {
    const std::optional<Programme> programme = FindProgramme(code);
    if (!programme) {
      WrongAt(key, fmt::format("holds \"{}\", which is not JKK, JKM or JHT", code));
      continue;
    }
    set = set.With(*programme);
  }
  return set;
}

Mark SchemeTable::ReadMark() {
  Mark mark;
  mark.source = Text("source");
  for (const std::string_view part : Split(mark.source, ',')) {
    const std::string_view cited = Trim(part);
    const std::string_view id = cited.substr(0, cited.find(':'));
    if (!mark.source.empty() && !loading_.source_ids.contains(id)) {
      WrongAt("source", fmt::format("names \"{}\", which sources.toml does not list", id));
    }
  }
  mark.confidence = Choice<Confidence>("confidence", {{"V", Confidence::kVerified},
                                                      {"S2+", Confidence::kSeveralSources},
                                                      {"S", Confidence::kOneSource},
                                                      {"M", Confidence::kMemory}});
  return mark;
}

std::vector<const TomlNode*> SchemeTable::Tables(std::string_view key) {
  std::vector<const TomlNode*> tables;
  const TomlNode* node = TakeRequired(key, TomlKind::kArray, "must be a list of tables");
  if (node == nullptr) {
    return tables;
  }
  if (node->items.empty()) {
    WrongAt(key, "must not be empty");
  }
  for (const TomlNode& item : node->items) {
    tables.push_back(&item);
  }
  return tables;
}

}  // namespace jaring
