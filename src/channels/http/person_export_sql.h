#pragma once

#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kExportPerson = R"sql(
SELECT nik_sealed, name, birth_date, sex, village_code, phone_sealed, language, warnings, created_at
FROM person WHERE person_id = $1
)sql";

inline constexpr std::string_view kExportMembership = R"sql(
SELECT m.membership_seq, m.acquired_on, m.programmes, m.income_rupiah, m.trade, m.payer,
       m.start_rule, m.first_month, m.paid_through, m.cover_from, m.credit_rupiah, m.ended_on,
       m.village_code, b.name, g.name, c.door
FROM membership m
JOIN cohort c ON c.cohort_id = m.cohort_id
LEFT JOIN branch b ON b.branch_id = c.branch_id
LEFT JOIN member_group g ON g.group_id = c.group_id
WHERE m.person_id = $1 ORDER BY m.membership_seq
)sql";

inline constexpr std::string_view kExportMembershipEnd = R"sql(
SELECT membership_seq, ended_on, reason, recorded_at
FROM membership_end WHERE person_id = $1 ORDER BY membership_seq
)sql";

inline constexpr std::string_view kExportPayment = R"sql(
SELECT y.payment_id, p.name, y.reference, y.kind, y.amount_rupiah, y.paid_at, y.posted_at,
       y.channel, y.of_payment_id
FROM payment y LEFT JOIN partner p ON p.partner_id = y.partner_id
WHERE y.person_id = $1 ORDER BY y.payment_id
)sql";

inline constexpr std::string_view kExportContribution = R"sql(
SELECT contribution_id, membership_seq, payment_id, first_month, months, jkk_rupiah, jkm_rupiah,
       jht_rupiah, posted_at, reverses_id
FROM contribution WHERE person_id = $1 ORDER BY contribution_id
)sql";

inline constexpr std::string_view kExportCreditMove = R"sql(
SELECT payment_id, merge_id, amount_rupiah, paid_at, posted_at, of_payment_id
FROM credit_move WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::string_view kExportRefund = R"sql(
SELECT payment_id, claim_seq, amount_rupiah, refunded_at
FROM refund WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::string_view kExportLatePosting = R"sql(
SELECT payment_id, booked_on FROM late_posting WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::string_view kExportReturn = R"sql(
SELECT year, amount_rupiah FROM savings_return WHERE person_id = $1 ORDER BY year
)sql";

inline constexpr std::string_view kExportRedirected = R"sql(
SELECT payment_id, sent_to_person_id FROM redirected_payment WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::string_view kExportMerge = R"sql(
SELECT merge_id, kept_person_id, merged_at, undone_at
FROM person_merge WHERE person_id = $1 ORDER BY merge_id
)sql";

inline constexpr std::string_view kExportMergeTrim = R"sql(
SELECT merge_id, contribution_id FROM merge_trim WHERE person_id = $1 ORDER BY merge_id, contribution_id
)sql";

inline constexpr std::string_view kExportSuspected = R"sql(
SELECT noticed_at FROM suspected_duplicate WHERE person_id = $1 ORDER BY noticed_at
)sql";

inline constexpr std::string_view kExportAgent = R"sql(
SELECT u.name, a.since FROM person_agent a LEFT JOIN staff_user u ON u.user_id = a.user_id
WHERE a.person_id = $1 ORDER BY a.since
)sql";

inline constexpr std::string_view kExportConsent = R"sql(
SELECT consent_id, kind, helper_id, is_given, at, door, text_version
FROM person_consent WHERE person_id = $1 ORDER BY consent_id
)sql";

inline constexpr std::string_view kExportCorrection = R"sql(
SELECT correction_id, field, from_sealed, to_sealed, reason, applied_at
FROM person_correction WHERE person_id = $1 ORDER BY correction_id, field
)sql";

