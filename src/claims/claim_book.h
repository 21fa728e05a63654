#pragma once

// Claims as they are stored: rows in, rows out. What may happen to one is told in claim_desk.h.

#include <string>
#include <vector>

#include "claims/claim_facts.h"
#include "registry/agency.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class ClaimRecordKind : std::int64_t { kFacts = 1, kPayees = 2, kNote = 3 };

/// A row of kFindClaim, or of a list of claims.
Claim ReadClaimRow(const Row& row);

/// Errors: claim.unknown.
Result<Claim> FindClaim(Tx& tx, const ClaimNumber& number);

/// Oldest first.
Result<std::vector<Claim>> ListClaimsOfPerson(Tx& tx, std::int64_t person_id);

/// The next number of a person.
///
/// Errors: claim.too_many.
Result<ClaimNumber> NextClaimNumber(Tx& tx, std::int64_t person_id);

/// What holds of a claim's records.
struct ClaimRecords {
  ClaimFacts facts;
  std::vector<ClaimPayee> payees;
  std::vector<std::pair<std::int64_t, std::string>> notes;  // By record_id.
};

Result<ClaimRecords> ReadRecords(Tx& tx, const Agency& agency, const ClaimNumber& number);

/// What a record is sealed for.
std::string ClaimRecordContext(const ClaimNumber& number, std::int64_t record_id);

/// Adds a record; returns its number.
Result<std::int64_t> AddRecord(Tx& tx, const Agency& agency, const ClaimNumber& number,
                               ClaimRecordKind kind, std::string_view text, const ClaimAct& act);

/// Stores a claim as it stands, with its next step; a note becomes a record.
Result<Done> InsertClaim(Tx& tx, const Claim& claim);
Result<Done> TakeStep(Tx& tx, const Agency& agency, Claim& claim, ClaimState state,
                      std::string_view reason, const ClaimAct& act);

/// In their order; notes in full.
Result<std::vector<ClaimStep>> ListSteps(Tx& tx, const Agency& agency, const ClaimNumber& number);

/// One benefit that a decision gives; tax is a negative amount of benefit "tax".
struct ClaimLine {
  int step_no = 0;
  Programme programme = Programme::kJkm;
  std::string benefit;
  std::string detail;  // Code of what was lost; else empty.
  Money amount;
  std::string working;  // "base 1000000 multiple 48".
};

inline constexpr std::string_view kTaxLine = "tax";
/// What instalments of the same event gave already; a negative amount.
inline constexpr std::string_view kPaidBeforeLine = "paid-before";
inline constexpr std::string_view kScholarshipLine = "scholarship";
inline constexpr std::string_view kRefundLine = "refund";  // Months paid beyond the event.
inline constexpr std::string_view kCreditLine = "credit";  // Paid, and not spent on a month.

/// The member's own money that comes back, of no benefit.
inline bool IsGivenBack(std::string_view benefit) {
  return benefit == kRefundLine || benefit == kCreditLine;
}

Result<Done> InsertLines(Tx& tx, const ClaimNumber& number, const std::vector<ClaimLine>& lines);
/// Of all decisions there were, in their order.
Result<std::vector<ClaimLine>> ListLines(Tx& tx, const ClaimNumber& number);

/// Notes that a claim has a trait, such as an account, which others may have too.
Result<Done> NoteTrait(Tx& tx, const Agency& agency, std::string_view kind, std::string_view value,
                       const ClaimNumber& number);
/// How many people have claims with it; counts to a hundred.
Result<std::int64_t> CountPeopleOfTrait(Tx& tx, const Agency& agency, std::string_view kind,
                                        std::string_view value);

}  // namespace jaring
