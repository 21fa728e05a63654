#pragma once

// The key file: every version of the key that seals identities, one line each. A version is never
// taken out of it, because copies of the database may still be sealed with it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"

namespace jaring {

inline constexpr std::size_t kSealKeyBytes = 32;
/// A sealed value names its version in one byte.
inline constexpr int kMaxKeyVersion = 250;

enum class KeyState : std::uint8_t {
  kLive,
  kRetired,  // Seals nothing in the database any more.
};

/// One line of the key file.
struct VersionedKey {
  int version = 1;
  std::string added_on;  // YYYY-MM-DD; "-" for the first one of an old file.
  KeyState state = KeyState::kLive;
  std::string key;  // kSealKeyBytes bytes.
};

/// The keys of a file: rising versions, the first is 1.
using KeyRing = std::vector<VersionedKey>;

/// Makes a new key file with one key, readable by its owner only; keeps one that is there.
///
/// Errors: key_file.not_writable.
Result<Done> EnsureKeyFile(const std::filesystem::path& path, Date today);

/// Reads a key file. One of 32 bytes is the old form: the key alone, which is version 1.
///
/// Errors: key_file.missing, key_file.open_to_others, key_file.malformed; the first that applies.
Result<KeyRing> ReadKeyFile(const std::filesystem::path& path);

/// Adds a new version to the file and returns it. The file is replaced as a whole: after a crash it
/// is the old one or the new one. One caller at a time, also across processes.
///
/// Errors: key_file.full, key_file.not_writable, and those of ReadKeyFile.
Result<int> AddKey(const std::filesystem::path& path, Date today);

/// Notes in the file that nothing is sealed with this version any more; the key stays.
///
/// Errors: key.unknown_version, key_file.not_writable, and those of ReadKeyFile.
Result<Done> NoteKeyRetired(const std::filesystem::path& path, int version);

}  // namespace jaring
