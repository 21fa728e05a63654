#include "demo/demo_mark.h"

#include "registry/intake.h"

namespace jaring {
namespace {

// The demo is remembered as if it were a file that came in.
constexpr std::string_view kIntakeKind = "demo";
constexpr std::string_view kBegun = "begun";
constexpr std::string_view kFinished = "finished";

}  // namespace

Result<DemoState> FindDemo(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const auto finished, FindIntake(tx, kIntakeKind, kFinished));
  if (finished) {
    return DemoState::kFinished;
  }
  JARING_ASSIGN_OR_RETURN(const auto begun, FindIntake(tx, kIntakeKind, kBegun));
  return begun ? DemoState::kUnfinished : DemoState::kNone;
}

Result<Done> MarkDemo(Tx& tx, DemoState state, Instant now, std::int64_t people) {
  return RecordIntake(tx, kIntakeKind, state == DemoState::kFinished ? kFinished : kBegun, now,
                      people);
}

Result<Done> NoteDemoOptions(Tx& tx, std::string_view options, Instant now) {
  return RecordIntake(tx, kIntakeKind, options, now, 0);
}

Result<bool> HasDemoOptions(Tx& tx, std::string_view options) {
  JARING_ASSIGN_OR_RETURN(const auto noted, FindIntake(tx, kIntakeKind, options));
  return noted.has_value();
}

}  // namespace jaring
