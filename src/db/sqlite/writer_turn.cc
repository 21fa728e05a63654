#include "db/sqlite/writer_turn.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "db/sqlite/sqlite_connection.h"

namespace jaring {

WriterTurn::~WriterTurn() {
  if (file_ >= 0) {
    close(file_);
  }
}

void WriterTurn::Take() {
  if (file_ < 0) {
    file_ = open(path_.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  }
  const auto until = std::chrono::steady_clock::now() + kWriterWait;
  while (file_ >= 0 && flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

void WriterTurn::Give() const {
  if (file_ >= 0) {
    flock(file_, LOCK_UN);
  }
}

}  // namespace jaring
