// scheme_text_tool FOLDER: the text form of a scheme folder, on standard output.

#include <cstdio>

#include "rules/scheme_text.h"
#include "scheme/scheme_loader.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: scheme_text_tool FOLDER\n", stderr);
    return 2;
  }
  const jaring::LoadedScheme loaded = jaring::LoadScheme(argv[1]);
  for (const jaring::SchemeProblem& problem : loaded.problems) {
    std::fprintf(stderr, "%s\n", jaring::ProblemText(problem).c_str());
  }
  if (!loaded) {
    return 1;
  }
  const std::string text =
      jaring::SerializeScheme(*loaded.scheme, jaring::SchemeParts::kPricesAndClaims);
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
