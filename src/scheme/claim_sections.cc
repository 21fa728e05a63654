// What claims alone need: disabilities, ranks of heirs, holidays, papers; and the events of a
// benefit.

#include <fmt/format.h>

#include <algorithm>

#include "rules/claim_words.h"
#include "scheme/section_readers.h"
#include "scheme/span_check.h"

namespace jaring {
namespace {

/// The words of a list; one that is not known, or stands twice, is a problem.
template <typename T>
std::vector<T> Words(SchemeTable& reader, std::string_view key,
                     std::optional<T> (*find)(std::string_view word)) {
  std::vector<T> read;
  for (const std::string& text : reader.Texts(key)) {
    const std::optional<T> found = find(text);
    if (!found) {
      reader.Problem(fmt::format("{}: \"{}\" is not known", key, text));
    } else if (std::find(read.begin(), read.end(), *found) != read.end()) {
      reader.Problem(fmt::format("{}: \"{}\" stands twice", key, text));
    } else {
      read.push_back(*found);
    }
  }
  return read;
}

DisabilityRow ReadDisabilityRow(SchemeTable& row) {
  DisabilityRow read;
  read.days = row.Days();
  read.share = Rate::FromPpm(row.Number("share_ppm", 0, 1'000'000));
  if (row.Has("most_ppm")) {
    read.most = Rate::FromPpm(row.Number("most_ppm", read.share.ppm(), 1'000'000));
  }
  read.mark = row.ReadMark();
  return read;
}

}  // namespace

ClaimEvents ReadEvents(SchemeTable& reader) {
  ClaimEvents events;
  for (const ClaimEvent event : Words(reader, "events", FindClaimEvent)) {
    events = events.With(event);
  }
  return events;
}

void ReadDisability(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Disability disability;
  disability.code = reader.Slug("code");
  disability.name_id = reader.Text("name_id");
  disability.name_en = reader.Text("name_en");
  loading.Once("disability", disability.code, reader.place());
  std::vector<std::pair<DateSpan, SchemePlace>> spans;
  for (const TomlNode* node : reader.Tables("rows")) {
    SchemeTable row(loading, *node);
    disability.rows.push_back(ReadDisabilityRow(row));
    spans.emplace_back(disability.rows.back().days, row.place());
  }
  CheckSpansMeet(spans, disability.code, loading.problems);
  loading.scheme.disabilities.push_back(std::move(disability));
}

void ReadHeirRank(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  HeirRank rank;
  rank.relations = Words(reader, "relations", FindRelation);
  rank.days = reader.Days();
  rank.mark = reader.ReadMark();
  loading.scheme.heir_ranks.push_back(std::move(rank));
}

void ReadHoliday(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Holiday holiday;
  holiday.on = reader.Day("on");
  holiday.name_id = reader.Text("name_id");
  holiday.mark = reader.ReadMark();
  std::vector<Holiday>& holidays = loading.scheme.holidays;
  if (!holidays.empty() && holidays.back().on >= holiday.on) {
    reader.Problem("holidays stand in the order of their days, each once");
  }
  holidays.push_back(std::move(holiday));
}

void ReadClaimPaper(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  ClaimPaper paper;
  paper.code = reader.Slug("code");
  loading.Once("claim_paper", paper.code, reader.place());
  paper.name_id = reader.Text("name_id");
  paper.name_en = reader.Text("name_en");
  paper.why_id = reader.Text("why_id");
  paper.why_en = reader.Text("why_en");
  paper.events = ReadEvents(reader);
  if (reader.Has("reasons")) {
    for (const SavingsReason reason : Words(reader, "reasons", FindSavingsReason)) {
      paper.reasons.emplace_back(SavingsReasonCode(reason));
    }
  }
  if (reader.Has("above_rupiah")) {
    paper.above = reader.Rupiah("above_rupiah");
  }
  paper.days = reader.Days();
  paper.mark = reader.ReadMark();
  loading.scheme.claim_papers.push_back(std::move(paper));
}

}  // namespace jaring
