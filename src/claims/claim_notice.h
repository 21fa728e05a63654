#pragma once

// A notice: an accident or a death told by somebody who has no login, or is no member: an heir, a
// neighbour, a hospital, an employer. It gives no right by itself: an officer finds whom it is
// about and takes it up as a claim, or dismisses it. Whoever told it follows it by a code.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claims/claim.h"
#include "registry/agency.h"
#include "rules/identity.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class NoticeState : std::int64_t { kReceived = 1, kTakenUp = 2, kDismissed = 3 };

/// "received", "taken_up", "dismissed".
std::string_view NoticeStateCode(NoticeState state);
std::optional<NoticeState> FindNoticeState(std::string_view code);

/// What somebody tells.
struct NoticeTold {
  std::string member_name;
  std::optional<Nik> nik;  // One of the two.
  std::optional<MemberNumber> member;
  std::string place;
  std::string told;
  std::string reporter_name;
  std::string reporter_phone;
  std::string reporter_relation;  // See IsReporterRelation.
};

/// Who may tell: the relations of heirs, and "employer", "hospital", "neighbour", "other".
bool IsReporterRelation(std::string_view word);

/// One row of claim_notice, unsealed.
struct Notice {
  std::int64_t notice_id = 0;
  ClaimKind kind = ClaimKind::kDeath;
  Date event_on = Date::FromYearMonthDay(1900, 1, 1);
  NoticeState state = NoticeState::kReceived;
  std::int64_t branch_id = 0;
  std::optional<std::int64_t> person_id;
  std::optional<ClaimNumber> claim;
  Instant received_at = Instant::FromMicros(0);
  ActorKind teller_kind = ActorKind::kAnonymous;
  std::int64_t teller_id = 0;
  std::string reason;
  NoticeTold told;
};

struct NoticeReport {
  ClaimKind kind = ClaimKind::kDeath;  // Savings nobody asks for another.
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  NoticeTold told;
};

struct NewNotice {
  Notice notice;
  std::string code;  // 26 letters and digits; told once, kept only as a digest.
};

/// Keeps a notice. Whom it is about the register is asked, and nobody is told the answer: the
/// notice of a stranger looks like that of a member.
///
/// Errors: notice.kind_wrong (savings), notice.text_malformed (a name missing or over 100 bytes,
/// the place over 200, what is told over 2'000, signs that are no text), notice.relation_unknown,
/// claim.event_in_future, claim.event_before_scheme.
Result<NewNotice> SendNotice(Tx& tx, const Agency& agency, const NoticeReport& report,
                             const ClaimAct& act);

/// Errors: notice.unknown.
Result<Notice> FindNotice(Tx& tx, const Agency& agency, std::int64_t notice_id);
Result<Notice> FindNoticeByCode(Tx& tx, const Agency& agency, std::string_view code);

/// Notices of a state, oldest first, after one of them. `branch_id` 0: of all.
Result<std::vector<Notice>> ListNotices(Tx& tx, const Agency& agency, NoticeState state,
                                        std::int64_t branch_id, std::int64_t after,
                                        std::int64_t limit);

/// Takes a notice up as a claim of this person, begun when the notice came.
///
/// Errors: notice.unknown, notice.decided, and those of ReportClaim.
Result<Notice> TakeUpNotice(Tx& tx, const Agency& agency, std::int64_t notice_id,
                            std::int64_t person_id, const ClaimAct& act);

/// Errors: notice.unknown, notice.decided, notice.reason_unknown.
Result<Notice> DismissNotice(Tx& tx, const Agency& agency, std::int64_t notice_id,
                             std::string_view reason, const ClaimAct& act);

/// "member_unknown", "told_already", "not_an_event", "not_genuine", "other".
std::span<const std::string_view> DismissalReasons();

}  // namespace jaring
