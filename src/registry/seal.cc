#include "registry/seal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <vector>

namespace jaring {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kContextBytes = 16;
constexpr std::size_t kBlockBytes = SealedBlock::kBlockBytes;
static_assert(Sealer::kTextOverhead == 1 + kNonceBytes + kContextBytes + kTagBytes);
static_assert(Sealer::kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* Unsigned(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// HKDF-SHA-256 of `key` for `purpose`.
///
/// Source: RFC 5869.
std::string Derive(std::string_view key, std::string_view purpose) {
  EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* const context = EVP_KDF_CTX_new(algorithm);
  std::string secret(key);
  std::string info = "jaring/" + std::string(purpose);
  std::string digest = "SHA256";
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  std::string derived(Sealer::kKeyBytes, '\0');
  JARING_CHECK(context != nullptr &&
               EVP_KDF_derive(context, Unsigned(derived), derived.size(), parameters.data()) == 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(algorithm);
  sodium_memzero(secret.data(), secret.size());
  return derived;
}

/// AES-256 of single blocks, in both directions.
class BlockCipher {
 public:
  explicit BlockCipher(std::string_view key) {
    JARING_CHECK(key.size() == Sealer::kKeyBytes);
    JARING_CHECK(EVP_EncryptInit_ex(seal_, EVP_aes_256_ecb(), nullptr, Unsigned(key), nullptr) ==
                 1);
    JARING_CHECK(EVP_DecryptInit_ex(unseal_, EVP_aes_256_ecb(), nullptr, Unsigned(key), nullptr) ==
                 1);
    EVP_CIPHER_CTX_set_padding(seal_, 0);
    EVP_CIPHER_CTX_set_padding(unseal_, 0);
  }
  BlockCipher(const BlockCipher&) = delete;
  BlockCipher& operator=(const BlockCipher&) = delete;
  ~BlockCipher() {
    EVP_CIPHER_CTX_free(seal_);
    EVP_CIPHER_CTX_free(unseal_);
  }

  void Seal(const char* plain, char* sealed) {
    int length = 0;
    const std::lock_guard lock(mutex_);
    JARING_CHECK(EVP_EncryptUpdate(seal_, reinterpret_cast<unsigned char*>(sealed), &length,
                                   reinterpret_cast<const unsigned char*>(plain),
                                   static_cast<int>(kBlockBytes)) == 1);
    JARING_CHECK(length == static_cast<int>(kBlockBytes));
  }

  void Unseal(const char* sealed, char* plain) {
    int length = 0;
    const std::lock_guard lock(mutex_);
    JARING_CHECK(EVP_DecryptUpdate(unseal_, reinterpret_cast<unsigned char*>(plain), &length,
                                   reinterpret_cast<const unsigned char*>(sealed),
                                   static_cast<int>(kBlockBytes)) == 1);
    JARING_CHECK(length == static_cast<int>(kBlockBytes));
  }

 private:
  EVP_CIPHER_CTX* const seal_ = EVP_CIPHER_CTX_new();
  EVP_CIPHER_CTX* const unseal_ = EVP_CIPHER_CTX_new();
  std::mutex mutex_;  // OpenSSL's contexts serve one caller at a time.
};

/// What one version seals with. The block key of version 1 is the key itself: databases older than
/// the versions are sealed with it.
struct VersionKeys {
  explicit VersionKeys(const VersionedKey& key)
      : blocks(key.version == 1 ? key.key : Derive(key.key, "seal/block")),
        text_key(Derive(key.key, "seal/text")) {}
  BlockCipher blocks;
  const std::string text_key;
};

/// Sealed with the text: unsealing shows which context it was sealed for.
std::string ContextMark(std::string_view context) {
  return Sha256(context).substr(0, kContextBytes);
}

}  // namespace

/// Versions are added while others read: each is published by its atomic pointer and stays.
struct Sealer::Keys {
  std::array<std::atomic<VersionKeys*>, kMaxKeyVersion + 1> by_version{};
  std::atomic<int> in_use = 1;
  std::atomic<int> newest = 1;
  std::mutex adding;
  std::vector<std::unique_ptr<VersionKeys>> owned;

  VersionKeys* Find(int version) const {
    return version < 1 || version > kMaxKeyVersion
               ? nullptr
               : by_version[static_cast<std::size_t>(version)].load(std::memory_order_acquire);
  }
  VersionKeys& Known(int version) const {
    VersionKeys* const found = Find(version);
    JARING_CHECK(found != nullptr);
    return *found;
  }
};

Result<SealedBlock> SealedBlock::Parse(std::string_view stored) {
  SealedBlock block;
  if (VersionOfBlock(stored) == 0) {
    return Internal("seal.not_a_block");
  }
  block.size_ = static_cast<std::uint8_t>(stored.size());
  std::memcpy(block.bytes_.data(), stored.data(), stored.size());
  return block;
}

int VersionOfBlock(std::string_view stored) {
  if (stored.size() == kBlockBytes) {
    return 1;
  }
  const int version =
      stored.size() == kBlockBytes + 1 ? static_cast<unsigned char>(stored.front()) : 0;
  return version >= 2 && version <= kMaxKeyVersion ? version : 0;
}

int VersionOfText(std::string_view stored) {
  const int version =
      stored.size() >= Sealer::kTextOverhead ? static_cast<unsigned char>(stored.front()) : 0;
  return version <= kMaxKeyVersion ? version : 0;
}

Sealer::Sealer(std::string_view key)
    : Sealer(KeyRing{{.version = 1, .added_on = "-", .key = std::string(key)}}, {}) {}

Sealer::Sealer(const KeyRing& ring, std::filesystem::path file)
    : file_(std::move(file)), keys_(std::make_unique<Keys>()) {
  JARING_CHECK(sodium_init() >= 0);
  JARING_CHECK(!ring.empty() && ring.front().version == 1);
  Add(ring);
  first_key_ = ring.front().key;
  audit_key_ = Derive(first_key_, "audit");
  fingerprint_key_ = Derive(first_key_, "fingerprint");
}

Sealer::~Sealer() {
  sodium_memzero(first_key_.data(), first_key_.size());
}

void Sealer::Add(const KeyRing& ring) const {
  const std::lock_guard lock(keys_->adding);
  int newest = 1;
  for (const VersionedKey& key : ring) {
    if (keys_->Find(key.version) == nullptr) {
      keys_->owned.push_back(std::make_unique<VersionKeys>(key));
      keys_->by_version[static_cast<std::size_t>(key.version)].store(keys_->owned.back().get(),
                                                                     std::memory_order_release);
    }
    newest = key.state == KeyState::kLive ? key.version : newest;
  }
  keys_->newest = newest;
}

int Sealer::version() const {
  return keys_->in_use.load(std::memory_order_acquire);
}

int Sealer::newest() const {
  return keys_->newest;
}

Result<Done> Sealer::Know(int version) const {
  if (keys_->Find(version) != nullptr) {
    return Done{};
  }
  if (!file_.empty()) {
    JARING_ASSIGN_OR_RETURN(const KeyRing ring, ReadKeyFile(file_));
    Add(ring);
  }
  return keys_->Find(version) != nullptr
             ? Result<Done>(Done{})
             : Error{ErrorCode::kUnavailable, "key_file.version_missing", std::to_string(version)};
}

Result<Done> Sealer::Use(int version) const {
  JARING_RETURN_IF_ERROR(Know(version));
  // Never back to an older one: a reader of an old snapshot would have a writer seal with it.
  int in_use = keys_->in_use.load();
  while (in_use < version && !keys_->in_use.compare_exchange_weak(in_use, version)) {
  }
  return Done{};
}

SealedBlock Sealer::Seal(std::string_view digits, int version) const {
  JARING_CHECK(digits.size() <= kBlockBytes);
  std::array<char, kBlockBytes> plain{};
  std::memcpy(plain.data(), digits.data(), digits.size());
  const std::size_t at = version == 1 ? 0 : 1;
  SealedBlock sealed;
  sealed.bytes_[0] = static_cast<char>(version);
  sealed.size_ = static_cast<std::uint8_t>(at + kBlockBytes);
  keys_->Known(version).blocks.Seal(plain.data(), sealed.bytes_.data() + at);
  return sealed;
}

Result<std::string> Sealer::Unseal(std::string_view block) const {
  const int version = VersionOfBlock(block);
  if (version == 0) {
    return Internal("seal.not_a_block");
  }
  JARING_RETURN_IF_ERROR(Know(version));
  std::array<char, kBlockBytes> plain{};
  keys_->Known(version).blocks.Unseal(block.data() + block.size() - kBlockBytes, plain.data());
  const std::string_view text(plain.data(), plain.size());
  return std::string(text.substr(0, text.find('\0')));
}

Result<SealedBlock> Sealer::Reseal(const SealedBlock& block, int version) const {
  if (block.version() == version) {
    return block;
  }
  JARING_ASSIGN_OR_RETURN(const std::string digits, Unseal(block.view()));
  return Seal(digits, version);
}

std::string Sealer::CloseText(std::string_view text, int version) const {
  // The version belongs to what is authenticated.
  const std::string additional(1, static_cast<char>(version));
  std::string sealed = additional + RandomBytes(kNonceBytes);
  sealed.resize(1 + kNonceBytes + text.size() + kTagBytes);
  unsigned char* const out = Unsigned(sealed);
  JARING_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(
                   out + 1 + kNonceBytes, nullptr, Unsigned(text), text.size(),
                   Unsigned(std::string_view(additional)), additional.size(), nullptr, out + 1,
                   Unsigned(std::string_view(keys_->Known(version).text_key))) == 0);
  return sealed;
}

Result<std::string> Sealer::OpenText(std::string_view sealed) const {
  const int version = VersionOfText(sealed);
  if (version == 0 || sealed.size() > kMaxTextBytes + kTextOverhead) {
    return Internal("seal.not_a_text");
  }
  JARING_RETURN_IF_ERROR(Know(version));
  const std::string_view nonce = sealed.substr(1, kNonceBytes);
  const std::string_view body = sealed.substr(1 + kNonceBytes);
  std::string text(body.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          Unsigned(text), nullptr, nullptr, Unsigned(body), body.size(), Unsigned(sealed), 1,
          Unsigned(nonce), Unsigned(std::string_view(keys_->Known(version).text_key))) != 0) {
    return Internal("seal.not_a_text");
  }
  return text;
}

Result<std::string> Sealer::SealText(std::string_view text, std::string_view context) const {
  if (text.size() > kMaxTextBytes) {
    return Invalid("seal.text_too_long", std::to_string(text.size()));
  }
  return CloseText(ContextMark(context) + std::string(text), version());
}

Result<std::string> Sealer::UnsealText(std::string_view sealed, std::string_view context) const {
  JARING_ASSIGN_OR_RETURN(std::string marked, OpenText(sealed));
  if (sodium_memcmp(marked.data(), ContextMark(context).data(), kContextBytes) != 0) {
    return Internal("seal.not_a_text");
  }
  return marked.substr(kContextBytes);
}

Result<std::string> Sealer::ResealText(std::string_view sealed, int version) const {
  JARING_ASSIGN_OR_RETURN(const std::string marked, OpenText(sealed));
  return CloseText(marked, version);
}

std::string Sealer::DeriveKey(std::string_view purpose) const {
  return Derive(first_key_, "purpose/" + std::string(purpose));
}

std::string Sealer::Fingerprint(std::string_view data) const {
  std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
  static_assert(crypto_auth_hmacsha256_KEYBYTES == kKeyBytes);
  crypto_auth_hmacsha256(Unsigned(digest), Unsigned(data), data.size(),
                         Unsigned(std::string_view(fingerprint_key_)));
  return digest;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  JARING_CHECK(RAND_bytes(Unsigned(bytes), static_cast<int>(bytes.size())) == 1);
  return bytes;
}

std::string Sha256(std::string_view data) {
  // Found once: OpenSSL would look it up for each digest, which takes longer than a token's digest.
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  JARING_CHECK(EVP_Digest(data.data(), data.size(), Unsigned(digest), nullptr, method, nullptr) ==
               1);
  return digest;
}

}  // namespace jaring
