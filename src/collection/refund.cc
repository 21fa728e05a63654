#include "collection/refund.h"

#include <algorithm>

#include "collection/money_shift.h"
#include "registry/kept_person.h"

namespace jaring {
namespace {

constexpr std::int64_t kNoMerge = 0;

bool IsOwnMoney(const Membership& membership) {
  return membership.terms.payer == Payer::kSelf;
}

const Membership& MembershipOf(const Party& party, const StoredContribution& c) {
  return party.account.spells[static_cast<std::size_t>(c.membership_seq) - 1].membership;
}

/// Adds a contribution's months after the event; what of it remains is `rest`.
void AddMonths(const StoredContribution& c, const StoredContribution& rest, Refund& refund) {
  const Month first = c.first_month + rest.months;
  refund.parts += c.parts;
  refund.parts += -rest.parts;
  refund.months += c.months - rest.months;
  refund.first_month = std::min(refund.first_month.value_or(first), first);
  refund.last_month = std::max(refund.last_month.value_or(c.last_month()), c.last_month());
}

class Refunding {
 public:
  Refunding(const Agency& agency, MoneyShift& shift, Date event)
      : agency_(agency), shift_(shift), event_(event) {}

  Result<Refund> Plan() {
    for (Party& party : shift_.parties) {
      for (const StoredContribution& c : party.history.contributions) {
        if (c.last_month() <= event_.month()) {
          continue;
        }
        if (!IsOwnMoney(MembershipOf(party, c))) {
          refund_.months_by_agreement += c.months - std::max(0, event_.month() + 1 - c.first_month);
          continue;
        }
        JARING_ASSIGN_OR_RETURN(const StoredContribution rest, RestOf(party, c));
        AddMonths(c, rest, refund_);
      }
      refund_.credit += IsOwnMoney(party.newest()) ? party.newest().credit : Money();
      for (const StoredPayment& payment : party.history.payments) {
        refund_.paid_since_event = refund_.paid_since_event ||
                                   (payment.kind == PaymentKind::kPayment && !payment.reversed &&
                                    payment.paid_at.JakartaDate() > event_);
      }
    }
    return refund_;
  }

  Result<Done> Give(const RefundedWith& claim) {
    TallyLife(shift_.tally, SpellsOf(shift_.parties), -1);
    for (Party& party : shift_.parties) {
      JARING_RETURN_IF_ERROR(TakeMonthsBack(party));
      shift_.Restate(party);
      const Money amount = IsOwnMoney(party.newest()) ? party.newest().credit : Money();
      if (!amount.is_zero() || (&party == &shift_.parties.front() && refund_.paid_since_event)) {
        JARING_RETURN_IF_ERROR(shift_.GiveBack(party, amount, {claim.person_id, claim.claim_seq}));
        shift_.Restate(party);
      }
    }
    TallyLife(shift_.tally, SpellsOf(shift_.parties), +1);
    return shift_.Write();
  }

 private:
  Result<StoredContribution> RestOf(const Party& party, const StoredContribution& c) const {
    return RestBefore(agency_.scheme, party, MembershipOf(party, c).terms, c, event_.month() + 1);
  }

  Result<Done> TakeMonthsBack(Party& party) {
    for (std::size_t i = party.history.contributions.size(); i-- > 0;) {
      const StoredContribution c = party.history.contributions[i];
      if (c.last_month() <= event_.month() || !IsOwnMoney(MembershipOf(party, c))) {
        continue;
      }
      JARING_ASSIGN_OR_RETURN(const StoredContribution rest, RestOf(party, c));
      shift_.TakeBack(party, i);
      if (rest.months > 0) {
        shift_.Buy(party, rest);
      }
    }
    return Done{};
  }

  const Agency& agency_;
  MoneyShift& shift_;
  const Date event_;
  Refund refund_;
};

}  // namespace

Result<Refund> PlanRefund(Tx& tx, const Agency& agency, std::int64_t person_id, Date event) {
  MoneyShift shift(tx, agency, kNoMerge, Instant::FromMicros(0));
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, person_id));
  JARING_RETURN_IF_ERROR(shift.Load(persons));
  return Refunding(agency, shift, event).Plan();
}

Result<Refund> GiveRefund(Tx& tx, const Agency& agency, const RefundedWith& claim, Date event,
                          Instant now) {
  MoneyShift shift(tx, agency, kNoMerge, now);
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, claim.person_id));
  JARING_RETURN_IF_ERROR(shift.Load(persons));
  Refunding refunding(agency, shift, event);
  JARING_ASSIGN_OR_RETURN(Refund refund, refunding.Plan());
  if (!refund.total().is_zero() || refund.paid_since_event) {
    JARING_RETURN_IF_ERROR(refunding.Give(claim));
  }
  return refund;
}

}  // namespace jaring
