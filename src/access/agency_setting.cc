#include "access/agency_setting.h"

#include <algorithm>

#include "access/login_sql.h"
#include "base/text.h"

namespace jaring {

Result<std::string> FindContact(Tx& tx) {
  std::string contact;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindSetting, {"contact"}, [&](const Row& row) { contact = row.Text(0); }));
  return contact;
}

Result<Done> SetContact(Tx& tx, std::string_view contact) {
  constexpr std::size_t kMaxContact = 200;
  const bool plain =
      std::none_of(contact.begin(), contact.end(), [](char c) { return c >= 0 && c < ' '; });
  if (contact.size() > kMaxContact || !plain || !IsUtf8(contact)) {
    return Invalid("contact.malformed");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kSetSetting, {"contact", Trim(contact)}));
  return Done{};
}

}  // namespace jaring
