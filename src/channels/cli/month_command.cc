#include "channels/cli/month_command.h"

#include <fmt/core.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <filesystem>
#include <memory>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/files/month_run.h"
#include "channels/files/progress_bar.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr const char* kCloseAction = "month:close";

/// Within the transaction that closes.
Result<Done> NoteClose(Tx& tx, const CliContext& context, const Agency& agency,
                       const ClosedMonth& closed) {
  return NoteCommand(tx, context, agency,
                     {.action = kCloseAction, .subject = "month " + closed.month.ToString()});
}

std::string OpenFrom(const ClosedMonth& closed) {
  return FirstDay(closed.month + 1).ToString();
}

void AddClosed(JsonWriter& json, const ClosedMonth& closed) {
  json.BeginObject();
  json.Key("month").Text(closed.month.ToString());
  json.Key("closed_at").Text(closed.closed_at.ToString());
  json.Key("open_from").Text(OpenFrom(closed));
  json.Key("debit").Integer(closed.debit.rupiah());
  json.EndObject();
}

void PrintClosed(const ClosedMonth& closed) {
  fmt::print(
      "{} ditutup / closed {}: debit = kredit Rp {}; yang terlambat dibukukan {} / what is "
      "late is booked on {}\n",
      closed.month.ToString(), closed.closed_at.JakartaDate().ToString(),
      FormatRupiah(closed.debit), OpenFrom(closed), OpenFrom(closed));
}

void AddCounts(JsonWriter& json, const FileSummary& rows) {
  json.Key("rows").Integer(rows.rows);
  json.Key("accepted").Integer(rows.accepted);
  json.Key("repeated").Integer(rows.repeated);
  json.Key("rejected").Integer(rows.rejected);
  json.Key("suspended").Integer(rows.suspended);
  json.Key("late").Integer(rows.late);
}

void PrintJson(const MonthSummary& summary) {
  JsonWriter json;
  json.BeginObject();
  AddCounts(json, summary.total);
  json.Key("files").BeginList();
  for (const MonthFileSummary& file : summary.files) {
    json.BeginObject();
    json.Key("file").Text(file.file.path);
    json.Key("partner").Text(file.file.partner);
    AddCounts(json, file.rows);
    if (!file.rows.rejection_path.empty()) {
      json.Key("rejected_to").Text(file.rows.rejection_path);
    }
    json.EndObject();
  }
  json.EndList();
  if (summary.closed) {
    json.Key("closed");
    AddClosed(json, *summary.closed);
  }
  if (summary.finished_before) {
    json.Key("finished_before").Text(summary.finished_before->ToString());
  }
  json.EndObject();
  fmt::print("{}\n", json.Take());
}

void PrintText(const CliContext& context, const MonthSummary& summary) {
  if (summary.finished_before) {
    fmt::print("berkas ini sudah dibukukan {} / these files were posted then: nothing changed\n",
               summary.finished_before->JakartaDate().ToString());
    return;
  }
  constexpr std::size_t kShown = 40;
  fmt::print("{:>12} {:>12} {:>10} {:>10} {:>10} {:>10}\n", "rows", "posted", "repeated", "refused",
             "suspense", "late");
  const auto print = [](const FileSummary& rows, std::string_view name) {
    fmt::print("{:>12} {:>12} {:>10} {:>10} {:>10} {:>10}  {}\n", rows.rows, rows.accepted,
               rows.repeated, rows.rejected, rows.suspended, rows.late, name);
  };
  std::size_t shown = 0;
  for (const MonthFileSummary& file : summary.files) {
    // Of hundreds of files those with refused rows are what somebody has to do something about.
    if (summary.files.size() <= kShown || (file.rows.rejected > 0 && shown++ < kShown)) {
      print(file.rows, file.file.path);
    }
  }
  print(summary.total, fmt::format("total, {} files", summary.files.size()));
  for (const MonthFileSummary& file : summary.files) {
    for (const std::string& column : file.rows.unknown_columns) {
      fmt::print(stderr, "{}: kolom tidak dikenal, dilewati / unknown column, skipped: {}\n",
                 file.file.path, column);
    }
    if (file.rows.rejected > 0) {
      fmt::print("{}", file.rows.problems.Text(context.messages()));
      fmt::print("refused rows to correct and send again: {}\n", file.rows.rejection_path);
    }
  }
  if (summary.closed) {
    PrintClosed(*summary.closed);
  }
}

