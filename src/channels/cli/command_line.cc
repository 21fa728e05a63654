#include "channels/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "channels/cli/agency_command.h"
#include "channels/cli/demo_command.h"
#include "channels/cli/file_command.h"
#include "channels/cli/list_command.h"
#include "channels/cli/member_command.h"
#include "channels/cli/quote_command.h"
#include "channels/cli/report_command.h"
#include "channels/cli/scheme_command.h"
#include "channels/cli/serve_command.h"

namespace jaring {
namespace {

/// The commands; each sets `exit_code` when it is the one that was asked for.
class CommandLine {
 public:
  explicit CommandLine(const Environment& environment) : environment_(environment) {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_version_flag("--version", "jaring " JARING_VERSION);
    app_.set_help_all_flag("--help-all", "Help for every command");
    app_.add_option("--db", common_.db, "sqlite:FILE or postgresql://…")->capture_default_str();
    app_.add_option("--key-file", common_.key_file, "Key that seals identities");
    app_.add_option("--today", common_.today, "Take this as today, YYYY-MM-DD");
    app_.add_option("--data-root", common_.data_root, "Folder with schemes/, data/, migrations/");
    app_.add_option("--scheme", common_.scheme, "Scheme folder");
    app_.add_flag("--json", common_.json, "Answer in JSON");
    AddAgencyCommands();
    AddFileCommands();
    AddMemberCommands();
    AddReportCommands();
    AddSchemeCommands();
    AddServeCommands();
  }

  int Run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? kExitFine : kExitUsage;
    }
    return exit_code_;
  }

 private:
  using Command = std::function<int(const CliContext&)>;

  CLI::App* Add(CLI::App& under, const char* name, const char* what, Command command) {
    CLI::App* sub = under.add_subcommand(name, what);
    sub->fallthrough();
    sub->callback([this, command = std::move(command)] { exit_code_ = Start(command); });
    return sub;
  }

  /// Runs a command; what nobody foresaw becomes a sentence too.
  int Start(const Command& command) {
    auto context = CliContext::Make(environment_, common_);
    if (!context) {
      std::cerr << "jaring: berkas data Jaring tidak ditemukan atau rusak; beri --data-root\n"
                   "        the data files of Jaring are missing or broken; give --data-root\n"
                   "        ("
                << context.error().rule << ": " << context.error().detail << ")\n";
      return kExitNothingDone;
    }
    if (const auto read = context->ReadToday(); !read) {
      context->PrintError(read.error());
      return kExitUsage;
    }
    try {
      return command(*context);
    } catch (const std::bad_alloc&) {
      context->PrintError({ErrorCode::kUnavailable, "program.out_of_memory", ""});
    } catch (const std::exception& error) {
      context->PrintError(Internal("program.failed", error.what()));
    }
    return kExitNothingDone;
  }

  CLI::App& AddFamily(const char* name, const char* what) {
    CLI::App* family = app_.add_subcommand(name, what);
    family->require_subcommand(1);
    family->fallthrough();
    return *family;
  }

  void AddAgencyCommands() {
    auto* init = Add(app_, "init", "Make an agency: schema, scheme, regions, branches",
                     [this](const CliContext& c) { return Init(c, is_demo_); });
    init->add_flag("--demo", is_demo_, "A demo: fake identities (NIK serial 0000) are allowed");

    Add(AddFamily("branch", "Branches"), "list", "Branches and their codes",
        [](const CliContext& c) { return BranchList(c); });
    CLI::App& groups = AddFamily("group", "Groups that bring members");
    Add(groups, "list", "Groups and their codes", [](const CliContext& c) { return GroupList(c); });
    auto* group = Add(groups, "add", "Add a group",
                      [this](const CliContext& c) { return GroupAdd(c, group_); });
    group->add_option("code", group_.code, "Code, such as pedagang-klewer")->required();
    group->add_option("name", group_.name, "Name")->required();
    group
        ->add_option("--kind", group_.kind,
                     "association, cooperative, employer, sponsor or community")
        ->required();
    group->add_option("--branch", group_.branch, "Code of its branch")->required();
    group->add_flag("--public-budget", group_.public_budget,
                    "A public budget pays for its members (no relief)");

    CLI::App& partners = AddFamily("partner", "Partners that bring money");
    Add(partners, "list", "Partners and their codes",
        [](const CliContext& c) { return PartnerList(c); });
    auto* partner = Add(partners, "add", "Add a partner", [this](const CliContext& c) {
      return PartnerAdd(c, partner_code_, partner_name_);
    });
    partner->add_option("code", partner_code_, "Code, such as post-office")->required();
    partner->add_option("name", partner_name_, "Name")->required();

    Add(app_, "verify", "Check every invariant of the books",
        [](const CliContext& c) { return VerifyBooks(c); });
  }

