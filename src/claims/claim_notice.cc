#include "claims/claim_notice.h"

#include <algorithm>
#include <array>

#include "access/person_place.h"
#include "access/totp.h"
#include "base/text.h"
#include "claims/claim_desk.h"
#include "claims/claim_notice_sql.h"
#include "ledger/sequence.h"
#include "registry/live_keys.h"
#include "registry/person_record.h"
#include "registry/person_search.h"
#include "rules/claim_words.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 5> kDismissalReasons = {
    "member_unknown", "told_already", "not_an_event", "not_genuine", "other"};
constexpr std::array<std::string_view, 4> kOtherReporters = {"employer", "hospital", "neighbour",
                                                             "other"};
constexpr std::array<std::string_view, 3> kStateCodes = {"received", "taken_up", "dismissed"};
constexpr std::size_t kCodeBytes = 16;
constexpr std::size_t kMostName = 100;
constexpr std::size_t kMostPlace = 200;
constexpr char kSeparator = '\x1F';  // Between the parts of what is sealed.
constexpr std::size_t kParts = 8;

std::string DigestOf(const Agency& agency, std::string_view code) {
  return agency.sealer.Fingerprint("claim-notice " + std::string(code));
}

std::string ContextOf(std::int64_t notice_id) {
  return "claim_notice/told_sealed " + std::to_string(notice_id);
}

std::string WriteTold(const NoticeTold& told) {
  std::string text;
  for (const std::string& part :
       {told.member_name, told.nik ? told.nik->Reveal() : "",
        told.member ? told.member->ToString() : "", told.place, told.told, told.reporter_name,
        told.reporter_phone, told.reporter_relation}) {
    text += (text.empty() ? "" : std::string(1, kSeparator)) + part;
  }
  return text;
}

NoticeTold ReadTold(std::string_view text) {
  const auto parts = Split(text, kSeparator);
  JARING_CHECK(parts.size() == kParts);
  NoticeTold told{.member_name = std::string(parts[0]),
                  .nik = {},
                  .member = {},
                  .place = std::string(parts[3]),
                  .told = std::string(parts[4]),
                  .reporter_name = std::string(parts[5]),
                  .reporter_phone = std::string(parts[6]),
                  .reporter_relation = std::string(parts[7])};
  if (auto nik = Nik::Parse(parts[1], true)) {
    told.nik = *std::move(nik);
  }
  if (const auto member = MemberNumber::Parse(parts[2])) {
    told.member = *member;
  }
  return told;
}

bool IsText(std::string_view text, std::size_t most) {
  return text.size() <= most && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' && c != '\n';
         });
}

Result<Done> CheckReport(const Agency& agency, const NoticeReport& report, Date today) {
  const NoticeTold& told = report.told;
  if (report.kind == ClaimKind::kSavings) {
    return Invalid("notice.kind_wrong");
  }
  if (report.on > today) {
    return Invalid("claim.event_in_future");
  }
  if (report.on < FirstDay(agency.scheme.begins)) {
    return Invalid("claim.event_before_scheme");
  }
  if (told.member_name.empty() || told.reporter_name.empty() ||
      !IsText(told.member_name, kMostName) || !IsText(told.reporter_name, kMostName) ||
      !IsText(told.reporter_phone, kMostName) || !IsText(told.place, kMostPlace) ||
      !IsText(told.told, ClaimAct::kMostNote)) {
    return Invalid("notice.text_malformed");
  }
  return IsReporterRelation(told.reporter_relation) ? Result<Done>(Done{})
                                                    : Invalid("notice.relation_unknown");
}

/// The person the register knows by the number told, when the name told is hers too.
Result<std::optional<std::int64_t>> FindPersonTold(Tx& tx, const Agency& agency,
                                                   const NoticeTold& told) {
  if (!told.nik && !told.member) {
    return std::optional<std::int64_t>{};
  }
  PersonQuery query;
  query.nik = told.nik;
  query.member = told.nik ? std::nullopt : told.member;
  JARING_ASSIGN_OR_RETURN(const auto people, FindPeople(tx, agency, query));
  if (people.size() != 1) {
    return std::optional<std::int64_t>{};
  }
  JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, agency, people[0]));
  return NameMatches(person.name, told.member_name) ? std::optional(people[0]) : std::nullopt;
}

