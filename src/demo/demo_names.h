#pragma once

// Names for invented people, put together from parts.

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "demo/demo_dice.h"
#include "rules/identity.h"

namespace jaring {

enum class NamesOf : std::uint8_t {
  kJava,    // Names of elsewhere occur, but seldom.
  kNation,  // All alike: how often each occurs nobody has published.
};

class DemoNames {
 public:
  /// Reads data/names/names-id.csv below `data_root`.
  ///
  /// Errors: demo.names_unreadable.
  static Result<DemoNames> Load(const std::filesystem::path& data_root, NamesOf whose);

  std::string Draw(DemoDice& dice, Sex sex, int age) const;

 private:
  /// Names, each with the sum of the weights up to it.
  struct Part {
    std::vector<std::string> names;
    std::vector<int> weight_until;

    void Add(std::string_view name, int weight);
    const std::string& Draw(DemoDice& dice) const;
  };

  std::array<Part, 2> first_;  // Male, female.
  std::array<Part, 2> last_;
};

}  // namespace jaring