  void AddFileCommands() {
    auto* enrol = Add(app_, "enrol", "Make members of a list (CSV or XLSX)",
                      [this](const CliContext& c) { return EnrolFromFile(c, enrol_); });
    enrol->add_option("file", enrol_.file, "The list")->required();
    enrol->add_option("--group", enrol_.group, "Code of the group that brings it")->required();
    enrol->add_option("--branch", enrol_.branch, "Code of the branch; else the group's");
    enrol->add_flag("--dry-run", enrol_.dry_run, "Try everything, keep nothing");
    enrol->add_flag("--all-or-nothing", enrol_.all_or_nothing, "One bad row, and nothing is done");
    enrol->add_flag("--list", enrol_.list, "Name every member number and bill code");

    auto* collect = Add(app_, "collect", "Post a partner's payment file",
                        [this](const CliContext& c) { return CollectFromFile(c, collect_); });
    collect->add_option("file", collect_.file, "The payment file")->required();
    collect->add_option("--partner", collect_.partner, "Code of the partner")->required();
    collect->add_flag("--dry-run", collect_.dry_run, "Try everything, keep nothing");
  }

  void AddMemberCommands() {
    auto* cover = Add(app_, "cover", "How a member stands",
                      [this](const CliContext& c) { return Cover(c, cover_); });
    cover->add_option("who", cover_.who, "NIK, member number or bill code")->required();
    cover->add_option("--on", cover_.on, "Day, YYYY-MM-DD; else today");
    cover->add_option("--known-at", cover_.known_at, "As known at this moment");

    auto* end = Add(app_, "end", "Close a membership",
                    [this](const CliContext& c) { return End(c, end_); });
    end->add_option("who", end_.who, "NIK, member number or bill code")->required();
    end->add_option("--reason", end_.reason, "stopped-working, employed, left-country or died")
        ->required();
    end->add_option("--on", end_.on, "First day without cover, YYYY-MM-DD; else today");

    auto* bill = Add(app_, "bill", "What a member has to pay, month by month",
                     [this](const CliContext& c) { return PrintBill(c, bill_); });
    bill->add_option("who", bill_.who, "NIK, member number or bill code")->required();
    bill->add_option("--months", bill_.months, "How many")->capture_default_str();

    auto* receipt = Add(app_, "receipt", "A receipt as PDF with a QR code",
                        [this](const CliContext& c) { return MakeReceipt(c, receipt_); });
    receipt->add_option("reference", receipt_.reference, "The partner's reference")->required();
    receipt->add_option("--partner", receipt_.partner, "Code of the partner");
    receipt->add_option("--out", receipt_.out, "File; else receipt-REFERENCE.pdf");

    auto* reverse = Add(app_, "reverse", "Take a payment back",
                        [this](const CliContext& c) { return Reverse(c, reverse_); });
    reverse->add_option("reference", reverse_.reference, "The partner's reference")->required();
    reverse->add_option("--partner", reverse_.partner, "Code of the partner")->required();

    CLI::App& suspense = AddFamily("suspense", "Money whose owner is not known yet");
    Add(suspense, "list", "What waits, and why",
        [](const CliContext& c) { return SuspenseList(c); });
    auto* place = Add(suspense, "place", "Give a payment to its owner",
                      [this](const CliContext& c) { return SuspensePlace(c, place_); });
    place->add_option("reference", place_.reference, "The partner's reference")->required();
    place->add_option("--partner", place_.partner, "Code of the partner")->required();
    place->add_option("--to", place_.to, "Bill code, member number or NIK")->required();
  }

  void AddReportCommands() {
    auto* coverage = Add(app_, "coverage", "Registered, active, grace, lapsed, money",
                         [this](const CliContext& c) { return ReportCoverageTo(c, report_); });
    coverage->add_option("--by", report_.by, "region, branch, sector, group or door");
    coverage->add_option("--month", report_.month, "YYYY-MM; else this month");

    auto* journal = Add(app_, "journal", "The daily journals of a month",
                        [this](const CliContext& c) { return JournalList(c, journal_month_); });
    journal->add_option("--month", journal_month_, "YYYY-MM; else this month");

    Add(app_, "duplicates", "People who look like another",
        [](const CliContext& c) { return DuplicateList(c); });
  }