/// A month that is asked for: what it is to be done with.
struct MonthJob {
  std::unique_ptr<OpenAgency> open;
  std::vector<MonthFile> files;
  MonthOptions options;
};

Result<MonthJob> ReadRequest(const CliContext& context, const MonthRequest& request) {
  MonthJob job;
  JARING_ASSIGN_OR_RETURN(job.options.month, Month::Parse(request.month));
  JARING_ASSIGN_OR_RETURN(job.open, OpenAgency::Open(context));
  JARING_RETURN_IF_ERROR(job.open->db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(job.files, FindMonthFiles(tx, request.files));
    return Done{};
  }));
  job.options.now = context.now();
  job.options.work_folder = request.work;
  if (request.work.empty()) {
    const auto folder = context.data_folder();
    job.options.work_folder =
        (folder.empty() ? std::filesystem::temp_directory_path() : folder).string();
  }
  const Agency& agency = job.open->agency();
  job.options.note = [&](Tx& tx, std::int64_t rows) {
    return NoteCommand(tx, context, agency,
                       {.action = std::string(ActionName(Action::kPostPayment)),
                        .subject = fmt::format("files of month {}: {} rows", request.month, rows)});
  };
  job.options.note_close = [&](Tx& tx, const ClosedMonth& closed) {
    return NoteClose(tx, context, agency, closed);
  };
  return job;
}

}  // namespace

int PostMonth(const CliContext& context, const MonthRequest& request) {
  auto job = ReadRequest(context, request);
  if (!job) {
    return RefuseCommand(context, job.error());
  }
#ifdef __GLIBC__
  // Each step takes and frees the same dozens of megabytes: the system would clear them each time.
  mallopt(M_MMAP_THRESHOLD, 512 * 1024 * 1024);
  mallopt(M_TRIM_THRESHOLD, 1024 * 1024 * 1024);
#endif
  ProgressBar progress(stderr, context.environment().stderr_is_terminal, "month",
                       context.environment().clock);
  // Reading has no middle; then each row is claimed and posted.
  job->options.on_step = [&](MonthPhase phase, std::int64_t done,
                             std::int64_t total) -> Result<Done> {
    const std::int64_t before = phase == MonthPhase::kReserve ? 0 : total;
    progress.Update(phase == MonthPhase::kRead ? 0 : before + done, 2 * total, done);
    return Done{};
  };
  const auto summary =
      RunMonth(job->open->db(), job->open->agency(), job->files, job->options, context.messages());
  progress.Clear();
  if (!summary) {
    context.PrintError(summary.error());
    return kExitNothingDone;
  }
  if (context.options().json) {
    PrintJson(*summary);
  } else {
    PrintText(context, *summary);
  }
  return summary->total.rejected > 0 ? kExitSomeRefused : kExitFine;
}

int CloseBooks(const CliContext& context, const std::string& month_text) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::vector<ClosedMonth> shown;
    if (month_text.empty()) {
      JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(shown, ListClosedMonths(tx));
        return Done{};
      }));
    } else {
      JARING_ASSIGN_OR_RETURN(const Month month, Month::Parse(month_text));
      const auto closed = open.db().Write([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(CheckNoMonthIsPosted(tx));
        JARING_ASSIGN_OR_RETURN(shown.emplace_back(), CloseMonth(tx, month, context.now()));
        return NoteClose(tx, context, open.agency(), shown.back());
      });
      if (!closed) {
        return closed.error();
      }
    }
    JsonWriter json;
    json.BeginList();
    for (const ClosedMonth& closed : shown) {
      AddClosed(json, closed);
      if (!context.options().json) {
        PrintClosed(closed);
      }
    }
    json.EndList();
    if (context.options().json) {
      fmt::print("{}\n", json.Take());
    } else if (shown.empty()) {
      fmt::print("belum ada bulan yang ditutup / no month is closed\n");
    }
    return Done{};
  });
}

}  // namespace jaring
