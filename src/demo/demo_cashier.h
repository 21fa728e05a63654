#pragma once

// People pay: each evening the payments of the day are posted.

#include <string>
#include <vector>

#include "collection/payment.h"
#include "demo/demo.h"
#include "demo/demo_member.h"
#include "registry/agency.h"

namespace jaring {

class DemoCashier {
 public:
  explicit DemoCashier(const Agency& agency) : agency_(agency) {}

  /// Makes the partners.
  Result<std::int64_t> CreatePartners(Tx& tx);

  /// One evening: members due on `day` (their places in `members`) pay, take payments back, or are
  /// found to be the owners of money in suspense. Their next visits are noted.
  Result<Done> RunDay(Tx& tx, Date day, const std::vector<std::size_t>& due,
                      std::vector<DemoMember>& members, DemoAgenda& agenda, DemoSummary& summary);

 private:
  /// One row of the day's payments.
  struct Line {
    std::size_t member = 0;
    std::size_t partner = 0;
    bool by_sponsor = false;
    std::string reference;
    std::string code_as_sent;
    std::optional<MemberNumber> number;
    std::optional<SealedBlock> nik;
    Money amount;
    Instant paid_at = Instant::FromMicros(0);
    std::optional<Date> next_visit;
  };

  void Visit(Date day, std::size_t place, DemoMember& member, DemoAgenda& agenda);
  Line PaymentLine(Date day, std::size_t place, DemoMember& member, Money due);
  void TakeBack(Date day, std::size_t place, const DemoMember& member);
  Result<Done> Settle(const Line& line, const PaymentOutcome& outcome, Date day, DemoMember& member,
                      DemoAgenda& agenda, DemoSummary& summary);
  Result<Done> Place(Tx& tx, Date day, DemoMember& member, DemoSummary& summary);
  Result<Done> End(Tx& tx, Date day, DemoMember& member, DemoSummary& summary);

  const Agency& agency_;
  std::vector<std::int64_t> partner_ids_;  // One for each of DemoPartners.
  std::vector<Line> lines_;                // Of the day.
};

}  // namespace jaring
