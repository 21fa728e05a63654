#include "channels/cli/command_families.h"
#include "channels/cli/user_command.h"

namespace jaring {
namespace {

/// What the commands below share; each uses what it has.
struct UserWords {
  UserAddRequest user;
  std::string contact;
};

void AddPasswordOptions(const Command& command, UserAddRequest& user) {
  command.Option("--password-file", user.password_file, "Its first line; - is stdin");
  command.Flag("--invite", user.invite, "A code to set a password with instead");
}

void AddAddCommand(CommandTree& tree, const Command& users, UserAddRequest& user) {
  const Command add = tree.Add(users, "add", "Add a user",
                               [&user](const CliContext& c) { return UserAdd(c, user); });
  add.Option("email", user.email, "What she logs in with").Required();
  add.Option("--name", user.name, "Name").Required();
  add.Option("--role", user.role, "branch-staff, operator…: see jaring permissions").Required();
  add.Option("--scope", user.scope, "nation, region:CODE, branch:CODE or group:CODE").ShowDefault();
  AddPasswordOptions(add, user);
  add.Flag("--second-factor", user.second_factor, "Set up at once; the secret is printed");
}

using GrantRun = int (*)(const CliContext&, const UserGrantRequest&);

void AddGrantCommand(CommandTree& tree, const Command& users, UserAddRequest& user,
                     const char* name, const char* what, GrantRun run) {
  const Command grant = tree.Add(users, name, what, [&user, run](const CliContext& c) {
    return run(c, {user.email, user.role, user.scope});
  });
  grant.Option("email", user.email, "Whose").Required();
  grant.Option("--role", user.role, "The role").Required();
  grant.Option("--scope", user.scope, "nation, region:CODE, branch:CODE or group:CODE")
      .ShowDefault();
}

using UserRun = int (*)(const CliContext&, const std::string&);

void AddUserCommand(CommandTree& tree, const Command& users, UserAddRequest& user, const char* name,
                    const char* what, UserRun run) {
  const Command command =
      tree.Add(users, name, what, [&user, run](const CliContext& c) { return run(c, user.email); });
  command.Option("email", user.email, "Whose").Required();
}

}  // namespace

void AddUserCommands(CommandTree& tree) {
  const Command users = tree.AddFamily("user", "Staff users and what they may act as");
  auto& words = tree.Keep<UserWords>();
  UserAddRequest& user = words.user;
  AddAddCommand(tree, users, user);
  tree.Add(users, "list", "Users and their roles", [](const CliContext& c) { return UserList(c); });
  AddGrantCommand(tree, users, user, "grant", "Let a user act as something", UserGrant);
  AddGrantCommand(tree, users, user, "ungrant", "Take a role away", UserUngrant);
  AddUserCommand(tree, users, user, "disable", "Nobody logs in with it any more", UserDisable);
  AddUserCommand(tree, users, user, "enable", "Undo disable", UserEnable);
  AddUserCommand(tree, users, user, "reset-second-factor", "For a lost phone",
                 UserResetSecondFactor);
  const Command reset = tree.Add(
      users, "reset-password", "Another password; all sessions end", [&user](const CliContext& c) {
        return UserResetPassword(c, {user.email, user.password_file, user.invite});
      });
  reset.Option("email", user.email, "Whose").Required();
  AddPasswordOptions(reset, user);
  const Command contact =
      tree.Add(tree.top(), "contact", "Whom users turn to who cannot get in",
               [&words](const CliContext& c) { return AgencyContact(c, words.contact); });
  contact.Option("text", words.contact, "Office and phone; without it, what is set");
}

}  // namespace jaring
