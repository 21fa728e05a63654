#pragma once

// Papers of a claim: brought, kept sealed, shown again.

#include <string>
#include <vector>

#include "claims/claim_book.h"
#include "claims/paper_store.h"

namespace jaring {

struct StoredPaper {
  int paper_no = 0;
  std::string code;  // Of the scheme's list (ClaimPaper).
  std::string media_type;
  std::int64_t bytes = 0;
  Instant added_at = Instant::FromMicros(0);
};

/// Keeps a paper with the claim. The same bytes are kept once, whoever brings them. The file is on
/// the disk before this returns, so that no claim names one that is not.
///
/// Errors: claim.unknown, claim.not_open, paper.code_unknown, paper.too_many (50 a claim), those of
/// MediaTypeOf and of PaperStore.
Result<StoredPaper> AddPaper(Tx& tx, const Agency& agency, PaperStore& store,
                             const ClaimNumber& number, std::string_view code,
                             std::string_view bytes, const ClaimAct& act);

Result<std::vector<StoredPaper>> ListPapers(Tx& tx, const ClaimNumber& number);

struct PaperBytes {
  std::string media_type;
  std::string bytes;
};

/// Errors: paper.unknown, paper.missing (the file is gone), paper.damaged, paper.store_failed.
Result<PaperBytes> ReadPaper(Tx& tx, const Agency& agency, PaperStore& store,
                             const ClaimNumber& number, int paper_no);

}  // namespace jaring
