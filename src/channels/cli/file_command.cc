#include "channels/cli/file_command.h"
#include "channels/cli/cli_audit.h"

#include <fmt/core.h>

#include "channels/files/collect_file.h"
#include "channels/files/enrol_file.h"
#include "channels/files/progress_bar.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

/// A request that cannot be done as asked is 2; anything else that stops the whole file is 3.
int Refuse(const CliContext& context, const Error& error, int exit_code = kExitNothingDone) {
  context.PrintError(error);
  return exit_code;
}

ProgressBar MakeProgress(const CliContext& context, const char* label) {
  return ProgressBar(stderr, context.environment().stderr_is_terminal, label,
                     context.environment().clock);
}

/// Shows each step of a file.
auto ShowOn(ProgressBar& progress) {
  return [&progress](const FileSummary& so_far, std::int64_t bytes,
                     std::int64_t total_bytes) -> Result<Done> {
    progress.Update(bytes, total_bytes, so_far.rows);
    return Done{};
  };
}

void AddRows(JsonWriter& json, std::string_view name, const std::vector<Rejection>& rows) {
  json.Key(name).BeginList();
  for (const Rejection& row : rows) {
    json.BeginObject();
    json.Key("row").Integer(row.row);
    json.Key("column").Text(row.column);
    json.Key("rule").Text(row.rule);
    json.EndObject();
  }
  json.EndList();
}

void PrintWarnings(const CliContext& context, const FileSummary& summary) {
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < summary.warnings.size() && i < kShown; ++i) {
    const Rejection& warning = summary.warnings[i];
    fmt::print("baris/row {}: {} [{}]\n", warning.row,
               context.messages().Text(warning.rule, Language::kIndonesian), warning.rule);
  }
  if (summary.warned > 0) {
    fmt::print("{} baris perlu dilihat / warnings\n", summary.warned);
  }
}

/// {"rows":…,"accepted":…,…,"rejections":[…]}, without the first bracket.
std::string SummaryJson(const FileSummary& summary) {
  JsonWriter json;
  json.BeginObject();
  json.Key("rows").Integer(summary.rows);
  json.Key("accepted").Integer(summary.accepted);
  json.Key("repeated").Integer(summary.repeated);
  json.Key("rejected").Integer(summary.rejected);
  json.Key("suspended").Integer(summary.suspended);
  json.Key("late").Integer(summary.late);
  json.Key("kept").Bool(summary.kept);
  if (summary.received_before) {
    json.Key("received_before").Text(summary.received_before->ToString());
  }
  AddRows(json, "rejections", summary.rejections);
  AddRows(json, "warnings", summary.warnings);
  json.EndObject();
  return json.Take().substr(1);
}

void PrintSummary(const CliContext& context, const FileSummary& summary, const char* accepted) {
  for (const std::string& column : summary.unknown_columns) {
    fmt::print(stderr, "kolom tidak dikenal, dilewati / unknown column, skipped: {}\n", column);
  }
  fmt::print("{}", summary.problems.Text(context.messages()));
  PrintWarnings(context, summary);
  fmt::print("{} rows: {} {}, {} already there, {} refused", summary.rows, summary.accepted,
             accepted, summary.repeated, summary.rejected);
  fmt::print("{}\n",
             summary.suspended == 0 ? "" : fmt::format(", {} in suspense", summary.suspended));
  if (summary.late > 0) {
    fmt::print(
        "{} baris dari bulan yang sudah ditutup, dibukukan di bulan berjalan / of a closed "
        "month, booked in the open one\n",
        summary.late);
  }
  if (summary.received_before) {
    fmt::print("this very file came before, on {}{}\n",
               summary.received_before->JakartaDate().ToString(),
               summary.accepted == 0 ? ": nothing changed" : "");
  }
  if (!summary.rejection_path.empty()) {
    fmt::print("refused rows to correct and send again: {}\n", summary.rejection_path);
  }
  if (!summary.kept) {
    fmt::print("nothing was kept\n");
  }
}

int ExitFor(const FileSummary& summary, bool all_or_nothing) {
  if (all_or_nothing && !summary.kept) {
    return kExitNothingDone;
  }
  return summary.rejected > 0 ? kExitSomeRefused : kExitFine;
}

/// The members of a file as JSON or text, printed while the file is read: memory stays small. Those
/// of a file that may still be undone wait until it is known: numbers that were not kept are no
/// one's.
class MemberList {
 public:
  MemberList(bool json, bool list, bool may_be_undone)
      : json_(json), list_(list), may_be_undone_(may_be_undone) {}

  void Add(std::int64_t row, const MemberNumber& member) {
    if (list_ && may_be_undone_) {
      waiting_.emplace_back(row, member);
    } else if (list_) {
      Print(row, member);
    }
  }

  /// Prints what waited, and what stands before the rest of the JSON object.
  void Close(bool kept) {
    for (const auto& [row, member] : waiting_) {
      if (kept) {
        Print(row, member);
      }
    }
    if (json_ && list_) {
      fmt::print("{}],", printed_ ? "" : kHead);
    } else if (json_) {
      fmt::print("{{");
    }
  }

