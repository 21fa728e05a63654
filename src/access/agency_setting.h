#pragma once

// What an agency says of itself to its users.

#include <string>
#include <string_view>

#include "db/database.h"

namespace jaring {

/// Whom to turn to when one cannot get in: "Bagian TI, 0271-123456". Empty: not set.
Result<std::string> FindContact(Tx& tx);

/// Errors: contact.malformed (longer than 200 bytes, not UTF-8, control characters).
Result<Done> SetContact(Tx& tx, std::string_view contact);

}  // namespace jaring
