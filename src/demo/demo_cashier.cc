#include "demo/demo_cashier.h"

#include <algorithm>
#include <array>

#include "collection/membership_end.h"
#include "demo/demo_branch.h"
#include "demo/demo_clock.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::size_t kBankAgent = 1;  // Sponsors pay there.

// How often something unusual happens, in ten thousand payments.
constexpr int kOddChance = 10'000;
constexpr int kWrongCode = 8;
constexpr int kTakenBack = 5;
// Of those who stop paying for good, so many in a thousand tell the office why, sooner or later.
constexpr int kEndIsTold = 120;

/// A moment of the day somebody pays: mornings after the market most, until eight in the evening.
Instant DrawPaidAt(DemoDice& dice, Date day) {
  constexpr int kFirstHour = 8;
  constexpr std::array<int, 12> kHours = {8, 12, 14, 11, 8, 7, 7, 6, 6, 7, 8, 6};
  const int hour = kFirstHour + static_cast<int>(dice.Pick(kHours));
  return DemoInstant(day, hour * 3600 + dice.Below(3600));
}

/// What people hand over for what is due: mostly just that, sometimes a round note, rarely less.
Money DrawAmount(DemoDice& dice, Money due) {
  constexpr std::int64_t kNote = 10'000;
  constexpr std::int64_t kShort = 2'000;
  if (dice.Permille(25)) {
    return Money::FromRupiah((due.rupiah() / kNote + 1) * kNote);
  }
  if (dice.Permille(8) && due.rupiah() > 2 * kShort) {
    return due - Money::FromRupiah(kShort);
  }
  return due;
}

/// A bill code that is well formed and belongs to nobody: the last of all numbers.
MemberNumber DrawUnknownNumber(DemoDice& dice) {
  return {MemberNumber::kLastPersonId - dice.Below(1'000'000), 1};
}

/// "PO-20260315-000042".
std::string ReferenceOf(std::size_t partner, Date day, std::size_t number) {
  const std::string digits = std::to_string(number + 1);
  constexpr std::size_t kWidth = 6;
  return std::string(DemoPartners()[partner].prefix) + "-" + std::to_string(day.number()) + "-" +
         std::string(kWidth - std::min(kWidth, digits.size()), '0') + digits;
}

/// The price of `months` months, fewer where so many are not sold ahead.
Money PriceOf(const Scheme& scheme, const DemoMember& member, Date day, int months) {
  for (; months > 0; --months) {
    const auto prices = PriceNextMonths(scheme, member.terms, member.spell, day, months);
    if (prices) {
      Money total;
      for (const MonthPrice& price : *prices) {
        total += price.due.total();
      }
      return total;
    }
  }
  return Money();
}

/// What a posting did to a member's months.
void Follow(const PaymentOutcome& outcome, Date day, DemoMember& member) {
  member.credit = outcome.credit;
  if (outcome.months == 0) {
    return;
  }
  if (outcome.member != member.number) {
    member.number = outcome.member;
    member.spell = {.acquired_on = day, .first_month = {}, .paid_through = {}};
  }
  if (!member.spell.first_month) {
    member.spell.first_month = outcome.first_month;
  }
  member.spell.paid_through = *outcome.first_month + (outcome.months - 1);
}

}  // namespace

Result<std::int64_t> DemoCashier::CreatePartners(Tx& tx) {
  for (const DemoPartner& partner : DemoPartners()) {
    JARING_ASSIGN_OR_RETURN(const Partner made, CreatePartner(tx, partner.code, partner.name));
    partner_ids_.push_back(made.partner_id);
  }
  return static_cast<std::int64_t>(partner_ids_.size());
}

Result<Done> DemoCashier::RunDay(Tx& tx, Date day, const std::vector<std::size_t>& due,
                                 std::vector<DemoMember>& members, DemoAgenda& agenda,
                                 DemoSummary& summary) {
  lines_.clear();
  for (const std::size_t place : due) {
    DemoMember& member = members[place];
    if (member.next == DemoMember::Next::kVisit) {
      Visit(day, place, member, agenda);
    } else if (member.next == DemoMember::Next::kTakeBack) {
      TakeBack(day, place, member);
    } else if (member.next == DemoMember::Next::kEnd) {
      JARING_RETURN_IF_ERROR(End(tx, day, member, summary));
    } else {
      JARING_RETURN_IF_ERROR(Place(tx, day, member, summary));
      agenda.Note(member.resume_on, place);
    }
  }
  std::vector<PaymentRequest> requests;
  requests.reserve(lines_.size());
  for (const Line& line : lines_) {
    requests.push_back(
        {.partner_id = partner_ids_[line.partner],
         .reference = line.reference,
         .member = line.number,
         .nik = line.nik,
         .code_as_sent = line.code_as_sent,
         .amount = line.amount,
         .paid_at = line.paid_at,
         .channel = line.by_sponsor ? "sponsor" : DemoPartners()[line.partner].channel});
  }
  JARING_ASSIGN_OR_RETURN(const auto outcomes,
                          PostPayments(tx, agency_, requests, DemoInstant(day, kDemoCloses)));
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    JARING_RETURN_IF_ERROR(
        Settle(lines_[i], outcomes[i], day, members[lines_[i].member], agenda, summary));
  }
  return Done{};
}

