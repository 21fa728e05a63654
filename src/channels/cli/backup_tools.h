#pragma once

// What commands on whole databases start from.

#include <memory>

#include "backup/backup.h"
#include "channels/cli/cli_context.h"

namespace jaring {

/// The key, the scheme and the address: enough to read what a database or a backup has in it.
class BackupTools {
 public:
  /// Errors: scheme.has_problems, key_file.*.
  static Result<std::unique_ptr<BackupTools>> Open(const CliContext& context);

  const BackupParts& parts() const { return parts_; }
  Agency agency() const { return {scheme_, sealer_, false}; }

 private:
  BackupTools(const CliContext& context, Scheme scheme, const KeyRing& keys)
      : scheme_(std::move(scheme)),
        sealer_(keys, context.key_file()),
        parts_{context.options().db, context.root() / "migrations", scheme_, sealer_,
               JARING_VERSION} {}

  Scheme scheme_;
  Sealer sealer_;
  BackupParts parts_;
};

}  // namespace jaring
