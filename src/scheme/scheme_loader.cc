#include "scheme/scheme_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "scheme/section_readers.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxFiles = 64;

struct Section {
  std::string_view key;
  bool is_list;
  void (*read)(SchemeLoading&, const TomlNode&);
};

// In the order they need each other: rows cite sources, trades and reliefs name sectors, brackets
// are held to rates.
constexpr Section kSections[] = {
    {"source", true, ReadSource},
    {"scheme", false, ReadSchemeHead},
    {"sector", true, ReadSector},
    {"trade", true, ReadTrade},
    {"participant_kind", true, ReadParticipantKind},
    {"identifier", true, ReadIdentifier},
    {"contribution_rate", true, ReadContributionRate},
    {"flat_contribution", true, ReadFlatContribution},
    {"wage_rate", true, ReadWageRate},
    {"bracket_table", true, ReadBracketTable},
    {"relief", true, ReadRelief},
    {"parameter", true, ReadParameter},
    {"benefit", true, ReadBenefit},
    {"benefit_total", true, ReadBenefitTotal},
    {"scholarship", true, ReadScholarship},
    {"declared_return", true, ReadDeclaredReturn},
    {"disability", true, ReadDisability},
    {"heir_rank", true, ReadHeirRank},
    {"holiday", true, ReadHoliday},
    {"claim_paper", true, ReadClaimPaper},
    {"agent_pay", true, ReadAgentPay},
    {"sponsor_kind", true, ReadSponsorKind},
    {"figure", true, ReadFigure},
    {"statement", true, ReadStatement},
};

bool IsKnownSection(std::string_view key) {
  return std::any_of(std::begin(kSections), std::end(kSections),
                     [&](const Section& section) { return section.key == key; });
}

std::vector<std::filesystem::path> TomlFiles(const std::filesystem::path& folder,
                                             SchemeProblems& problems) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  for (std::filesystem::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    std::error_code unreadable;
    if (it->path().extension() == ".toml" && it->is_regular_file(unreadable)) {
      files.push_back(it->path());
    }
  }
  if (failure) {
    problems.Add({folder.string(), 0}, "the folder cannot be read: " + failure.message());
    return {};
  }
  if (files.empty()) {
    problems.Add({folder.string(), 0}, "the folder holds no .toml file");
  }
  if (files.size() > kMaxFiles) {
    problems.Add({folder.string(), 0}, fmt::format("more than {} files", kMaxFiles));
    return {};
  }
  std::sort(files.begin(), files.end());
  return files;
}

void ReadSection(SchemeLoading& loading, const Section& section, const TomlNode& file) {
  const TomlNode* node = file.Find(section.key);
  if (node == nullptr) {
    return;
  }
  if (!section.is_list) {
    section.read(loading, *node);
    return;
  }
  if (node->kind != TomlKind::kArray) {
    loading.problems.Add(node->place, fmt::format("write [[{}]] with two brackets", section.key));
    return;
  }
  for (const TomlNode& item : node->items) {
    section.read(loading, item);
  }
}

void ReadSections(SchemeLoading& loading, const std::vector<TomlNode>& files) {
  for (const TomlNode& file : files) {
    for (const TomlNode& field : file.fields) {
      if (!IsKnownSection(field.key)) {
        loading.problems.Add(field.place,
                             fmt::format("the key \"{}\" is not known here", field.key));
      }
    }
  }
  for (const Section& section : kSections) {
    for (const TomlNode& file : files) {
      ReadSection(loading, section, file);
    }
  }
}

void CheckGeneralTrades(SchemeLoading& loading) {
  for (const Sector& sector : loading.scheme.sectors) {
    if (FindTrade(loading.scheme, sector.code) == nullptr) {
      loading.problems.Add(
          loading.scheme_place,
          fmt::format("the sector \"{0}\" has no general trade: one with the code \"{0}\"",
                      sector.code));
    }
  }
}

}  // namespace

LoadedScheme LoadScheme(const std::filesystem::path& folder) {
  SchemeLoading loading;
  loading.scheme_place = {folder.string(), 0};
  std::vector<TomlNode> files;
  bool all_read = true;
  for (const std::filesystem::path& path : TomlFiles(folder, loading.problems)) {
    std::optional<TomlNode> file = ReadTomlFile(path, loading.problems);
    all_read = all_read && file.has_value();
    if (file) {
      files.push_back(std::move(*file));
    }
  }
  // With a file missing, everything that refers to it would be called wrong too.
  if (all_read && !files.empty()) {
    ReadSections(loading, files);
    if (loading.scheme.code.empty()) {
      loading.problems.Add(loading.scheme_place, "there is no [scheme]");
    }
    CheckGeneralTrades(loading);
    CheckWholeTariff(loading);
    CheckWholeBenefits(loading);
  }
  LoadedScheme loaded;
  if (loading.problems.empty()) {
    loaded.scheme = std::move(loading.scheme);
    return loaded;
  }
  loaded.problems = loading.problems.Take();
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const SchemeProblem& a, const SchemeProblem& b) {
                     return std::tie(a.place.file, a.place.line) <
                            std::tie(b.place.file, b.place.line);
                   });
  return loaded;
}

std::string ProblemText(const SchemeProblem& problem) {
  if (problem.place.line == 0) {
    return fmt::format("{}: {}", problem.place.file, problem.sentence);
  }
  return fmt::format("{}:{}: {}", problem.place.file, problem.place.line, problem.sentence);
}

}  // namespace jaring