/// A row of one of the three lists; the text is still sealed.
Notice ReadNoticeRow(const Row& row, std::string& sealed) {
  const auto on = Date::ParseNumber(row.Int(2));
  JARING_CHECK(on.has_value());
  Notice notice{.notice_id = row.Int(0),
                .kind = static_cast<ClaimKind>(row.Int(1)),
                .event_on = *on,
                .state = static_cast<NoticeState>(row.Int(3)),
                .branch_id = row.Int(4),
                .person_id = {},
                .claim = {},
                .received_at = Instant::FromMicros(row.Int(7)),
                .teller_kind = static_cast<ActorKind>(row.Int(8)),
                .teller_id = row.Int(9),
                .reason = std::string(row.Text(10)),
                .told = {}};
  if (!row.IsNull(5)) {
    notice.person_id = row.Int(5);
    if (!row.IsNull(6)) {
      notice.claim = ClaimNumber{row.Int(5), static_cast<int>(row.Int(6))};
    }
  }
  sealed = row.Blob(11);
  return notice;
}

Result<std::vector<Notice>> ReadNotices(Tx& tx, const Agency& agency, std::string_view statement,
                                        const std::vector<Value>& values) {
  std::vector<Notice> notices;
  std::vector<std::string> sealed;
  JARING_RETURN_IF_ERROR(tx.Query(statement, values, [&](const Row& row) {
    notices.push_back(ReadNoticeRow(row, sealed.emplace_back()));
  }));
  for (std::size_t i = 0; i < notices.size(); ++i) {
    JARING_ASSIGN_OR_RETURN(const std::string told,
                            agency.sealer.UnsealText(sealed[i], ContextOf(notices[i].notice_id)));
    notices[i].told = ReadTold(told);
  }
  return notices;
}

Result<Notice> OnlyOne(Result<std::vector<Notice>> notices) {
  if (!notices) {
    return notices.error();
  }
  return notices->empty() ? NotFound("notice.unknown")
                          : Result<Notice>(std::move(notices->front()));
}

/// Decides one that nobody has decided; `person_id` 0: dismissed.
Result<Notice> Decide(Tx& tx, const Agency& agency, const Notice& notice, NoticeState state,
                      const std::optional<ClaimNumber>& claim, std::string_view reason,
                      const ClaimAct& act) {
  const Value person = claim              ? Value(claim->person_id)
                       : notice.person_id ? Value(*notice.person_id)
                                          : Value();
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t decided,
      tx.Run(sql::kDecideNotice,
             {notice.notice_id, static_cast<std::int64_t>(state), person,
              claim ? Value(claim->claim_seq) : Value(), reason, act.now.micros(),
              static_cast<std::int64_t>(act.who.kind), act.who.id}));
  return decided == 1 ? FindNotice(tx, agency, notice.notice_id) : Conflict("notice.decided");
}

}  // namespace

std::string_view NoticeStateCode(NoticeState state) {
  return kStateCodes.at(static_cast<std::size_t>(state) - 1);
}

std::optional<NoticeState> FindNoticeState(std::string_view code) {
  const auto* const found = std::find(kStateCodes.begin(), kStateCodes.end(), code);
  return found == kStateCodes.end()
             ? std::nullopt
             : std::optional(static_cast<NoticeState>(found - kStateCodes.begin() + 1));
}

bool IsReporterRelation(std::string_view word) {
  return FindRelation(word) ||
         std::find(kOtherReporters.begin(), kOtherReporters.end(), word) != kOtherReporters.end();
}

std::span<const std::string_view> DismissalReasons() {
  return kDismissalReasons;
}