inline constexpr std::string_view kExportApproval = R"sql(
SELECT approval_id, kind, subject, reason, asked_at, state, decided_at, decision_reason
FROM approval_request WHERE person_id = $1 ORDER BY approval_id
)sql";

inline constexpr std::string_view kExportAudit = R"sql(
SELECT entry_id, at, role, action, subject, change, reason
FROM audit_entry WHERE person_id = $1 ORDER BY entry_id
)sql";

inline constexpr std::string_view kExportSession = R"sql(
SELECT label, created_at, expires_at, ended_at
FROM session WHERE actor_kind = 2 AND actor_id = $1 ORDER BY created_at
)sql";

// That there is a PIN and since when; the PIN itself nobody knows.
inline constexpr std::string_view kExportPin = R"sql(
SELECT set_at FROM worker_pin WHERE person_id = $1
)sql";

inline constexpr std::string_view kExportRecovery = R"sql(
SELECT recovery_id, new_phone_sealed, way, asked_at, effective_at, done_at, stopped_at
FROM access_recovery WHERE person_id = $1 ORDER BY recovery_id
)sql";

inline constexpr std::string_view kExportWitness = R"sql(
SELECT recovery_id, at FROM recovery_witness WHERE person_id = $1 ORDER BY recovery_id
)sql";

inline constexpr std::string_view kExportClaim = R"sql(
SELECT claim_seq, kind, event_on, begun_at, state, complete_on, due_on, gross_rupiah, tax_rupiah
FROM claim WHERE person_id = $1 ORDER BY claim_seq
)sql";

inline constexpr std::string_view kExportNotice = R"sql(
SELECT kind, event_on, state, received_at, reason FROM claim_notice
WHERE person_id = $1 ORDER BY notice_id
)sql";

inline constexpr std::string_view kExportClaimStep = R"sql(
SELECT claim_seq, step_no, state, at, reason FROM claim_step
WHERE person_id = $1 ORDER BY claim_seq, step_no
)sql";

inline constexpr std::string_view kExportClaimRecord = R"sql(
SELECT claim_seq, record_id, kind, at, told_sealed FROM claim_record
WHERE person_id = $1 ORDER BY claim_seq, record_id
)sql";

inline constexpr std::string_view kExportClaimLine = R"sql(
SELECT claim_seq, step_no, benefit, detail, amount_rupiah, working FROM claim_line
WHERE person_id = $1 ORDER BY claim_seq, step_no, line_no
)sql";

inline constexpr std::string_view kExportClaimPaper = R"sql(
SELECT claim_seq, paper_no, code, added_at FROM claim_paper
WHERE person_id = $1 ORDER BY claim_seq, paper_no
)sql";

inline constexpr std::string_view kExportSchedule = R"sql(
SELECT schedule_no, kind, right_seq, place, first_on, last_on, most, next_on, state
FROM claim_schedule WHERE person_id = $1 ORDER BY schedule_no
)sql";

inline constexpr std::string_view kExportInstalment = R"sql(
SELECT schedule_no, instalment_no, claim_seq FROM claim_instalment
WHERE person_id = $1 ORDER BY schedule_no, instalment_no
)sql";

inline constexpr std::string_view kExportWithdrawal = R"sql(
SELECT claim_seq, booked_on, amount_rupiah FROM savings_withdrawal
WHERE person_id = $1 ORDER BY claim_person_id, claim_seq
)sql";

inline constexpr std::string_view kExportPayout = R"sql(
SELECT claim_seq, payout_no, payee_no, state, amount_rupiah, penalty_rupiah, changed_at, paid_on,
       sent_at, sent_by
FROM payout WHERE person_id = $1 ORDER BY claim_seq, payout_no
)sql";

inline constexpr std::string_view kExportBankWord = R"sql(
SELECT claim_seq, payout_no, word, said_on, taken_at
FROM bank_word WHERE person_id = $1 ORDER BY claim_seq, payout_no, taken_at, source, line
)sql";

}  // namespace jaring::sql
