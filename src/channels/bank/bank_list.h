#pragma once

// The banks that a transfer can go to, by the code that claims have of them.

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// data/banks.toml.
class BankList {
 public:
  /// Errors: banks.unreadable.
  static Result<BankList> Load(const std::string& path);

  /// "002": the bank's code in payments between banks; empty for what is no bank, or not known.
  std::string_view ClearingCode(std::string_view institution) const;

 private:
  std::map<std::string, std::string, std::less<>> clearing_codes_;
};

}  // namespace jaring
