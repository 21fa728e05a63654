#pragma once

// The two ISO 20022 forms of a bank's word; see bank_file.h.

#include "channels/files/bank_file.h"

namespace jaring {

/// Errors: those of ReadBankFile.
Result<BankFile> ReadBankXml(std::string_view text);

}  // namespace jaring
