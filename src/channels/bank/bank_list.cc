#include "channels/bank/bank_list.h"

#include <toml++/toml.h>

#include "base/text.h"

namespace jaring {

Result<BankList> BankList::Load(const std::string& path) {
  const Error unreadable{ErrorCode::kInvalidArgument, "banks.unreadable", path};
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error&) {
    return unreadable;
  }
  const toml::array* banks = file["bank"].as_array();
  if (banks == nullptr) {
    return unreadable;
  }
  BankList list;
  for (const toml::node& node : *banks) {
    const toml::table* bank = node.as_table();
    const auto code = bank == nullptr ? std::nullopt : (*bank)["code"].value<std::string>();
    if (!code) {
      return unreadable;
    }
    const std::string clearing = (*bank)["clearing_code"].value_or(std::string());
    if (!clearing.empty() && !IsAllDigits(clearing)) {
      return unreadable;
    }
    list.clearing_codes_[*code] = clearing;
  }
  return list;
}

std::string_view BankList::ClearingCode(std::string_view institution) const {
  const auto found = clearing_codes_.find(institution);
  return found == clearing_codes_.end() ? std::string_view() : found->second;
}

}  // namespace jaring
