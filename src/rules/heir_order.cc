#include "rules/heir_order.h"

#include <algorithm>

namespace jaring {

HeirOrder OrderHeirs(const Scheme& scheme, std::span<const Relation> alive, Date death) {
  for (std::size_t rank = 0; rank < scheme.heir_ranks.size(); ++rank) {
    const HeirRank& of = scheme.heir_ranks[rank];
    if (!of.days.Has(death)) {
      continue;
    }
    HeirOrder order{rank, {}};
    for (std::size_t i = 0; i < alive.size(); ++i) {
      if (std::find(of.relations.begin(), of.relations.end(), alive[i]) != of.relations.end()) {
        order.entitled.push_back(i);
      }
    }
    if (!order.entitled.empty()) {
      return order;
    }
  }
  return {};
}

}  // namespace jaring
