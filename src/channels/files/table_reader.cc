#include "channels/files/table_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace jaring {
namespace {

class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::int64_t size) : fd_(fd), size_(size) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { ::close(fd_); }

  Result<std::size_t> Read(std::span<char> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = ::read(fd_, out.data() + done, out.size() - done);
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got < 0) {
        return Error{ErrorCode::kUnavailable, "file.unreadable", std::strerror(errno)};
      }
      if (got == 0) {
        break;
      }
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  std::int64_t size() const override { return size_; }

 private:
  int fd_;
  std::int64_t size_;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> Read(std::span<char> out) override {
    const std::size_t count = std::min(out.size(), bytes_.size() - position_);
    std::copy_n(bytes_.data() + position_, count, out.data());
    position_ += count;
    return count;
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }

 private:
  std::string bytes_;
  std::size_t position_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    const std::string why = path + ": " + std::strerror(errno);
    return errno == ENOENT ? NotFound("file.not_found", why)
                           : Error{ErrorCode::kUnavailable, "file.unreadable", why};
  }
  struct stat status = {};
  const bool known = ::fstat(fd, &status) == 0;
  auto source = std::make_unique<FileSource>(fd, known ? std::int64_t{status.st_size} : 0);
  // Every file is read at least twice, and to its end: a pipe or a device will not do.
  if (!known || !S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kUnavailable, "file.unreadable", path + ": not a file"};
  }
#ifdef POSIX_FADV_SEQUENTIAL
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
  return std::unique_ptr<ByteSource>(std::move(source));
}

std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes) {
  return std::make_unique<MemorySource>(std::move(bytes));
}

Result<std::unique_ptr<TableReader>> TableReader::Open(const std::string& path) {
  std::array<char, 4> start{};
  JARING_ASSIGN_OR_RETURN(const auto peek, OpenByteSource(path));
  JARING_RETURN_IF_ERROR(peek->Read(start));
  if (std::string_view(start.data(), start.size()) == std::string_view("PK\3\4", 4)) {
    return OpenXlsx(path);
  }
  JARING_ASSIGN_OR_RETURN(auto source, OpenByteSource(path));
  return OpenCsv(std::move(source));
}

}  // namespace jaring
