#include "channels/files/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace jaring {
namespace {

constexpr std::size_t kMaxWorkbookBytes = std::size_t{64} << 20U;

class DiskSink final : public ByteSink {
 public:
  explicit DiskSink(std::string path)
      : path_(std::move(path)), partial_path_(path_ + ".partial-" + std::to_string(::getpid())) {}
  DiskSink(const DiskSink&) = delete;
  DiskSink& operator=(const DiskSink&) = delete;
  ~DiskSink() override {
    if (file_ != nullptr) {
      file_.reset();
      ::unlink(partial_path_.c_str());
    }
  }

  Result<Done> Write(std::string_view bytes) override {
    if (file_ == nullptr) {
      JARING_RETURN_IF_ERROR(Begin());
    }
    return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size()
               ? Result<Done>(Done{})
               : Unwritable();
  }

  Result<Done> Finish() override {
    if (file_ == nullptr) {
      return Done{};
    }
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) {
      return Unwritable();  // The destructor removes what there is.
    }
    file_.reset();
    if (std::rename(partial_path_.c_str(), path_.c_str()) != 0) {
      const Error not_renamed = Unwritable();
      ::unlink(partial_path_.c_str());
      return not_renamed;
    }
    return Done{};
  }

 private:
  struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  Error Unwritable() const {
    return {ErrorCode::kUnavailable, "rejections.unwritable", path_ + ": " + std::strerror(errno)};
  }

  Result<Done> Begin() {
    // The rows hold personal data: nobody but the owner reads them. A partial file of this name can
    // only be left over from a process that is gone.
    ::unlink(partial_path_.c_str());
    const int fd =
        ::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
      return Unwritable();
    }
    file_.reset(::fdopen(fd, "wb"));
    if (file_ == nullptr) {
      ::close(fd);
      return Unwritable();
    }
    return Done{};
  }

  const std::string path_;
  const std::string partial_path_;
  std::unique_ptr<std::FILE, FileCloser> file_;
};

bool IsZip(std::string_view start) {
  return start == std::string_view("PK\3\4", 4);
}

}  // namespace

std::unique_ptr<ByteSink> DiskFile::Rejections() const {
  return std::make_unique<DiskSink>(rejection_path());
}

Result<std::unique_ptr<TableReader>> InputFile::OpenTable() const {
  std::array<char, 4> start{};
  JARING_ASSIGN_OR_RETURN(auto source, Open());
  JARING_RETURN_IF_ERROR(source->Read(start));
  JARING_ASSIGN_OR_RETURN(source, Open());
  if (!IsZip({start.data(), start.size()})) {
    return OpenCsv(std::move(source));
  }
  const auto size = static_cast<std::size_t>(source->size());
  if (size > kMaxWorkbookBytes) {
    return Invalid("file.too_large");
  }
  std::string bytes(size, '\0');
  JARING_ASSIGN_OR_RETURN(const std::size_t got, source->Read(bytes));
  bytes.resize(got);
  return OpenXlsxBytes(std::move(bytes));
}

}  // namespace jaring
