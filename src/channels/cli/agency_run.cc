#include "channels/cli/agency_run.h"

#include "base/text.h"
#include "collection/member_view.h"

namespace jaring {

int RefuseCommand(const CliContext& context, const Error& error) {
  context.PrintError(error);
  return error.code == ErrorCode::kInvalidArgument ? kExitUsage : kExitNothingDone;
}

/// Opens the agency and runs `work` on it; errors are told and become the exit code.
int WithAgency(const CliContext& context,
               const std::function<Result<Done>(const OpenAgency&)>& work) {
  const auto open = OpenAgency::Open(context);
  if (!open) {
    return RefuseCommand(context, open.error());
  }
  const auto outcome = work(**open);
  return outcome ? kExitFine : RefuseCommand(context, outcome.error());
}

/// A person by NIK (16 digits), bill code (12) or member number (11).
///
/// Errors: member.unknown, and those of the three.
Result<MemberNumber> FindMember(Tx& tx, const Agency& agency, std::string_view who) {
  constexpr std::size_t kNikDigits = 16;
  constexpr std::size_t kBillCodeDigits = 12;
  std::string digits;
  for (const char c : who) {
    if (IsDigit(c)) {
      digits += c;
    }
  }
  if (digits.size() == kNikDigits) {
    JARING_ASSIGN_OR_RETURN(const Nik nik, Nik::Parse(digits, agency.is_demo));
    JARING_ASSIGN_OR_RETURN(const auto person_id, FindPersonByNik(tx, agency, nik));
    return person_id ? Result<MemberNumber>(MemberNumber{*person_id, 1})
                     : NotFound("member.unknown");
  }
  return digits.size() == kBillCodeDigits ? ParseBillCode(who) : MemberNumber::Parse(who);
}

Result<Partner> GetPartner(Tx& tx, std::string_view code) {
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, code));
  return partner ? Result<Partner>(*partner) : Invalid("partner.unknown", std::string(code));
}

}  // namespace jaring
