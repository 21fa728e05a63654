#pragma once

// Identity numbers as they are stored: one AES-256 block, so that equal numbers are equal blocks
// and can be looked up, but a stolen database file without the key tells nothing.

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// Sixteen bytes.
using SealedBlock = std::array<char, 16>;

inline std::string_view View(const SealedBlock& block) {
  return {block.data(), block.size()};
}

/// Thread: any number of callers.
class Sealer {
 public:
  static constexpr std::size_t kKeyBytes = 32;

  /// `key` has kKeyBytes bytes.
  explicit Sealer(std::string_view key);
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  ~Sealer();

  /// Seals at most 16 characters, none of them NUL: a NIK or a phone number.
  SealedBlock Seal(std::string_view digits) const;

  /// Errors: seal.not_a_block.
  Result<std::string> Unseal(std::string_view block) const;

 private:
  struct Ciphers;
  std::unique_ptr<Ciphers> ciphers_;
  mutable std::mutex mutex_;  // OpenSSL's contexts serve one caller at a time.
};

/// Makes a new key file, readable by its owner only; keeps one that is there.
///
/// Errors: key_file.not_writable.
Result<Done> EnsureKeyFile(const std::filesystem::path& path);

/// Errors: key_file.missing, key_file.malformed.
Result<std::string> ReadKeyFile(const std::filesystem::path& path);

/// Bytes nobody can guess.
std::string RandomBytes(std::size_t count);

/// SHA-256 of `data`, 32 bytes.
std::string Sha256(std::string_view data);

}  // namespace jaring
