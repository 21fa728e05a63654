#pragma once

// Files handled with care: new ones only, for their owner only, on the disk before they have their
// name, and never over another.

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace jaring {

/// A file being made under a passing name; gone, with what SQLite keeps beside it, unless it got
/// its own name.
class NewFile {
 public:
  /// Errors: backup.target_exists, backup.not_writable.
  static Result<NewFile> Create(const std::filesystem::path& target);

  NewFile(NewFile&& other) noexcept;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  const std::filesystem::path& path() const { return path_; }

  /// Onto the disk, and then under its own name.
  ///
  /// Errors: backup.target_exists, backup.not_writable.
  Result<Done> Publish();

 private:
  NewFile(std::filesystem::path target, std::filesystem::path path)
      : target_(std::move(target)), path_(std::move(path)) {}

  std::filesystem::path target_;
  std::filesystem::path path_;
};

struct FileSum {
  std::int64_t bytes = 0;
  std::string sha256;  // In hexadecimal.
};

/// Errors: backup.unreadable.
Result<FileSum> SumOfFile(const std::filesystem::path& path);

/// Copies into an existing file, summing what is read.
///
/// Errors: backup.unreadable, backup.not_writable.
Result<FileSum> CopyAndSum(const std::filesystem::path& from, const std::filesystem::path& to);

/// Errors: backup.not_writable.
Result<Done> WriteText(const std::filesystem::path& to, const std::string& text);

}  // namespace jaring
