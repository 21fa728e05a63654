#include "claims/claim_paper.h"

#include <sodium.h>

#include <algorithm>

#include "base/text.h"
#include "claims/claims_sql.h"
#include "claims/paper_content.h"
#include "registry/live_keys.h"

namespace jaring {
namespace {

constexpr std::size_t kMostPapers = 50;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kKey = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* BytesOf(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// Nonce, then the bytes sealed for the place they lie at.
std::string SealBytes(std::string_view bytes, std::string_view key, std::string_view digest) {
  const std::string nonce = RandomBytes(kNonce);
  std::string sealed(bytes.size() + kTag, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(BytesOf(sealed), nullptr, BytesOf(bytes), bytes.size(),
                                             BytesOf(digest), digest.size(), nullptr,
                                             BytesOf(std::string_view(nonce)), BytesOf(key));
  return nonce + sealed;
}

Result<std::string> OpenBytes(std::string_view sealed, std::string_view key,
                              std::string_view digest) {
  if (sealed.size() < kNonce + kTag || key.size() != kKey) {
    return Internal("paper.damaged");
  }
  std::string bytes(sealed.size() - kNonce - kTag, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      BytesOf(bytes), nullptr, nullptr, BytesOf(sealed) + kNonce, sealed.size() - kNonce,
      BytesOf(digest), digest.size(), BytesOf(sealed), BytesOf(key));
  return opened == 0 ? Result<std::string>(std::move(bytes)) : Internal("paper.damaged");
}

struct Content {
  std::string media_type;
  std::int64_t bytes = 0;
  std::string key_sealed;
};

Result<std::optional<Content>> FindContent(Tx& tx, std::string_view digest) {
  std::optional<Content> content;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPaperContent, {Bytes{digest}}, [&](const Row& row) {
    content = Content{std::string(row.Text(0)), row.Int(1), std::string(row.Blob(2))};
  }));
  return content;
}

std::string KeyContext(std::string_view digest) {
  return "paper_content/key_sealed " + ToHex(digest);
}

/// The bytes into the store, under a key of their own, unless they lie there.
Result<Done> KeepContent(Tx& tx, const Agency& agency, PaperStore& store, std::string_view digest,
                         std::string_view media_type, std::string_view bytes) {
  JARING_ASSIGN_OR_RETURN(const auto known, FindContent(tx, digest));
  std::string key;
  if (known) {
    if (store.Get(ToHex(digest))) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(key, agency.sealer.UnsealText(known->key_sealed, KeyContext(digest)));
  } else {
    JARING_RETURN_IF_ERROR(FindLiveKeys(tx, agency.sealer));
    key = RandomBytes(kKey);
    JARING_ASSIGN_OR_RETURN(const std::string key_sealed,
                            agency.sealer.SealText(key, KeyContext(digest)));
    JARING_RETURN_IF_ERROR(tx.Run(
        sql::kInsertPaperContent,
        {Bytes{digest}, media_type, static_cast<std::int64_t>(bytes.size()), Bytes{key_sealed}}));
  }
  return store.Put(ToHex(digest), SealBytes(bytes, key, digest));
}

struct PaperRow {
  StoredPaper paper;
  std::string digest;
};

Result<std::vector<PaperRow>> ListRows(Tx& tx, const ClaimNumber& number) {
  std::vector<PaperRow> rows;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListClaimPapers, {number.person_id, number.claim_seq}, [&](const Row& row) {
        rows.push_back({{.paper_no = static_cast<int>(row.Int(0)),
                         .code = std::string(row.Text(1)),
                         .media_type = "",
                         .added_at = Instant::FromMicros(row.Int(3))},
                        std::string(row.Blob(2))});
      }));
  for (PaperRow& row : rows) {
    JARING_ASSIGN_OR_RETURN(const auto content, FindContent(tx, row.digest));
    if (content) {
      row.paper.media_type = content->media_type;
      row.paper.bytes = content->bytes;
    }
  }
  return rows;
}

bool TakesPapers(ClaimState state) {
  return !IsClosed(state) || state == ClaimState::kRefused;
}

}  // namespace

Result<StoredPaper> AddPaper(Tx& tx, const Agency& agency, PaperStore& store,
                             const ClaimNumber& number, std::string_view code,
                             std::string_view bytes, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(const Claim claim, FindClaim(tx, number));
  if (!TakesPapers(claim.state)) {
    return Conflict("claim.not_open", std::string(ClaimStateCode(claim.state)));
  }
  const auto& known = agency.scheme.claim_papers;
  if (std::none_of(known.begin(), known.end(),
                   [code](const ClaimPaper& paper) { return paper.code == code; })) {
    return Invalid("paper.code_unknown", std::string(code.substr(0, 40)));
  }
  JARING_ASSIGN_OR_RETURN(const std::string_view media_type, MediaTypeOf(bytes));
  JARING_ASSIGN_OR_RETURN(const auto rows, ListRows(tx, number));
  if (rows.size() >= kMostPapers) {
    return Conflict("paper.too_many");
  }
  const std::string digest = agency.sealer.Fingerprint("paper " + std::string(bytes));
  JARING_RETURN_IF_ERROR(KeepContent(tx, agency, store, digest, media_type, bytes));
  const StoredPaper paper{.paper_no = static_cast<int>(rows.size()) + 1,
                          .code = std::string(code),
                          .media_type = std::string(media_type),
                          .bytes = static_cast<std::int64_t>(bytes.size()),
                          .added_at = act.now};
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertClaimPaper,
             {number.person_id, number.claim_seq, paper.paper_no, code, Bytes{digest},
              act.now.micros(), static_cast<std::int64_t>(act.who.kind), act.who.id}));
  JARING_RETURN_IF_ERROR(NoteTrait(tx, agency, "paper", digest, number));
  return paper;
}

Result<std::vector<StoredPaper>> ListPapers(Tx& tx, const ClaimNumber& number) {
  JARING_ASSIGN_OR_RETURN(const auto rows, ListRows(tx, number));
  std::vector<StoredPaper> papers;
  papers.reserve(rows.size());
  for (const PaperRow& row : rows) {
    papers.push_back(row.paper);
  }
  return papers;
}

Result<PaperBytes> ReadPaper(Tx& tx, const Agency& agency, PaperStore& store,
                             const ClaimNumber& number, int paper_no) {
  JARING_ASSIGN_OR_RETURN(const auto rows, ListRows(tx, number));
  for (const PaperRow& row : rows) {
    if (row.paper.paper_no != paper_no) {
      continue;
    }
    JARING_ASSIGN_OR_RETURN(const auto content, FindContent(tx, row.digest));
    if (!content) {
      return Internal("paper.damaged");
    }
    JARING_ASSIGN_OR_RETURN(const std::string key,
                            agency.sealer.UnsealText(content->key_sealed, KeyContext(row.digest)));
    JARING_ASSIGN_OR_RETURN(const std::string sealed, store.Get(ToHex(row.digest)));
    JARING_ASSIGN_OR_RETURN(std::string bytes, OpenBytes(sealed, key, row.digest));
    return PaperBytes{content->media_type, std::move(bytes)};
  }
  return NotFound("paper.unknown");
}

}  // namespace jaring
