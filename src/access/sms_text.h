#pragma once

// What goes out by SMS. Words of ours only: nothing somebody typed goes out in a message. Plain
// letters of the GSM alphabet, so that a message stays one.

#include <string>
#include <string_view>

#include "base/calendar.h"

namespace jaring {

/// The code to log in with, in the person's language; Indonesian for one we do not write.
///
/// Javanese, Sundanese and Madurese are drafts that nobody who grew up with them has read.
std::string LoginCodeText(std::string_view language, std::string_view code);

/// To the old phone: another is to replace it on `day`, and how to stop that.
std::string NewPhoneText(std::string_view language, Date day, std::string_view stop_code);

}  // namespace jaring
