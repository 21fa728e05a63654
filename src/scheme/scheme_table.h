#pragma once

// Takes the fields of one TOML table by name and type, and refuses what is left over.

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/scheme.h"
#include "scheme/toml_tree.h"

namespace jaring {

/// What is known while a scheme folder is being read.
struct SchemeLoading {
  Scheme scheme;
  SchemePlace scheme_place;
  SchemeProblems problems;
  std::set<std::string, std::less<>> source_ids;
  std::vector<std::pair<MonthSpan, SchemePlace>> bracket_spans;
  std::vector<std::pair<MonthSpan, SchemePlace>> flat_spans[kProgrammeCount];
  std::vector<std::pair<MonthSpan, SchemePlace>> rate_spans[kProgrammeCount];
  std::vector<std::pair<MonthSpan, SchemePlace>> wage_spans[kProgrammeCount];
  std::vector<std::pair<std::string, SchemePlace>> benefit_references;
  std::vector<SchemePlace> total_places;
  std::set<std::string, std::less<>> parameter_ids;

  /// For ids that must be unique among their kind; reports a repeat.
  void Once(std::string_view kind, const std::string& id, const SchemePlace& place);

 private:
  std::set<std::string, std::less<>> used_ids_;
};

/// One table being read. Every problem goes to the loading; a missing or wrong field gives a
/// harmless value so that reading goes on and all problems are found. When the reader goes out of
/// scope, keys that nobody asked for are reported.
class SchemeTable {
 public:
  SchemeTable(SchemeLoading& loading, const TomlNode& table);
  ~SchemeTable();
  SchemeTable(const SchemeTable&) = delete;
  SchemeTable& operator=(const SchemeTable&) = delete;

  const SchemePlace& place() const { return table_.place; }
  void Problem(std::string sentence) { loading_.problems.Add(table_.place, std::move(sentence)); }

  std::string Text(std::string_view key);
  std::string OptionalText(std::string_view key);
  std::string Slug(std::string_view key);
  std::vector<std::string> Texts(std::string_view key);
  std::int64_t Number(std::string_view key, std::int64_t least, std::int64_t most);
  int Count(std::string_view key, int least, int most);
  std::optional<int> OptionalCount(std::string_view key, int least, int most);
  /// Limit: 10^12 rupiah, so that sums of scheme rows never overflow.
  Money Rupiah(std::string_view key);
  std::optional<Money> OptionalRupiah(std::string_view key);
  Rate Ppm(std::string_view key);
  std::optional<Rate> OptionalPpm(std::string_view key);
  bool Flag(std::string_view key);
  bool Has(std::string_view key) const { return table_.Find(key) != nullptr; }
  /// Limit: months and days end with the year 2199.
  Month OneMonth(std::string_view key);
  std::optional<Month> OptionalMonth(std::string_view key);
  Date Day(std::string_view key);
  std::optional<Date> OptionalDay(std::string_view key);
  /// The span of `from` and `to`.
  MonthSpan Months();
  DateSpan Days();
  Programme OneProgramme(std::string_view key);
  ProgrammeSet Programmes(std::string_view key);
  /// The `source` and `confidence` of the row.
  Mark ReadMark();
  /// The tables of an array; an absent or empty array is a problem.
  std::vector<const TomlNode*> Tables(std::string_view key);
  /// The text or array itself, for fields of more than one shape.
  const TomlNode* Any(std::string_view key) { return Take(key); }

  /// One of a few words.
  template <typename T>
  T Choice(std::string_view key, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string text = Text(key);
    std::string words;
    for (const auto& [word, value] : choices) {
      if (text == word) {
        return value;
      }
      words += (words.empty() ? "" : ", ") + std::string(word);
    }
    WrongAt(key, "must be one of " + words);
    return choices.begin()->second;
  }

 private:
  const TomlNode* Take(std::string_view key);
  const TomlNode* TakeRequired(std::string_view key, TomlKind kind, std::string_view what);
  void WrongAt(std::string_view key, std::string_view what);

  SchemeLoading& loading_;
  const TomlNode& table_;
  std::set<std::string_view> taken_;
};

}  // namespace jaring
