#include "registry/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "registry/seal.h"

namespace jaring {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64U << 10U;  // Far above kMaxKeyVersion lines.
constexpr std::string_view kHeader =
    "# Keys of a Jaring database. Keep a copy of this file apart from the database, and never "
    "take\n"
    "# a line out: what was sealed with that key could not be read again.\n"
    "# version date state key\n";

Error NotWritable(const fs::path& path) {
  return {ErrorCode::kUnavailable, "key_file.not_writable", path.string()};
}

/// An open file or folder.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      close(number_);
    }
  }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  const int number_;
};

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

fs::path FolderOf(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// The key file's folder, ours alone until this ends: of two that read the same ring and added to
/// it one would lose its key.
class LockedFolder {
 public:
  explicit LockedFolder(const fs::path& path)
      : folder_(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        is_locked_(folder_.is_open() && flock(folder_.number(), LOCK_EX) == 0) {}
  bool is_locked() const { return is_locked_; }
  bool Sync() const { return fsync(folder_.number()) == 0; }

 private:
  const Descriptor folder_;
  const bool is_locked_;
};

/// Writes `text` under another name, to the disk, and then gives it its own: a key is never half
/// there. What a crash leaves under the other name the next writer removes.
Result<Done> WriteWhole(const LockedFolder& folder, const fs::path& path, std::string_view text) {
  const std::string making = path.string() + ".new";
  unlink(making.c_str());
  constexpr mode_t kOwnerOnly = 0600;
  bool written = false;
  if (const Descriptor file(
          open(making.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
      file.is_open()) {
    written = WriteAll(file.number(), text) && fsync(file.number()) == 0;
  }
  const bool done = written && rename(making.c_str(), path.c_str()) == 0 && folder.Sync();
  unlink(making.c_str());
  return done ? Result<Done>(Done{}) : NotWritable(path);
}

std::string Hex(std::string_view key) {
  std::string hex(key.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(key.data()),
                 key.size());
  hex.pop_back();
  return hex;
}

std::optional<std::string> FromHexKey(std::string_view hex) {
  std::string key(kSealKeyBytes, '\0');
  std::size_t size = 0;
  if (hex.size() != 2 * kSealKeyBytes ||
      sodium_hex2bin(reinterpret_cast<unsigned char*>(key.data()), key.size(), hex.data(),
                     hex.size(), nullptr, &size, nullptr) != 0 ||
      size != kSealKeyBytes) {
    return std::nullopt;
  }
  return key;
}

std::string TextOf(const KeyRing& ring) {
  std::string text(kHeader);
  for (const VersionedKey& key : ring) {
    text += std::to_string(key.version) + " " + key.added_on + " " +
            (key.state == KeyState::kLive ? "live" : "retired") + " " + Hex(key.key) + "\n";
  }
  return text;
}

std::optional<VersionedKey> ParseLine(std::string_view line) {
  const auto words = Split(line, ' ');
  if (words.size() != 4 || (words[2] != "live" && words[2] != "retired") ||
      (words[1] != "-" && !Date::Parse(words[1]))) {
    return std::nullopt;
  }
  const auto version = ParseInteger(words[0]);
  auto key = FromHexKey(words[3]);
  if (!version || *version < 1 || *version > kMaxKeyVersion || !key) {
    return std::nullopt;
  }
  return VersionedKey{.version = static_cast<int>(*version),
                      .added_on = std::string(words[1]),
                      .state = words[2] == "live" ? KeyState::kLive : KeyState::kRetired,
                      .key = *std::move(key)};
}

/// Nothing when any line is wrong: half a ring would read half of the people.
std::optional<KeyRing> ParseRing(std::string_view text) {
  KeyRing ring;
  if (text.size() == kSealKeyBytes) {
    ring.push_back({.version = 1, .added_on = "-", .key = std::string(text)});
    return ring;
  }
  for (const std::string_view line : Split(text, '\n')) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    auto key = ParseLine(line);
    if (!key || (ring.empty() ? key->version != 1 : key->version <= ring.back().version)) {
      return std::nullopt;
    }
    ring.push_back(*std::move(key));
  }
  return ring.empty() || text.back() != '\n' ? std::nullopt : std::optional(std::move(ring));
}

/// Reads the ring, lets `change` have it and replaces the file.
Result<Done> ChangeKeyFile(const fs::path& path,
                           const std::function<Result<Done>(KeyRing&)>& change) {
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);  // A link stays a link.
  if (failed) {
    return NotFound("key_file.missing", path.string());
  }
  const LockedFolder folder(real);
  if (!folder.is_locked()) {
    return NotWritable(path);
  }
  JARING_ASSIGN_OR_RETURN(KeyRing ring, ReadKeyFile(real));
  JARING_RETURN_IF_ERROR(change(ring));
  return WriteWhole(folder, real, TextOf(ring));
}

}  // namespace

Result<Done> EnsureKeyFile(const fs::path& path, Date today) {
  if (access(path.c_str(), F_OK) == 0) {
    return Done{};
  }
  const LockedFolder folder(path);
  if (!folder.is_locked()) {
    return NotWritable(path);
  }
  if (access(path.c_str(), F_OK) == 0) {
    return Done{};  // Of two processes that begin together one wins.
  }
  const KeyRing ring = {
      {.version = 1, .added_on = today.ToString(), .key = RandomBytes(kSealKeyBytes)}};
  return WriteWhole(folder, path, TextOf(ring));
}

Result<KeyRing> ReadKeyFile(const fs::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || fstat(file.number(), &status) != 0) {
    return NotFound("key_file.missing", path.string());
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Conflict("key_file.open_to_others", path.string());
  }
  std::string text(kMaxFileBytes + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 1;
  while (got > 0 && size < text.size()) {
    got = read(file.number(), text.data() + size, text.size() - size);
    size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  }
  text.resize(size);
  auto ring = got < 0 || size > kMaxFileBytes ? std::nullopt : ParseRing(text);
  sodium_memzero(text.data(), text.size());
  if (!ring) {
    return Internal("key_file.malformed", path.string());
  }
  return *std::move(ring);
}

Result<int> AddKey(const fs::path& path, Date today) {
  int version = 0;
  JARING_RETURN_IF_ERROR(ChangeKeyFile(path, [&](KeyRing& ring) -> Result<Done> {
    version = ring.back().version + 1;
    if (version > kMaxKeyVersion) {
      return Conflict("key_file.full", path.string());
    }
    ring.push_back(
        {.version = version, .added_on = today.ToString(), .key = RandomBytes(kSealKeyBytes)});
    return Done{};
  }));
  return version;
}

Result<Done> NoteKeyRetired(const fs::path& path, int version) {
  return ChangeKeyFile(path, [&](KeyRing& ring) -> Result<Done> {
    const auto key = std::find_if(ring.begin(), ring.end(),
                                  [&](const VersionedKey& k) { return k.version == version; });
    if (key == ring.end()) {
      return NotFound("key.unknown_version", std::to_string(version));
    }
    key->state = KeyState::kRetired;
    return Done{};
  });
}

}  // namespace jaring
