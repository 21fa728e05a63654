#pragma once

#include "access/recovery.h"
#include "channels/http/login_desk.h"

namespace jaring {

/// /pemulihan tells who has lost the phone what to do, and begins a change that two witnesses
/// confirm; /berhenti stops one with the code that the old phone got.
void AddRecoveryPages(Router& router, LoginDesk& desk);

/// How far a change is, in words: waiting for witnesses, or the day it happens.
std::string RecoveryStateHtml(const PageWords& words, const OpenRecovery& recovery);

/// For the person herself: what is under way, each with a button that stops it; empty: nothing.
std::string OwnRecoveriesHtml(const PageWords& words, const std::vector<OpenRecovery>& open);

/// For a member who is to be a witness: a field for the code.
std::string WitnessFormHtml(const PageWords& words);

}  // namespace jaring