 private:
  static constexpr std::string_view kHead = "{\"members\":[";

  void Print(std::int64_t row, const MemberNumber& member) {
    if (json_) {
      fmt::print("{}{{\"row\":{},\"member_number\":\"{}\",\"bill_code\":\"{}\"}}",
                 printed_ ? "," : kHead, row, member.ToString(), BillCodeOf(member));
    } else {
      fmt::print("row {:>6}  member {}  bill code {}\n", row, member.ToString(),
                 BillCodeOf(member));
    }
    printed_ = true;
  }

  const bool json_;
  const bool list_;
  const bool may_be_undone_;
  bool printed_ = false;
  std::vector<std::pair<std::int64_t, MemberNumber>> waiting_;
};

/// Group and branch of the request.
///
/// Errors: group.unknown, branch.unknown.
Result<EnrolmentSource> SourceOf(Tx& tx, const EnrolRequest& request, Instant now) {
  EnrolmentSource source{.door = Door::kList, .now = now};
  JARING_ASSIGN_OR_RETURN(source.group, FindGroup(tx, request.group));
  if (!source.group) {
    return Invalid("group.unknown", request.group);
  }
  if (!request.branch.empty()) {
    JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, request.branch));
    if (!branch) {
      return Invalid("branch.unknown", request.branch);
    }
    source.branch_id = branch->branch_id;
  }
  return source;
}

/// Each step of a file is in the audit trail: who, which list, how many rows.
std::function<Result<Done>(Tx&, std::int64_t)> NoteOf(const CliContext& context,
                                                      const Agency& agency, Action action,
                                                      const std::string& subject) {
  return [&context, &agency, action, subject](Tx& tx, std::int64_t rows) {
    return NoteCommand(tx, context, agency,
                       {.action = std::string(ActionName(action)),
                        .subject = subject + ": " + std::to_string(rows) + " rows"});
  };
}

}  // namespace

int EnrolFromFile(const CliContext& context, const EnrolRequest& request) {
  const auto open = OpenAgency::Open(context);
  if (!open) {
    return Refuse(context, open.error());
  }
  EnrolmentSource source;
  const auto found = (*open)->db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(source, SourceOf(tx, request, context.now()));
    return Done{};
  });
  if (!found) {
    return Refuse(context, found.error(), kExitUsage);
  }
  ProgressBar progress = MakeProgress(context, "enrol");
  const FileOptions options{.mode = request.dry_run          ? FileMode::kDryRun
                                    : request.all_or_nothing ? FileMode::kAllOrNothing
                                                             : FileMode::kGoodRows,
                            .now = context.now(),
                            .on_step = ShowOn(progress),
                            .note = NoteOf(context, (*open)->agency(), Action::kEnrolPeople,
                                           "list of group " + request.group)};
  MemberList members(context.options().json, request.list, options.mode != FileMode::kGoodRows);
  const auto summary = EnrolFile((*open)->db(), (*open)->agency(), source, DiskFile(request.file),
                                 options, context.messages(),
                                 {.on_member = [&](std::int64_t row, const MemberNumber& member) {
                                   members.Add(row, member);
                                 }});
  progress.Clear();
  if (!summary) {
    return Refuse(context, summary.error());
  }
  members.Close(summary->kept);
  if (context.options().json) {
    fmt::print("{}\n", SummaryJson(*summary));
  } else {
    PrintSummary(context, *summary, "new members");
  }
  return ExitFor(*summary, request.all_or_nothing);
}

int CollectFromFile(const CliContext& context, const CollectRequest& request) {
  const auto open = OpenAgency::Open(context);
  if (!open) {
    return Refuse(context, open.error());
  }
  std::int64_t partner_id = 0;
  const auto found = (*open)->db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, request.partner));
    if (!partner) {
      return Invalid("partner.unknown", request.partner);
    }
    partner_id = partner->partner_id;
    return Done{};
  });
  if (!found) {
    return Refuse(context, found.error(), kExitUsage);
  }
  ProgressBar progress = MakeProgress(context, "collect");
  const FileOptions options{.mode = request.dry_run ? FileMode::kDryRun : FileMode::kGoodRows,
                            .now = context.now(),
                            .on_step = ShowOn(progress),
                            .note = NoteOf(context, (*open)->agency(), Action::kPostPayment,
                                           "file of partner " + request.partner)};
  const auto summary = CollectFile((*open)->db(), (*open)->agency(), partner_id,
                                   DiskFile(request.file), options, context.messages());
  progress.Clear();
  if (!summary) {
    return Refuse(context, summary.error());
  }
  if (context.options().json) {
    fmt::print("{{{}\n", SummaryJson(*summary));
  } else {
    PrintSummary(context, *summary, "posted");
  }
  return ExitFor(*summary, /*all_or_nothing=*/false);
}

}  // namespace jaring
