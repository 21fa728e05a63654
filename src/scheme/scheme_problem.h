#pragma once

// What is wrong with a scheme folder, said so that the person who edits it can mend it.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace jaring {

/// A spot in the scheme folder. Line 0 means the file or folder as a whole.
struct SchemePlace {
  std::string file;  // Without the folder.
  int line = 0;
};

struct SchemeProblem {
  SchemePlace place;
  std::string sentence;  // English.
};

/// Collects problems up to a limit, so that a broken file does not flood the screen.
class SchemeProblems {
 public:
  static constexpr std::size_t kLimit = 100;

  void Add(const SchemePlace& place, std::string sentence) {
    if (list_.size() < kLimit) {
      list_.push_back({place, std::move(sentence)});
    }
  }
  bool empty() const { return list_.empty(); }
  std::vector<SchemeProblem> Take() { return std::move(list_); }

 private:
  std::vector<SchemeProblem> list_;
};

}  // namespace jaring
