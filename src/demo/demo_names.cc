#include "demo/demo_names.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "base/text.h"

namespace jaring {
namespace {

constexpr int kJavaneseWeight = 8;

/// Names of Java by their sound; names of elsewhere occur, but seldom. Solo is like that.
int NameWeight(std::string_view name) {
  constexpr std::array<std::string_view, 46> kEndings = {
      "anto", "ono",   "oyo",     "arno", "irno",  "isno",   "adi",    "odo",   "oso",  "jo",
      "iyo",  "yatno", "tomo",    "eno",  "ulyo",  "mono",   "man",    "min",   "jan",  "kusumo",
      "roto", "oto",   "raharjo", "utro", "oko",   "aluyo",  "ibowo",  "roho",  "gih",  "arih",
      "asih", "ngsih", "wati",    "sari", "yati",  "astuti", "estari", "ahayu", "inah", "yah",
      "tami", "arni",  "ini",     "etno", "yanti", "ilah"};
  const bool javanese = std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
    return name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending;
  });
  return javanese || name.substr(0, 2) == "Su" || name.substr(0, 3) == "Sri" ? kJavaneseWeight : 1;
}

}  // namespace

void DemoNames::Part::Add(std::string_view name, int weight) {
  names.emplace_back(name);
  weight_until.push_back(weight + (weight_until.empty() ? 0 : weight_until.back()));
}

const std::string& DemoNames::Part::Draw(DemoDice& dice) const {
  const int drawn = dice.Below(weight_until.back());
  const auto at = std::upper_bound(weight_until.begin(), weight_until.end(), drawn);
  return names[static_cast<std::size_t>(at - weight_until.begin())];
}

/// Columns part, gender, name, source; no quotes.
Result<DemoNames> DemoNames::Load(const std::filesystem::path& data_root, NamesOf whose) {
  const std::filesystem::path file = data_root / "data" / "names" / "names-id.csv";
  DemoNames names;
  std::ifstream in(file, std::ios::binary);
  std::string line;
  while (std::getline(in, line)) {
    const auto fields = Split(Trim(line), ',');
    if (fields.size() < 3 || fields[1] == "gender") {
      continue;
    }
    const bool is_first = fields[0] == "first_name";
    const int weight = whose == NamesOf::kJava ? NameWeight(fields[2]) : 1;
    const bool of_java = weight > 1 || whose == NamesOf::kNation;
    // Family names of no sex are mostly those of other islands.
    if (fields[1] == "generic" && (is_first || !of_java)) {
      continue;
    }
    for (const std::size_t sex : {0U, 1U}) {
      if (fields[1] == "generic" || (fields[1] == "female") == (sex == 1)) {
        (is_first ? names.first_ : names.last_)[sex].Add(fields[2], weight);
      }
    }
  }
  for (const std::size_t sex : {0U, 1U}) {
    if (names.first_[sex].names.empty() || names.last_[sex].names.empty()) {
      return NotFound("demo.names_unreadable", file.string());
    }
  }
  return names;
}

std::string DemoNames::Draw(DemoDice& dice, Sex sex, int age) const {
  const std::size_t s = sex == Sex::kFemale ? 1 : 0;
  std::string name = first_[s].Draw(dice);
  // Older people often have one name only.
  const int single = age > 45 ? 350 : 80;
  if (dice.Permille(single)) {
    return name;
  }
  const std::string& last = last_[s].Draw(dice);
  if (dice.Permille(120)) {
    name += " " + first_[s].Draw(dice);
  }
  return last == name ? name : name + " " + last;
}

}  // namespace jaring
