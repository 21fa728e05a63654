#pragma once

// Days as people write them.

#include <string>

#include "base/calendar.h"
#include "channels/text/messages.h"

namespace jaring {

/// "Maret", "March". Javanese, Sundanese and Madurese write the Indonesian names.
std::string_view MonthName(int month, Language language);

/// "15 Maret 2026".
std::string DateWords(Date date, Language language);

}  // namespace jaring