void DemoCashier::Visit(Date day, std::size_t place, DemoMember& member, DemoAgenda& agenda) {
  const NextMonth open = NextMonthOf(agency_.scheme, member.terms, member.spell, day);
  if (open.age != SpellAge::kOpen && !MayBeginSpell(agency_.scheme, member.birth_date, day)) {
    return;  // Too old to begin again.
  }
  const DemoVisit visit = VisitOn(member.dice, member.payer, open.month, day);
  const Money price = PriceOf(agency_.scheme, member, day, visit.months);
  // Most pay what the bill asks, which knows of credit.
  const bool counts_credit = member.dice.Permille(800);
  const Money due = counts_credit && price > member.credit ? price - member.credit : price;
  if (due.is_zero()) {
    agenda.Note(visit.next, place);
    return;
  }
  lines_.push_back(PaymentLine(day, place, member, due));
  lines_.back().next_visit = visit.next;
}

DemoCashier::Line DemoCashier::PaymentLine(Date day, std::size_t place, DemoMember& member,
                                           Money due) {
  DemoDice& dice = member.dice;
  Line line{.member = place,
            .partner = dice.Permille(100) ? kBankAgent : member.partner,
            .number = member.number,
            .nik = {},
            .amount = due,
            .paid_at = DrawPaidAt(dice, day),
            .next_visit = {}};
  if (member.payer.habit == DemoHabit::kSponsored) {
    line.partner = kBankAgent;
    line.by_sponsor = true;
  } else {
    line.amount = DrawAmount(dice, due);
    if (dice.Below(kOddChance) < kWrongCode) {
      line.number = DrawUnknownNumber(dice);
    } else if (dice.Permille(120)) {
      line.number.reset();
      line.nik = member.nik;
    }
  }
  line.reference = ReferenceOf(line.partner, day, lines_.size());
  line.code_as_sent = line.number ? BillCodeOf(*line.number) : member.masked_nik;
  return line;
}

void DemoCashier::TakeBack(Date day, std::size_t place, const DemoMember& member) {
  lines_.push_back({.member = place,
                    .partner = member.reference_partner,
                    .reference = member.reference,
                    .code_as_sent = BillCodeOf(member.number),
                    .number = member.number,
                    .nik = {},
                    .amount = -member.amount,
                    .paid_at = DemoInstant(day, kDemoCloses - 1),
                    .next_visit = member.resume_on});
}

Result<Done> DemoCashier::Settle(const Line& line, const PaymentOutcome& outcome, Date day,
                                 DemoMember& member, DemoAgenda& agenda, DemoSummary& summary) {
  if (line.amount < Money()) {
    if (outcome.status != PaymentStatus::kPosted) {
      return Internal("demo.row_refused", std::string(outcome.rule));
    }
    member.spell = member.spell_before;
    member.credit = member.credit_before;
    member.next = DemoMember::Next::kVisit;
    ++summary.reversed;
    agenda.Note(line.next_visit, line.member);
    return Done{};
  }
  ++summary.payments;
  if (outcome.status == PaymentStatus::kSuspended) {
    ++summary.suspended;
    if (member.dice.Permille(650)) {
      member.next = DemoMember::Next::kPlace;
    }
  } else if (outcome.status == PaymentStatus::kPosted) {
    member.spell_before = member.spell;
    member.credit_before = member.credit;
    const bool goes_on = outcome.member == member.number;
    Follow(outcome, day, member);
    summary.months += outcome.months;
    summary.restarts += goes_on ? 0 : 1;
    if (goes_on && member.dice.Below(kOddChance) < kTakenBack) {
      member.next = DemoMember::Next::kTakeBack;
    }
  } else {
    return Internal("demo.row_refused", std::string(outcome.rule));
  }
  if (member.next == DemoMember::Next::kVisit) {
    if (!line.next_visit && member.dice.Permille(kEndIsTold)) {
      member.next = DemoMember::Next::kEnd;
      agenda.Note(day.AddDays(member.dice.Between(20, 200)), line.member);
    }
    agenda.Note(line.next_visit, line.member);
    return Done{};
  }
  // Somebody at the office sees it some days later; the member comes again after that.
  const Date noticed = day.AddDays(member.dice.Between(1, 8));
  member.reference = line.reference;
  member.reference_partner = line.partner;
  member.amount = line.amount;
  member.resume_on = noticed.AddDays(1);
  if (member.next == DemoMember::Next::kPlace && line.next_visit) {
    member.resume_on = std::max(*line.next_visit, *member.resume_on);
  }
  agenda.Note(noticed, line.member);
  return Done{};
}

Result<Done> DemoCashier::End(Tx& tx, Date day, DemoMember& member, DemoSummary& summary) {
  constexpr std::array<int, 4> kWeights = {45, 40, 5, 10};  // In the order of EndReason.
  const auto reason = static_cast<EndReason>(member.dice.Pick(kWeights) + 1);
  JARING_RETURN_IF_ERROR(EndMembership(tx, agency_,
                                       {.member = member.number, .ended_on = day, .reason = reason},
                                       DemoInstant(day, kDemoCloses)));
  ++summary.ended;
  return Done{};
}

Result<Done> DemoCashier::Place(Tx& tx, Date day, DemoMember& member, DemoSummary& summary) {
  JARING_ASSIGN_OR_RETURN(
      const PaymentOutcome outcome,
      PlaceSuspended(tx, agency_, partner_ids_[member.reference_partner], member.reference,
                     member.number, DemoInstant(day, kDemoCloses)));
  summary.restarts += outcome.member == member.number ? 0 : 1;
  Follow(outcome, day, member);
  summary.months += outcome.months;
  ++summary.placed;
  member.next = DemoMember::Next::kVisit;
  return Done{};
}

}  // namespace jaring
