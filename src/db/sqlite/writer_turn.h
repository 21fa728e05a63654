#pragma once

#include <string>

namespace jaring {

/// Programs that write to one file take turns at beginning. SQLite's own waiting only looks again
/// now and then, so that a program which writes without a pause keeps another out for minutes; here
/// who waits holds the turn, and who has just committed stands behind it.
///
/// The turn is a lock (flock) on an empty file beside it, FILE-turn: opening FILE once more and
/// closing it would give up the locks SQLite holds on it. Where that file cannot be made, SQLite's
/// waiting is all there is.
class WriterTurn {
 public:
  explicit WriterTurn(const std::string& file) : path_(file + "-turn") {}
  ~WriterTurn();
  WriterTurn(const WriterTurn&) = delete;
  WriterTurn& operator=(const WriterTurn&) = delete;

  /// Waits as long as SQLite would (kWriterWait), then goes on without: a program that stands still
  /// with the turn delays every transaction by so much, but stops none.
  void Take();
  void Give() const;

 private:
  const std::string path_;
  int file_ = -1;
};

}  // namespace jaring
