#include "claims/paper_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/text.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr mode_t kOwnerOnly = 0600;

Error StoreFailed(const char* doing, int error) {
  return {ErrorCode::kUnavailable, "paper.store_failed",
          std::string(doing) + ": " + std::system_category().message(error)};
}

/// A file that is open; closed with it.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }
  bool is_open() const { return descriptor_ >= 0; }
  bool WriteAll(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) {
        return false;
      }
      bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return true;
  }
  bool Sync() const { return fsync(descriptor_) == 0; }

 private:
  const int descriptor_;
};

/// So that a name is on the disk and not only what it names.
bool SyncFolder(const std::filesystem::path& folder) {
  const OpenFile open(folder, O_RDONLY | O_DIRECTORY);
  return open.is_open() && open.Sync();
}

std::filesystem::path FolderOf(const std::filesystem::path& folder, const std::string& name) {
  return folder / name.substr(0, 2);
}

}  // namespace

Result<Done> FolderPaperStore::Put(const std::string& name, std::string_view bytes) {
  const std::filesystem::path folder = FolderOf(folder_, name);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return StoreFailed("making the folder", failed.value());
  }
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failed);
  const std::filesystem::path unfinished = folder / (name + "." + ToHex(RandomBytes(8)));
  {
    const OpenFile file(unfinished, O_WRONLY | O_CREAT | O_EXCL, kOwnerOnly);
    if (!file.is_open() || !file.WriteAll(bytes) || !file.Sync()) {
      const int error = errno;
      std::filesystem::remove(unfinished, failed);
      return StoreFailed("writing", error);
    }
  }
  std::filesystem::rename(unfinished, folder / name, failed);
  if (failed || !SyncFolder(folder) || !SyncFolder(folder_)) {
    return StoreFailed("naming", failed ? failed.value() : errno);
  }
  return Done{};
}

Result<std::string> FolderPaperStore::Get(const std::string& name) {
  std::ifstream file(FolderOf(folder_, name) / name, std::ios::binary);
  if (!file) {
    return NotFound("paper.missing", name);
  }
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return file.bad() ? Result<std::string>(StoreFailed("reading", EIO)) : bytes;
}

}  // namespace jaring