  void AddSchemeCommands() {
    CLI::App& scheme = AddFamily("scheme", "The law as data");
    Add(scheme, "check", "Check the scheme folder",
        [](const CliContext& c) { return SchemeCheck(c.scheme_folder(), std::cout, std::cerr); });
    auto* show = Add(scheme, "show", "Print the scheme",
                     [this](const CliContext& c) { return ShowScheme(c); });
    show->add_option("--on", show_on_, "As it holds on this day, YYYY-MM-DD");

    auto* quote = Add(app_, "quote", "What months would cost",
                      [this](const CliContext& c) { return QuoteMonths(c); });
    quote->add_option("--income", quote_.income, "Rupiah per month")->required();
    quote->add_option("--programmes", quote_.programmes, "JKK,JKM[,JHT]")->capture_default_str();
    quote->add_option("--sector", quote_.sector, "Code of the sector")->capture_default_str();
    quote->add_option("--from", quote_.from, "First month, YYYY-MM")->required();
    quote->add_option("--months", quote_.months, "How many")->capture_default_str();
    quote->add_option("--payer", quote_.payer, "self or government")->capture_default_str();
    quote->add_option("--joined", quote_.joined, "First month of membership, YYYY-MM");
    quote->add_option("--paid-on", quote_.paid_on, "Day of payment, YYYY-MM-DD; else today");
  }

  int ShowScheme(const CliContext& context) {
    std::optional<Date> on;
    if (!show_on_.empty()) {
      const auto date = Date::Parse(show_on_);
      if (!date) {
        context.PrintError(date.error());
        return kExitUsage;
      }
      on = *date;
    }
    return SchemeShow(context.scheme_folder(), on, std::cout, std::cerr);
  }

  int QuoteMonths(const CliContext& context) {
    const auto scheme = OpenScheme(context);
    if (!scheme) {
      context.PrintError(scheme.error());
      return kExitNothingDone;
    }
    quote_.today = context.now().JakartaDate();
    quote_.form = context.options().json ? QuoteForm::kJson : QuoteForm::kTable;
    return Quote(*scheme, context.messages(), quote_, std::cout, std::cerr);
  }

  void AddServeCommands() {
    auto* demo = Add(app_, "demo", "Make an agency with invented people",
                     [this](const CliContext& c) { return MakeDemoAgency(c, demo_); });
    demo->add_option("--scenario", demo_.scenario, "surakarta")->capture_default_str();
    demo->add_option("--scale", demo_.scale, "1 is 60,000 people")->capture_default_str();
    demo->add_option("--seed", demo_.seed, "Same seed, same people")->capture_default_str();

    auto* serve = Add(app_, "serve", "Serve the pages and the API",
                      [this](const CliContext& c) { return Serve(c, serve_); });
    serve->add_option("--listen", serve_.listen, "Address and port")->capture_default_str();
    serve->add_flag("--insecure", serve_.insecure,
                    "Allow an address that others can reach; there are no users yet");
  }

  const Environment& environment_;
  CLI::App app_{"Jaring: brings informal workers in and keeps them covered", "jaring"};
  CommonOptions common_;
  bool is_demo_ = false;
  GroupAddRequest group_;
  std::string partner_code_;
  std::string partner_name_;
  EnrolRequest enrol_;
  CollectRequest collect_;
  CoverRequest cover_;
  BillRequest bill_;
  std::string journal_month_;
  ReceiptRequest receipt_;
  ReverseRequest reverse_;
  EndRequest end_;
  PlaceRequest place_;
  ReportRequest report_;
  std::string show_on_;
  QuoteRequest quote_;
  ServeRequest serve_;
  DemoRequest demo_;
  int exit_code_ = kExitFine;
};

}  // namespace

int RunCommandLine(const Environment& environment, int argc, const char* const* argv) {
  const int exit_code = CommandLine(environment).Run(argc, argv);
  std::cout.flush();
  // An answer that could not be written must not look like one that was.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout) {
    std::cerr
        << "jaring: jawaban tidak dapat ditulis (disk penuh?); pekerjaannya sendiri tersimpan\n"
           "        the answer could not be written (disk full?); the work itself is kept\n";
    return exit_code == kExitFine ? kExitSomeRefused : exit_code;
  }
  return exit_code;
}

}  // namespace jaring
