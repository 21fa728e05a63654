// The program: gives the outside (clock, places, terminal) to the command line. No logic.

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "channels/cli/command_line.h"

namespace {

jaring::Instant Now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return jaring::Instant::FromMicros(
      std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count());
}

std::filesystem::path ConfigHome() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config != '\0') {
    return config;
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "." : home) / ".config";
}

}  // namespace

int main(int argc, char** argv) {
  std::error_code failed;
  jaring::Environment environment{
      .clock = Now,
      .executable = std::filesystem::read_symlink("/proc/self/exe", failed),
      .config_home = ConfigHome(),
      .system_config = "/etc/jaring/jaring.toml",
      .stderr_is_terminal = isatty(STDERR_FILENO) == 1,
      .os_user = static_cast<std::int64_t>(getuid())};
  return jaring::RunCommandLine(environment, argc, argv);
}
