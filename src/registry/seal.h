#pragma once

// What is stored sealed. Identity numbers are one AES-256 block each, so that equal numbers are
// equal blocks and can be looked up, but a stolen database file without the key tells nothing.
// Other texts are sealed with a nonce, so that not even equality shows. Both name the version of
// their key.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "registry/key_file.h"

namespace jaring {

/// A sealed identity number as it is stored: the block, and before it the version of its key unless
/// that is 1.
class SealedBlock {
 public:
  static constexpr std::size_t kBlockBytes = 16;

  SealedBlock() = default;  // Of no version.
  /// Errors: seal.not_a_block.
  static Result<SealedBlock> Parse(std::string_view stored);

  std::string_view view() const { return {bytes_.data(), size_}; }
  int version() const {
    return size_ == kBlockBytes ? 1 : static_cast<int>(static_cast<unsigned char>(bytes_[0]));
  }
  friend bool operator==(const SealedBlock& a, const SealedBlock& b) {
    return a.view() == b.view();
  }

 private:
  friend class Sealer;
  std::array<char, kBlockBytes + 1> bytes_{};
  std::uint8_t size_ = 0;
};

inline std::string_view View(const SealedBlock& block) {
  return block.view();
}

/// Seals and unseals with the keys of a key file. It seals with the newest version it was told to
/// use, and unseals with any.
///
/// Which version is to be used the database says: a transaction that writes what it seals calls
/// FindLiveKeys (registry/live_keys.h) first.
///
/// Thread: any number of callers.
class Sealer {
 public:
  static constexpr std::size_t kKeyBytes = kSealKeyBytes;
  static constexpr std::size_t kMaxTextBytes = 1U << 20U;
  static constexpr std::size_t kTextOverhead = 1 + 24 + 16 + 16;  // Version, nonce, context, tag.

  /// With one key of kKeyBytes bytes, version 1.
  explicit Sealer(std::string_view key);
  /// With the keys of a file, which is read again when the database names a version not in `ring`.
  Sealer(const KeyRing& ring, std::filesystem::path file);
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  ~Sealer();

  /// What is sealed is sealed with this version.
  int version() const;
  /// The newest version known that is not retired.
  int newest() const;
  /// Reads the key file again when this version is not known.
  ///
  /// Errors: key_file.version_missing, and those of ReadKeyFile.
  Result<Done> Know(int version) const;
  /// From now on seals with this version, or keeps a newer one.
  ///
  /// Errors: those of Know.
  Result<Done> Use(int version) const;

  /// Seals at most 16 characters, none of them NUL: a NIK or a phone number. The second form seals
  /// with a version that is known.
  SealedBlock Seal(std::string_view digits) const { return Seal(digits, version()); }
  SealedBlock Seal(std::string_view digits, int version) const;

  /// Errors: seal.not_a_block, and those of Know.
  Result<std::string> Unseal(std::string_view block) const;

  /// The same number sealed with another version that is known.
  ///
  /// Errors: those of Unseal.
  Result<SealedBlock> Reseal(const SealedBlock& block, int version) const;

  /// Seals any bytes; the same bytes sealed twice look different. What is sealed for one `context`
  /// ("table.column" and the row's key, say) cannot be unsealed for another, so that nobody who
  /// can write to the database can move it to another place. The first byte is the key's version.
  /// A column that holds such texts joins the list that `jaring key rotate` goes through
  /// (registry/sealed_column.h).
  ///
  /// Limit:  kMaxTextBytes; the sealed text is kTextOverhead bytes longer.
  /// Errors: seal.text_too_long.
  Result<std::string> SealText(std::string_view text, std::string_view context) const;

  /// Errors: seal.not_a_text (altered, cut, or sealed for another context or with another key), and
  /// those of Know.
  Result<std::string> UnsealText(std::string_view sealed, std::string_view context) const;

  /// The same text, for the same context, sealed with another version that is known.
  ///
  /// Errors: seal.not_a_text, and those of Know.
  Result<std::string> ResealText(std::string_view sealed, int version) const;

  /// Key of the audit chain; it stays the same when keys are rotated.
  const std::string& audit_key() const { return audit_key_; }

  /// A key of 32 bytes for one purpose, such as "login/sms-code"; it tells nothing about the
  /// others and stays the same when keys are rotated.
  std::string DeriveKey(std::string_view purpose) const;

  /// A digest of 32 bytes that cannot be tried out without the key: of bodies and files that may
  /// hold a NIK, which has few enough digits to be guessed from a plain digest. It stays the same
  /// when keys are rotated.
  std::string Fingerprint(std::string_view data) const;

 private:
  struct Keys;

  void Add(const KeyRing& ring) const;
  Result<std::string> OpenText(std::string_view sealed) const;
  std::string CloseText(std::string_view text, int version) const;

  const std::filesystem::path file_;
  const std::unique_ptr<Keys> keys_;
  std::string first_key_;
  std::string audit_key_;
  std::string fingerprint_key_;
};

/// Version of the key a stored block is sealed with; 0 when it is no block.
int VersionOfBlock(std::string_view stored);
/// Version of the key a sealed text is sealed with; 0 when it is too short to be one.
int VersionOfText(std::string_view stored);

/// Bytes nobody can guess.
std::string RandomBytes(std::size_t count);

/// SHA-256 of `data`, 32 bytes.
std::string Sha256(std::string_view data);

}  // namespace jaring
