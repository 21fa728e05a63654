#include "channels/cli/backup_tools.h"

namespace jaring {

Result<std::unique_ptr<BackupTools>> BackupTools::Open(const CliContext& context) {
  JARING_ASSIGN_OR_RETURN(Scheme scheme, OpenScheme(context));
  JARING_ASSIGN_OR_RETURN(const KeyRing keys, ReadKeyFile(context.key_file()));
  return std::unique_ptr<BackupTools>(new BackupTools(context, std::move(scheme), keys));
}

}  // namespace jaring
