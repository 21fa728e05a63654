#include "channels/http/signature_verifier.h"

#include <algorithm>

#include "access/device.h"
#include "access/partner_client.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

struct Owner {
  std::optional<Principal> principal;
  std::int64_t requests_per_minute = 0;
};

Result<Owner> OwnerOf(Tx& tx, const SigningKey& key) {
  Owner owner;
  if (key.owner_kind == ActorKind::kPartnerClient) {
    JARING_ASSIGN_OR_RETURN(const PartnerClient client, FindPartnerClient(tx, key.owner_id));
    if (!client.revoked_at) {
      owner.principal = PrincipalOf(client);
    }
    return owner;
  }
  JARING_ASSIGN_OR_RETURN(const Device device, FindDevice(tx, key.owner_id));
  JARING_ASSIGN_OR_RETURN(owner.principal, PrincipalOf(tx, device));
  owner.requests_per_minute = device.limits.requests_per_minute;
  return owner;
}

}  // namespace

SignatureVerifier::SignatureVerifier(Database& database, std::function<Instant()> now,
                                     std::function<std::int64_t()> servers)
    : database_(database), now_(std::move(now)), servers_(std::move(servers)) {}

Result<std::optional<Principal>> SignatureVerifier::Check(const HttpRequest& request) {
  JARING_ASSIGN_OR_RETURN(const auto signature, ReadMessageSignature(request));
  if (!signature) {
    return std::optional<Principal>();
  }
  const Instant now = now_();
  JARING_RETURN_IF_ERROR(CheckMessageSignature(request, *signature, now));
  JARING_ASSIGN_OR_RETURN(const Signer signer, Find(signature->key_id, now));
  JARING_ASSIGN_OR_RETURN(const std::string base, SignatureBase(request, *signature));
  JARING_RETURN_IF_ERROR(VerifyEd25519(signer.public_key, base, signature->signature));
  // Only what is really signed counts: nobody else can use up nonces or a device's requests.
  JARING_RETURN_IF_ERROR(UseOnce(*signature, now));
  JARING_RETURN_IF_ERROR(CountRequest(signer, now));
  return std::optional(signer.principal);
}

Result<SignatureVerifier::Signer> SignatureVerifier::Find(const std::string& key_id, Instant now) {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key_id);
    if (found != by_key_.end() && now.micros() < found->second.until_micros) {
      return found->second;
    }
    generation = generation_;
  }
  std::optional<Signer> signer;
  JARING_RETURN_IF_ERROR(database_.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto key, FindSigningKey(tx, key_id, now));
    if (!key) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(const Owner owner, OwnerOf(tx, *key));
    if (owner.principal) {
      const std::int64_t until = now.micros() + kRememberMicros;
      signer = Signer{key->public_key, *owner.principal, owner.requests_per_minute,
                      key->valid_until ? std::min(until, key->valid_until->micros()) : until};
    }
    return Done{};
  }));
  if (!signer) {
    return Invalid("signature.key_unknown");
  }
  const std::lock_guard lock(mutex_);
  if (generation == generation_) {
    if (by_key_.size() >= kMostKeys) {
      by_key_.clear();
    }
    by_key_[key_id] = *signer;
  }
  return std::move(*signer);
}

Result<Done> SignatureVerifier::UseOnce(const MessageSignature& signature, Instant now) {
  // Key ids hold no space.
  const std::string digest = Sha256(signature.key_id + " " + signature.nonce);
  Fingerprint fingerprint{};
  std::copy_n(digest.begin(), fingerprint.size(), fingerprint.begin());
  const std::lock_guard lock(mutex_);
  while (!used_.empty() && (used_.begin()->first + 1) * kMinute <= now.micros()) {
    used_count_ -= used_.begin()->second.size();
    used_.erase(used_.begin());
  }
  // The same nonce may come with another expiry: it is the same nonce.
  for (const auto& [minute, fingerprints] : used_) {
    if (fingerprints.count(fingerprint) > 0) {
      return Invalid("signature.replayed");
    }
  }
  if (used_count_ >= kMostNonces) {
    return Error{ErrorCode::kUnavailable, "signature.too_many", ""};
  }
  used_[signature.forget_at().micros() / kMinute].insert(fingerprint);
  ++used_count_;
  return Done{};
}

Result<Done> SignatureVerifier::CountRequest(const Signer& signer, Instant now) {
  if (signer.requests_per_minute == 0) {
    return Done{};
  }
  const std::lock_guard lock(mutex_);
  if (by_device_.size() >= kMostKeys) {
    by_device_.clear();
  }
  Minute& minute = by_device_[signer.principal.device_id];
  if (minute.number != now.micros() / kMinute) {
    minute = {now.micros() / kMinute, 0};
  }
  const std::int64_t servers = servers_ ? servers_() : 1;
  if (++minute.requests > std::max<std::int64_t>(signer.requests_per_minute / servers, 1)) {
    return Invalid("device.too_many_requests");
  }
  return Done{};
}

void SignatureVerifier::ForgetKeys() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  by_key_.clear();
}

}  // namespace jaring
