#include "channels/cli/secret_file.h"

#include <fstream>
#include <sstream>

#include "base/text.h"

namespace jaring {

Result<std::string> ReadSecret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Invalid("config.secret_unreadable", path);
  }
  return std::string(Trim(text.str()));
}

}  // namespace jaring
