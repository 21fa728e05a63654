#include "golden_bundle.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace jaring {
namespace {

// A misspelt given would silently change nothing, so only these are taken.
constexpr std::array<std::string_view, 46> kGivenKeys = {
    "income", "programmes", "sector", "payer", "month", "paid", "spell-began", "birth", "money",
    "months", "membership", "on", "nik", "months-paid", "fake", "member", "code", "phone", "start",
    "acquired", "years", "trade",
    // Of claims.
    "outcome", "spent", "unable", "lost", "lessened", "contribution-months", "children", "payment",
    "programme", "alive", "event", "by-work", "level", "place", "years-paid", "married", "works",
    "reason", "balance", "part-taken", "left", "asked", "complete", "amount"};

std::string_view TakeWord(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest = Trim(rest.substr(word.size()));
  return word;
}

class BundleReader {
 public:
  explicit BundleReader(std::string_view text) : text_(text) {}

  GoldenBundle Read() {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      ReadLine(text_.substr(0, end), text_.substr(0, std::min(end + 1, text_.size())));
      text_.remove_prefix(std::min(end + 1, text_.size()));
    }
    EndCase();
    return std::move(bundle_);
  }

 private:
  void ReadLine(std::string_view line, std::string_view with_end) {
    if (line.substr(0, 1) == "@") {
      EndCase();
      StartSection(line);
    } else if (in_scheme_) {
      // The lines stand one after the other in the text, so the view grows over them.
      bundle_.scheme = {bundle_.scheme.data(), bundle_.scheme.size() + with_end.size()};
    } else {
      ReadCaseLine(Trim(line));
    }
  }

  void StartSection(std::string_view line) {
    const std::string_view word = TakeWord(line);
    in_scheme_ = word == "@scheme";
    if (in_scheme_) {
      bundle_.scheme = text_.substr(std::min(text_.find('\n'), text_.size() - 1) + 1, 0);
    } else if (word == "@file") {
      file_ = line;
    } else if (word == "@random") {
      const auto seed = ParseInteger(TakeWord(line));
      const auto count = ParseInteger(line);
      if (seed && count && *seed > 0 && *count > 0) {
        bundle_.rounds.push_back({static_cast<std::uint64_t>(*seed), *count});
      } else {
        Problem("@random wants a seed and a count", "");
      }
    } else {
      Problem("unknown section", word);
    }
  }

  void ReadCaseLine(std::string_view line) {
    if (line.empty() || line[0] == '#') {
      return;
    }
    const std::string_view whole = line;
    const std::string_view word = TakeWord(line);
    if (word == "case") {
      EndCase();
      case_.emplace();
      case_->file = file_;
      case_->name = line;
    } else if (!case_) {
      Problem("not in a case", whole);
    } else if (word == "given") {
      const std::string_view key = TakeWord(line);
      if (std::find(kGivenKeys.begin(), kGivenKeys.end(), key) == kGivenKeys.end()) {
        Problem("unknown given", whole);
      }
      case_->givens.Add(key, line);
    } else if (word == "expect") {
      const std::string_view key = TakeWord(line);
      const std::size_t dot = std::min(key.find('.'), key.size() - 1);
      case_->expectations.push_back({key.substr(0, dot), key.substr(dot + 1), line});
    } else if (word == "source") {
      case_->source = line;
    } else {
      Problem("not case, given, expect or source", whole);
    }
  }

  void EndCase() {
    if (!case_) {
      return;
    }
    if (case_->expectations.empty() || case_->source.empty() || case_->name.empty()) {
      Problem("a case wants a name, an expect and a source", case_->name);
    }
    for (const GoldenCase& other : bundle_.cases) {
      if (other.file == case_->file && other.name == case_->name) {
        Problem("two cases have the name", case_->name);
      }
    }
    bundle_.cases.push_back(*std::move(case_));
    case_.reset();
  }

  void Problem(std::string_view what, std::string_view line) {
    bundle_.problems.push_back(std::string(file_) + ": " + std::string(what) + ": " +
                               std::string(line));
  }

  std::string_view text_;
  std::string_view file_;
  bool in_scheme_ = false;
  std::optional<GoldenCase> case_;
  GoldenBundle bundle_;
};

}  // namespace

GoldenBundle ReadBundle(std::string_view text) {
  return BundleReader(text).Read();
}

}  // namespace jaring
