// Reads a bundle (golden_bundle.h) from standard input, prints one line for each case and each
// thousand random answers, and at the end "P passed, F failed". Exit status 0 only when all passed.

#include <cstdio>

#include "golden_bundle.h"
#include "rules/scheme_text.h"
#include "wasm/claim_question.h"

namespace jaring {
namespace {

std::string ReadAll(std::FILE* file) {
  constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  std::string text;
  char buffer[4096];
  while (text.size() < kMaxBytes) {
    const std::size_t count = std::fread(buffer, 1, sizeof buffer, file);
    if (count == 0) {
      break;
    }
    text.append(buffer, count);
  }
  return text;
}

std::string FindAnswer(const Answers& answers, std::string_view key) {
  for (const auto& [name, value] : answers) {
    if (name == key) {
      return value;
    }
  }
  // The error says more than "missing" would.
  return !answers.empty() && answers[0].first == "error" ? "error " + answers[0].second
                                                         : "no such answer";
}

void Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

/// Prints the case's line; true when every expectation holds.
bool RunCase(const Scheme& scheme, const GoldenCase& golden) {
  bool ok = true;
  std::string line;
  for (const Expectation& expected : golden.expectations) {
    const Answers answers = AnswerAnyQuestion(scheme, expected.kind, golden.givens);
    const std::string actual = FindAnswer(answers, expected.key);
    line += " " + std::string(expected.kind) + "." + std::string(expected.key) + "=" + actual;
    if (actual != expected.value) {
      ok = false;
      line += " (expected " + std::string(expected.value) + ")";
    }
  }
  Print(std::string(ok ? "ok " : "FAIL ") + std::string(golden.file) + ": " +
        std::string(golden.name) + ":" + line + "\n");
  return ok;
}

int Run() {
  const std::string text = ReadAll(stdin);
  const GoldenBundle bundle = ReadBundle(text);
  int passed = 0;
  int failed = 0;
  for (const std::string& problem : bundle.problems) {
    Print("FAIL " + problem + "\n");
    ++failed;
  }
  const auto scheme = ParseSchemeText(bundle.scheme);
  if (!scheme) {
    Print("FAIL the scheme: " + scheme.error().rule + " " + scheme.error().detail + "\n");
    ++failed;
  } else {
    for (const GoldenCase& golden : bundle.cases) {
      ++(RunCase(*scheme, golden) ? passed : failed);
    }
    for (const RandomRound& round : bundle.rounds) {
      for (const std::string& line : RunRandom(*scheme, round)) {
        Print(line + "\n");
      }
    }
  }
  Print(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed\n");
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace jaring

int main() {
  return jaring::Run();
}
