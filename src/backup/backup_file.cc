#include "backup/backup_file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>

#include "backup/backup_manifest.h"

namespace jaring {
namespace {

/// A descriptor that closes itself.
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
  int number_;
};

/// SHA-256, piece by piece.
class Summing {
 public:
  Summing() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    JARING_CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void Add(std::string_view bytes) {
    JARING_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string Hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int size = 0;
    JARING_CHECK(EVP_DigestFinal_ex(context_.get(), sum.data(), &size) == 1);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += kDigits[sum.at(i) >> 4U];
      hex += kDigits[sum.at(i) & 15U];
    }
    return hex;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Error NotWritable(const std::filesystem::path& path) {
  return {ErrorCode::kUnavailable, "backup.not_writable", path.string() + ": " + strerror(errno)};
}

Result<Done> WriteAll(int to, std::string_view bytes, const std::filesystem::path& name) {
  while (!bytes.empty()) {
    const ssize_t written = write(to, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return NotWritable(name);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Done{};
}

/// Reads a file once, handing every piece on.
Result<FileSum> ReadThrough(const std::filesystem::path& path,
                            const std::function<Result<Done>(std::string_view)>& on_piece) {
  constexpr std::size_t kPiece = 1U << 20;
  const Descriptor from(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string piece(kPiece, '\0');
  FileSum sum;
  Summing summing;
  while (from.is_open()) {
    const ssize_t got = read(from.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      break;
    }
    if (got == 0) {
      sum.sha256 = summing.Hex();
      return sum;
    }
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
    summing.Add(bytes);
    sum.bytes += got;
    JARING_RETURN_IF_ERROR(on_piece(bytes));
  }
  return NotFound("backup.unreadable", path.string() + ": " + strerror(errno));
}

Result<Done> Sync(const std::filesystem::path& path, int flags) {
  const Descriptor file(open(path.c_str(), flags | O_CLOEXEC));
  return file.is_open() && fsync(file.number()) == 0 ? Result<Done>(Done{}) : NotWritable(path);
}

std::filesystem::path FolderOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

std::string SumOfText(std::string_view text) {
  Summing summing;
  summing.Add(text);
  return summing.Hex();
}

Result<NewFile> NewFile::Create(const std::filesystem::path& target) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(target, ignored))) {
    return Conflict("backup.target_exists", target.string());
  }
  // With the number of this process, so that two of them do not take each other's.
  const std::filesystem::path path = target.string() + ".partial-" + std::to_string(getpid());
  std::filesystem::remove(path, ignored);
  const Descriptor made(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!made.is_open()) {
    return NotWritable(path);
  }
  return NewFile(target, path);
}

NewFile::NewFile(NewFile&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, {})) {}

NewFile::~NewFile() {
  if (path_.empty()) {
    return;
  }
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm", "-journal", "-turn"}) {
    std::filesystem::remove(path_.string() + ending, ignored);
  }
}

Result<Done> NewFile::Publish() {
  JARING_RETURN_IF_ERROR(Sync(path_, O_RDONLY));
  // A link is refused where a rename would replace.
  if (link(path_.c_str(), target_.c_str()) != 0) {
    return errno == EEXIST ? Conflict("backup.target_exists", target_.string())
                           : NotWritable(target_);
  }
  JARING_RETURN_IF_ERROR(Sync(FolderOf(target_), O_RDONLY | O_DIRECTORY));
  return Done{};  // The other name goes with this object.
}

Result<FileSum> SumOfFile(const std::filesystem::path& path) {
  return ReadThrough(path, [](std::string_view) -> Result<Done> { return Done{}; });
}

Result<FileSum> CopyAndSum(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Descriptor out(open(to.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!out.is_open()) {
    return NotWritable(to);
  }
  return ReadThrough(from,
                     [&](std::string_view piece) { return WriteAll(out.number(), piece, to); });
}

Result<Done> WriteText(const std::filesystem::path& to, const std::string& text) {
  const Descriptor out(open(to.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  return out.is_open() ? WriteAll(out.number(), text, to) : Result<Done>(NotWritable(to));
}

}  // namespace jaring
