#pragma once

// Staff users who log in at the agency's own OpenID provider.

#include <string>
#include <string_view>

#include "access/staff_login.h"

namespace jaring {

/// Somebody a provider has vouched for.
struct OidcPerson {
  std::string issuer;
  std::string subject;
  std::string email;           // Verified by the provider, or empty.
  bool second_factor = false;  // Shown there, and we trust that.
};

/// Begins the session of the staff user: the one linked to this subject, else the one of the
/// verified e-mail, who is linked from then on. Roles come from our own grants, never from there.
///
/// Errors: oidc.user_unknown (also disabled, or linked to another subject), login.no_role.
Result<OpenedSession> OpenOidcSession(Tx& tx, const SessionTerms& terms, const OidcPerson& person,
                                      std::string_view label, Instant now);

/// What shows the second factor: one of the two.
struct SecondFactorProof {
  std::string code;           // Of the app.
  std::string recovery_code;  // Instead of it; good once.
};

/// The bare session goes on as another with the second factor. The caller has counted the try.
///
/// Errors: second_factor.code_wrong, second_factor.not_begun.
Result<OpenedSession> RaiseSession(Tx& tx, const Sealer& sealer, const SessionTerms& terms,
                                   const Principal& who, const SecondFactorProof& proof,
                                   std::string_view label, Instant now);

}  // namespace jaring
