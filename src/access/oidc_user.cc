#include "access/oidc_user.h"

#include "access/machine_sql.h"
#include "access/second_factor.h"

namespace jaring {
namespace {

Result<std::optional<std::int64_t>> FindLinked(Tx& tx, const OidcPerson& person) {
  std::optional<std::int64_t> user_id;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindOidcSubject, {person.issuer, person.subject},
                                  [&](const Row& row) { user_id = row.Int(0); }));
  return user_id;
}

/// By e-mail, the first time. A user who is linked to another subject stays that one's: an address
/// given to somebody else must not open the account.
Result<StaffUser> LinkByEmail(Tx& tx, const OidcPerson& person, Instant now) {
  const Error unknown = Invalid("oidc.user_unknown");
  const auto email = ParseEmail(person.email);
  if (!email) {
    return unknown;
  }
  JARING_ASSIGN_OR_RETURN(auto user, FindStaffUserByEmail(tx, *email));
  if (!user) {
    return unknown;
  }
  bool is_linked = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindOidcSubjectOfUser, {person.issuer, user->user_id},
                                  [&](const Row&) { is_linked = true; }));
  if (is_linked) {
    return unknown;
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertOidcSubject,
                                {person.issuer, person.subject, user->user_id, now.micros()}));
  return std::move(*user);
}

Result<StaffUser> FindUser(Tx& tx, const OidcPerson& person, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto linked, FindLinked(tx, person));
  if (!linked) {
    return LinkByEmail(tx, person, now);
  }
  JARING_ASSIGN_OR_RETURN(auto user, FindStaffUser(tx, *linked));
  return user ? Result<StaffUser>(std::move(*user)) : Invalid("oidc.user_unknown");
}

}  // namespace

Result<OpenedSession> OpenOidcSession(Tx& tx, const SessionTerms& terms, const OidcPerson& person,
                                      std::string_view label, Instant now) {
  JARING_ASSIGN_OR_RETURN(const StaffUser user, FindUser(tx, person, now));
  if (user.disabled_at) {
    return Invalid("oidc.user_unknown");
  }
  const auto grant = ChooseGrant(user, std::nullopt, std::nullopt);
  if (!grant) {
    return Invalid("login.no_role");
  }
  return OpenStaffSession(tx, terms,
                          {.kind = ActorKind::kStaffUser,
                           .id = user.user_id,
                           .role = grant->role,
                           .scope = grant->scope,
                           .second_factor = person.second_factor},
                          label, now);
}

Result<OpenedSession> RaiseSession(Tx& tx, const Sealer& sealer, const SessionTerms& terms,
                                   const Principal& who, const SecondFactorProof& proof,
                                   std::string_view label, Instant now) {
  JARING_ASSIGN_OR_RETURN(const bool right,
                          proof.recovery_code.empty()
                              ? UseSecondFactorCode(tx, sealer, who.id, proof.code, now)
                              : UseRecoveryCode(tx, sealer, who.id, proof.recovery_code, now));
  if (!right) {
    return Invalid("second_factor.code_wrong");
  }
  Principal fresh = who;
  fresh.second_factor = true;
  return RotateSession(tx, terms, who, fresh, label, now);
}

}  // namespace jaring
