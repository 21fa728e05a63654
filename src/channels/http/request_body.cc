#include "channels/http/request_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace jaring {
namespace {

constexpr mode_t kFileMode = 0600;

Error Unavailable(const char* what) {
  return {ErrorCode::kUnavailable, "request.unavailable",
          std::string(what) + ": " + std::strerror(errno)};
}

int OpenNameless(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kFileMode);
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) {
    return descriptor;
  }
  // A file system without O_TMPFILE, such as NFS.
  std::string name = folder + "/upload-XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) {
    unlink(name.c_str());
  }
  return named;
}

}  // namespace

bool ByteBudget::Take(std::uint64_t bytes) {
  if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit_) {
    return true;
  }
  Give(bytes);
  return false;
}

bool ByteShare::Grow(std::uint64_t bytes) {
  if (!budget_->Take(bytes)) {
    return false;
  }
  held_ += bytes;
  return true;
}

void ByteShare::Clear() {
  if (held_ > 0) {
    budget_->Give(std::exchange(held_, 0));
  }
}

Result<std::unique_ptr<SpoolFile>> SpoolFile::Create(const std::string& folder,
                                                     std::shared_ptr<ByteBudget> budget) {
  const int descriptor = OpenNameless(folder);
  if (descriptor < 0) {
    return Unavailable("spool folder");
  }
  return std::unique_ptr<SpoolFile>(new SpoolFile(descriptor, std::move(budget)));
}

SpoolFile::~SpoolFile() {
  close(descriptor_);
}

Result<Done> SpoolFile::Append(std::string_view bytes) {
  if (!share_.Grow(bytes.size())) {
    return Error{ErrorCode::kUnavailable, "request.unavailable", "spool full"};
  }
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return Unavailable("spool file");
    }
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      size_ += static_cast<std::uint64_t>(written);
    }
  }
  return Done{};
}

Result<Done> SpoolFile::Rewind() {
  if (lseek(descriptor_, 0, SEEK_SET) != 0) {
    return Unavailable("spool file");
  }
  return Done{};
}

}  // namespace jaring
