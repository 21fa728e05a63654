#include "rules/programme.h"

#include "base/text.h"

namespace jaring {

std::string_view ProgrammeCode(Programme programme) {
  switch (programme) {
    case Programme::kJkk:
      return "JKK";
    case Programme::kJkm:
      return "JKM";
    case Programme::kJht:
      return "JHT";
  }
  JARING_CHECK(false);
}

std::optional<Programme> FindProgramme(std::string_view code) {
  const std::string upper = ToUpper(code);
  for (const Programme programme : kProgrammes) {
    if (upper == ProgrammeCode(programme)) {
      return programme;
    }
  }
  return std::nullopt;
}

Result<ProgrammeSet> ParseProgrammes(std::string_view text) {
  constexpr std::string_view kSeparators = ",+; \t";
  ProgrammeSet programmes;
  while (true) {
    const std::size_t first = text.find_first_not_of(kSeparators);
    if (first == std::string_view::npos) {
      break;
    }
    text.remove_prefix(first);
    const std::string_view code = text.substr(0, text.find_first_of(kSeparators));
    text.remove_prefix(code.size());
    const auto programme = FindProgramme(code);
    if (!programme) {
      return Invalid("programmes.unknown");
    }
    programmes = programmes.With(*programme);
  }
  if (programmes.empty()) {
    return Invalid("programmes.empty");
  }
  return programmes;
}

std::string ProgrammesText(ProgrammeSet programmes) {
  std::string text;
  for (const Programme programme : kProgrammes) {
    if (programmes.Has(programme)) {
      text += text.empty() ? "" : ",";
      text += ProgrammeCode(programme);
    }
  }
  return text;
}

}  // namespace jaring
