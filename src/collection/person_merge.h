#pragma once

// Two persons of the register are one: which money and months count, and how it is undone. The
// reasons: docs/decisions/013-merge-of-persons.md.

#include <cstdint>

#include "registry/agency.h"

namespace jaring {

/// The person whose numbers, name and open membership go on, and the one found to be the same.
struct MergePair {
  std::int64_t kept_person_id = 0;
  std::int64_t merged_person_id = 0;
};

/// Could they be merged now?
///
/// Errors, first match wins: member.unknown, merge.same_person, merge.merged_already (either is
/// merged into somebody, or somebody was merged into `merged`), merge.keep_the_other (the merged
/// one is paid for later months), merge.kept_has_ended (and the merged one has not),
/// month.being_posted.
Result<Done> CheckMerge(Tx& tx, const Agency& agency, const MergePair& pair);

/// Merges; its number. Both histories stay where they are. Months paid twice are taken back from
/// the shorter run and become credit; all credit goes to the kept person. No covered month is lost.
///
/// Errors: those of CheckMerge, tariff.none_for_month, and those of Tx.
Result<std::int64_t> MergePersons(Tx& tx, const Agency& agency, const MergePair& pair, Instant now);

/// Who was merged.
///
/// Errors: merge.unknown, merge.undone_already.
Result<MergePair> FindMerge(Tx& tx, std::int64_t merge_id);

/// Undoes a merge: both stand as if they had never been one. Payments that came on the merged
/// person's number since go to her.
///
/// Errors: merge.unknown, merge.undone_already, merge.later_one_first (into the same person),
/// merge.refunded_since (money was given back with a claim), month.being_posted.
Result<MergePair> UndoMerge(Tx& tx, const Agency& agency, std::int64_t merge_id, Instant now);

/// Why this payment cannot be taken back while its person is merged; empty when it can: a payment
/// from before a merge was weighed in it, one from before a refund by that.
Result<std::string_view> WhyNotReversible(Tx& tx, std::int64_t person_id, std::int64_t payment_id);

}  // namespace jaring
