#pragma once

// `jaring user …`: staff users and what they may act as.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct UserAddRequest {
  std::string email;
  std::string name;
  std::string role;
  std::string scope = "nation";  // nation, region:CODE, branch:CODE or group:CODE.
  std::string password_file;     // "-" for stdin; empty: asked for on the terminal.
  bool invite = false;           // A link instead of a password.
  bool second_factor = false;    // Set up at once; its secret is printed.
};

int UserAdd(const CliContext& context, const UserAddRequest& request);
int UserList(const CliContext& context);

struct UserGrantRequest {
  std::string email;
  std::string role;
  std::string scope = "nation";
};
int UserGrant(const CliContext& context, const UserGrantRequest& request);
int UserUngrant(const CliContext& context, const UserGrantRequest& request);

int UserDisable(const CliContext& context, const std::string& email);
int UserEnable(const CliContext& context, const std::string& email);

struct UserResetRequest {
  std::string email;
  std::string password_file;  // As in UserAddRequest.
  bool invite = false;
};
int UserResetPassword(const CliContext& context, const UserResetRequest& request);
int UserResetSecondFactor(const CliContext& context, const std::string& email);

/// `jaring contact [TEXT]`: whom users turn to who cannot get in.
int AgencyContact(const CliContext& context, const std::string& text);

}  // namespace jaring
