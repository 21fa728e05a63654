#include "channels/cli/command_families.h"

#include <iostream>

#include "access/permissions.h"
#include "channels/cli/agency_command.h"
#include "channels/cli/list_command.h"
#include "channels/cli/routes_command.h"

namespace jaring {
namespace {

struct IsDemo {
  bool value = false;
};

struct ShowsRoutes {
  bool value = false;
};

struct CountersOnly {
  bool value = false;
};

struct PartnerAddRequest {
  std::string code;
  std::string name;
};

}  // namespace

void AddAgencyCommands(CommandTree& tree) {
  auto& is_demo = tree.Keep<IsDemo>();
  const Command init =
      tree.Add(tree.top(), "init", "Make an agency: schema, scheme, regions, branches",
               [&is_demo](const CliContext& c) { return Init(c, is_demo.value); });
  init.Flag("--demo", is_demo.value, "A demo: fake identities (NIK serial 0000) are allowed");

  tree.Add(tree.AddFamily("branch", "Branches"), "list", "Branches and their codes",
           [](const CliContext& c) { return BranchList(c); });
  const Command groups = tree.AddFamily("group", "Groups that bring members");
  tree.Add(groups, "list", "Groups and their codes",
           [](const CliContext& c) { return GroupList(c); });
  auto& group_request = tree.Keep<GroupAddRequest>();
  const Command group =
      tree.Add(groups, "add", "Add a group",
               [&group_request](const CliContext& c) { return GroupAdd(c, group_request); });
  group.Option("code", group_request.code, "Code, such as pedagang-klewer").Required();
  group.Option("name", group_request.name, "Name").Required();
  group
      .Option("--kind", group_request.kind,
              "association, cooperative, employer, sponsor or community")
      .Required();
  group.Option("--branch", group_request.branch, "Code of its branch").Required();
  const CommandOption payer =
      group
          .Option("--payer", group_request.payer,
                  "Who pays for its members: self, government (a public budget) or employer (by "
                  "the wage)")
          .ShowDefault();
  group
      .Flag("--public-budget", group_request.public_budget,
            "The same as --payer government (no relief)")
      .Excludes(payer);

  const Command partners = tree.AddFamily("partner", "Partners that bring money");
  tree.Add(partners, "list", "Partners and their codes",
           [](const CliContext& c) { return PartnerList(c); });
  auto& partner_request = tree.Keep<PartnerAddRequest>();
  const Command partner =
      tree.Add(partners, "add", "Add a partner", [&partner_request](const CliContext& c) {
        return PartnerAdd(c, partner_request.code, partner_request.name);
      });
  partner.Option("code", partner_request.code, "Code, such as post-office").Required();
  partner.Option("name", partner_request.name, "Name").Required();

  auto& shows_routes = tree.Keep<ShowsRoutes>();
  const Command permissions = tree.Add(tree.top(), "permissions", "Who may do what, as Markdown",
                                       [&shows_routes](const CliContext& c) {
                                         if (shows_routes.value) {
                                           return PrintRoutes(c);
                                         }
                                         std::cout << PermissionsMarkdown();
                                         return static_cast<int>(kExitFine);
                                       });
  permissions.Flag("--routes", shows_routes.value, "The routes of the server and their actions");
  auto& verify_counters = tree.Keep<CountersOnly>();
  const Command verify = tree.Add(
      tree.top(), "verify", "Check every invariant of the books",
      [&verify_counters](const CliContext& c) { return VerifyBooks(c, verify_counters.value); });
  verify.Flag("--counters", verify_counters.value,
              "Only whether the figures of the overview are those of a recount");
}

}  // namespace jaring
