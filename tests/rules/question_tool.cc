// question_tool SCHEME_TEXT: answers questions from standard input, one JSON line each. A question
// is its kind and its givens, a line each, and ends with an empty line. Tests hold the page's
// answers against these.

#include <cstdio>
#include <string>

#include "rules/scheme_text.h"
#include "wasm/question.h"

namespace {

std::string ReadAll(std::FILE* file) {
  std::string text;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, count);
  }
  return text;
}

std::string Answer(const jaring::Scheme& scheme, const std::string& question) {
  const std::size_t line = question.find('\n');
  return jaring::AnswersJson(jaring::AnswerQuestion(
      scheme, question.substr(0, line), jaring::Givens::FromLines(question.substr(line + 1))));
}

}  // namespace

int main(int argc, char** argv) {
  std::FILE* file = argc == 2 ? std::fopen(argv[1], "rb") : nullptr;
  if (file == nullptr) {
    std::fputs("usage: question_tool SCHEME_TEXT\n", stderr);
    return 2;
  }
  const auto scheme = jaring::ParseSchemeText(ReadAll(file));
  std::fclose(file);
  if (!scheme) {
    std::fprintf(stderr, "question_tool: %s\n", scheme.error().rule.c_str());
    return 1;
  }
  const std::string text = ReadAll(stdin);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\n\n", at);
    if (end == std::string::npos) {
      break;
    }
    std::puts(Answer(*scheme, text.substr(at, end + 1 - at)).c_str());
    at = end + 2;
  }
  return 0;
}
