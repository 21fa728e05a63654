#include "channels/cli/ask_password.h"

#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

namespace jaring {
namespace {

/// What is typed is not shown while this lives.
class HiddenTyping {
 public:
  HiddenTyping() : changed_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (changed_) {
      termios hidden = before_;
      hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
  }
  ~HiddenTyping() {
    if (changed_) {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

/// The first line; a file written on Windows has a CR at its end.
Result<std::string> FirstLine(std::istream& in) {
  std::string line;
  if (!std::getline(in, line)) {
    return Invalid("password_file.missing");
  }
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  return line;
}

std::string Ask(const char* words) {
  std::cerr << words << std::flush;
  std::string line;
  std::getline(std::cin, line);
  std::cerr << "\n";
  return line;
}

Result<std::string> ReadPasswordFile(const std::string& path) {
  if (path == "-") {
    return FirstLine(std::cin);
  }
  std::ifstream file(path);
  return FirstLine(file);
}

}  // namespace

Result<std::string> AskNewPassword(const std::string& password_file) {
  if (!password_file.empty()) {
    return ReadPasswordFile(password_file);
  }
  if (isatty(STDIN_FILENO) == 0) {
    return Invalid("password.no_terminal");
  }
  const HiddenTyping hidden;
  std::string first = Ask("Kata sandi / password: ");
  const std::string second = Ask("Sekali lagi / once more: ");
  return first == second ? Result<std::string>(std::move(first))
                         : Invalid("password.not_twice_the_same");
}

Result<std::string> AskPassword(const std::string& password_file) {
  if (!password_file.empty()) {
    return ReadPasswordFile(password_file);
  }
  if (isatty(STDIN_FILENO) == 0) {
    return Invalid("password.no_terminal");
  }
  const HiddenTyping hidden;
  return Ask("Kata sandi / password: ");
}

}  // namespace jaring
