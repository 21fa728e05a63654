#pragma once

// What commands on an open agency share.

#include <functional>
#include <string_view>

#include "channels/cli/cli_context.h"
#include "registry/group.h"
#include "rules/identity.h"

namespace jaring {

/// Tells a person; 2 when the request is at fault, else 3.
int RefuseCommand(const CliContext& context, const Error& error);

/// Opens the agency and runs `work` on it; an error is told and becomes the exit code.
int WithAgency(const CliContext& context,
               const std::function<Result<Done>(const OpenAgency&)>& work);

/// A person by NIK (16 digits), bill code (12) or member number (11).
///
/// Errors: member.unknown, and those of the three.
Result<MemberNumber> FindMember(Tx& tx, const Agency& agency, std::string_view who);

/// Errors: partner.unknown.
Result<Partner> GetPartner(Tx& tx, std::string_view code);

}  // namespace jaring
