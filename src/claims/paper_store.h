#pragma once

// Where the papers of claims lie: files outside the database, each sealed with a key of its own and
// named by a keyed digest of what is in it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// Errors of both: paper.store_failed.
///
/// Thread: any number of callers.
class PaperStore {
 public:
  virtual ~PaperStore() = default;

  /// Keeps bytes under a name (hex digits); they are on the disk when this returns. A name that is
  /// there already is written anew: what it held may have been cut.
  virtual Result<Done> Put(const std::string& name, std::string_view bytes) = 0;

  /// Errors: also paper.missing.
  virtual Result<std::string> Get(const std::string& name) = 0;
};

/// A folder, made when the first paper comes; only its owner may read it.
class FolderPaperStore : public PaperStore {
 public:
  explicit FolderPaperStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<Done> Put(const std::string& name, std::string_view bytes) override;
  Result<std::string> Get(const std::string& name) override;

 private:
  const std::filesystem::path folder_;
};

}  // namespace jaring