Result<NewNotice> SendNotice(Tx& tx, const Agency& agency, const NoticeReport& report,
                             const ClaimAct& act) {
  JARING_RETURN_IF_ERROR(CheckReport(agency, report, act.today()));
  NewNotice made;
  made.code = Base32(RandomBytes(kCodeBytes));
  Notice& notice = made.notice;
  notice = {.kind = report.kind,
            .event_on = report.on,
            .person_id = {},
            .claim = {},
            .received_at = act.now,
            .teller_kind = act.who.kind,
            .teller_id = act.who.id,
            .reason = "",
            .told = report.told};
  JARING_ASSIGN_OR_RETURN(notice.person_id, FindPersonTold(tx, agency, report.told));
  if (notice.person_id) {
    JARING_ASSIGN_OR_RETURN(notice.branch_id, BranchOfPerson(tx, *notice.person_id));
  }
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, agency.sealer));
  JARING_ASSIGN_OR_RETURN(notice.notice_id, TakeNumbers(tx, "claim_notice", 1));
  JARING_ASSIGN_OR_RETURN(
      const std::string sealed,
      agency.sealer.SealText(WriteTold(notice.told), ContextOf(notice.notice_id)));
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertNotice,
      {notice.notice_id, Bytes{DigestOf(agency, made.code)}, static_cast<std::int64_t>(notice.kind),
       notice.event_on.number(), static_cast<std::int64_t>(notice.state), notice.branch_id,
       notice.person_id ? Value(*notice.person_id) : Value(), act.now.micros(),
       static_cast<std::int64_t>(act.who.kind), act.who.id, Bytes{sealed}}));
  return made;
}

Result<Notice> FindNotice(Tx& tx, const Agency& agency, std::int64_t notice_id) {
  return OnlyOne(ReadNotices(tx, agency, sql::kFindNotice, {notice_id}));
}

Result<Notice> FindNoticeByCode(Tx& tx, const Agency& agency, std::string_view code) {
  const std::string digest = DigestOf(agency, code);
  return OnlyOne(ReadNotices(tx, agency, sql::kFindNoticeByCode, {Bytes{digest}}));
}

Result<std::vector<Notice>> ListNotices(Tx& tx, const Agency& agency, NoticeState state,
                                        std::int64_t branch_id, std::int64_t after,
                                        std::int64_t limit) {
  const auto number = static_cast<std::int64_t>(state);
  return branch_id == 0 ? ReadNotices(tx, agency, sql::kListNotices, {number, after, limit})
                        : ReadNotices(tx, agency, sql::kListNoticesOfBranch,
                                      {branch_id, number, after, limit});
}

Result<Notice> TakeUpNotice(Tx& tx, const Agency& agency, std::int64_t notice_id,
                            std::int64_t person_id, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(const Notice notice, FindNotice(tx, agency, notice_id));
  if (notice.state != NoticeState::kReceived) {
    return Conflict("notice.decided");
  }
  ClaimReport report{.person_id = person_id,
                     .facts = {.kind = notice.kind, .on = notice.event_on},
                     .payees = {},
                     .begun_at = notice.received_at};
  ClaimAct telling = act;
  telling.note = notice.told.told;
  JARING_ASSIGN_OR_RETURN(const Claim claim, ReportClaim(tx, agency, report, telling));
  return Decide(tx, agency, notice, NoticeState::kTakenUp, claim.number, "", act);
}

Result<Notice> DismissNotice(Tx& tx, const Agency& agency, std::int64_t notice_id,
                             std::string_view reason, const ClaimAct& act) {
  if (std::find(kDismissalReasons.begin(), kDismissalReasons.end(), reason) ==
      kDismissalReasons.end()) {
    return Invalid("notice.reason_unknown");
  }
  JARING_ASSIGN_OR_RETURN(const Notice notice, FindNotice(tx, agency, notice_id));
  return Decide(tx, agency, notice, NoticeState::kDismissed, std::nullopt, reason, act);
}

}  // namespace jaring
