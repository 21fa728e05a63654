#pragma once

// The invented branch: its groups, partners, and who comes in through which door. The places are
// real, the groups are not.

#include <cstdint>
#include <span>

#include "registry/enrolment.h"
#include "registry/group.h"

namespace jaring {

inline constexpr const char* kDemoBranch = "surakarta";

struct DemoTradeWeight {
  const char* trade;  // Trade::code.
  int weight;
};

/// How the people of a source tend to pay.
enum class DemoTemper : std::uint8_t { kWalkIn, kGathered, kFarmers, kSponsored };

/// Where people come from: a group, or a door without one.
struct DemoSource {
  const char* code;  // Of the group; empty for none.
  const char* name;
  GroupKind kind;
  Payer payer;
  Door door;
  DemoTemper temper;
  int weight;                               // People among 1000.
  std::int64_t regency;                     // 0: anywhere in the branch, the city most.
  std::span<const DemoTradeWeight> trades;  // Empty: what the place lives on.
};

struct DemoPartner {
  const char* code;
  const char* name;
  const char* channel;
  const char* prefix;  // Of its references.
  int weight;
};

struct DemoRegency {
  std::int64_t code;
  int weight;
  bool is_city;
};

std::span<const DemoSource> DemoSources();
std::span<const DemoPartner> DemoPartners();
std::span<const DemoRegency> DemoRegencies();

/// What a place lives on.
std::span<const DemoTradeWeight> DemoTradesOf(bool is_city);

}  // namespace jaring
