#include "channels/cli/interest_command.h"

#include <fmt/core.h>

#include <charconv>
#include <vector>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/files/progress_bar.h"
#include "channels/json/scheme_words.h"
#include "channels/text/json_writer.h"
#include "collection/savings_run.h"

namespace jaring {
namespace {

constexpr const char* kInterestAction = "interest:credit";
constexpr int kFirstYear = 1978;  // Old-age savings began.
constexpr int kLastYear = 2199;

Result<int> ParseYear(const std::string& text) {
  int year = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), year);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || year < kFirstYear ||
      year > kLastYear) {
    return Invalid("interest.year_malformed", text);
  }
  return year;
}

void AddRun(JsonWriter& json, const ReturnRun& run) {
  json.BeginObject();
  json.Key("year").Integer(run.terms.year);
  json.Key("rate_ppm").Integer(run.terms.rate.ppm());
  json.Key("by").Text(run.terms.by_day ? "day" : "month");
  json.Key("people").Integer(run.person_count);
  json.Key("amount").Integer(run.amount.rupiah());
  json.Key("booked_on").Text(run.started_at.JakartaDate().ToString());
  if (run.finished_at) {
    json.Key("finished_at").Text(run.finished_at->ToString());
  }
  json.EndObject();
}

void PrintRun(const ReturnRun& run) {
  fmt::print(
      "{}: {} setahun, dihitung per {} / a year, reckoned by {}: Rp {} untuk / for {} orang / "
      "people{}\n",
      run.terms.year, PercentText(run.terms.rate), run.terms.by_day ? "hari" : "bulan",
      run.terms.by_day ? "day" : "month", FormatRupiah(run.amount),
      FormatRupiah(Money::FromRupiah(run.person_count)),
      run.finished_at ? "" : "; belum selesai / not finished");
}

Result<ReturnRun> Credit(const CliContext& context, const OpenAgency& open, int year) {
  ProgressBar progress(stderr, context.environment().stderr_is_terminal, "interest",
                       context.environment().clock);
  std::int64_t told = 0;
  const ReturnOptions options{
      .year = year,
      .now = context.now(),
      .note = [&](Tx& tx, const ReturnRun& run) -> Result<Done> {
        return NoteCommand(tx, context, open.agency(),
                           {.action = kInterestAction,
                            .subject = fmt::format("year {}: {} people", year, run.person_count)});
      },
      .on_step = [&](std::int64_t done, std::int64_t total) -> Result<Done> {
        progress.Update(done, total, done - told);
        told = done;
        return Done{};
      }};
  return CreditReturns(open.db(), open.agency(), options);
}

}  // namespace

int CreditInterest(const CliContext& context, const std::string& year_text) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::vector<ReturnRun> shown;
    if (year_text.empty()) {
      JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(shown, ListReturnRuns(tx));
        return Done{};
      }));
    } else {
      JARING_ASSIGN_OR_RETURN(const int year, ParseYear(year_text));
      JARING_ASSIGN_OR_RETURN(shown.emplace_back(), Credit(context, open, year));
    }
    JsonWriter json;
    json.BeginList();
    for (const ReturnRun& run : shown) {
      AddRun(json, run);
      if (!context.options().json) {
        PrintRun(run);
      }
    }
    json.EndList();
    if (context.options().json) {
      fmt::print("{}\n", json.Take());
    } else if (shown.empty()) {
      fmt::print("belum ada tahun yang dibukukan / no year is credited\n");
    }
    return Done{};
  });
}

}  // namespace jaring
