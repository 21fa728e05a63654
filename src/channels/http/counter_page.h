#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// /loket: staff and agents find a person and see how far a change of phone is; whoever may
/// recover access begins one there, or stops it.
void AddCounterPages(Router& router, LoginDesk& desk);

}  // namespace jaring
