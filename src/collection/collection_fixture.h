#pragma once

// For tests only: money comes in.

#include "collection/member_view.h"
#include "collection/payment.h"
#include "registry/agency_fixture.h"

namespace jaring {

/// One payment as a test tells it; owns its texts.
struct Paying {
  std::string reference;
  MemberNumber member;  // person_id 0: no bill code.
  std::int64_t rupiah = 0;
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  std::optional<Nik> nik;
  std::int64_t partner_id = kFirstPartner;
};

class CollectionTest : public AgencyTest {
 protected:
  void SetUp() override {
    AgencyTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CreatePartner(tx, "pos", "Kantor Pos"));
      JARING_RETURN_IF_ERROR(CreatePartner(tx, "bank", "Bank"));
      return Done{};
    });
  }

  std::vector<PaymentOutcome> PayAll(const std::vector<Paying>& payings, Instant now) {
    std::vector<PaymentRequest> requests;
    for (const Paying& p : payings) {
      PaymentRequest request{.partner_id = p.partner_id,
                             .reference = p.reference,
                             .member = {},
                             .nik = {},
                             .code_as_sent = "code",
                             .amount = Rp(p.rupiah),
                             .paid_at = Noon(p.on)};
      if (p.member.person_id != 0) {
        request.member = p.member;
      }
      if (p.nik) {
        request.nik = sealer_.Seal(p.nik->Reveal());
      }
      requests.push_back(request);
    }
    std::vector<PaymentOutcome> outcomes(payings.size());
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(outcomes, PostPayments(tx, agency_, requests, now));
      return Done{};
    });
    return outcomes;
  }

  /// Posted on the day it is paid, unless `posted` says later.
  PaymentOutcome Pay(const Paying& paying, std::optional<Date> posted = std::nullopt) {
    return PayAll({paying}, Noon(posted.value_or(paying.on))).front();
  }

  Result<PaymentOutcome> Place(const std::string& reference, const MemberNumber& member, Date on) {
    std::optional<Result<PaymentOutcome>> placed;
    (void)db().Write([&](Tx& tx) -> Result<Done> {
      placed = PlaceSuspended(tx, agency_, kFirstPartner, reference, member, Noon(on));
      return *placed ? Result<Done>(Done{}) : placed->error();
    });
    return *placed;
  }

  MemberView View(std::int64_t person_id, Date on, std::optional<Instant> known_at = {}) {
    MemberView view;
    const auto done = db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(view, ViewMember(tx, agency_, {{person_id, 1}, on, known_at}));
      return Done{};
    });
    EXPECT_TRUE(done) << done.error().rule;
    return view;
  }

  /// "202603 202604": the months paid.
  std::string Months(std::int64_t person_id, std::optional<Instant> known_at = {}) {
    std::string text;
    for (const Month month : View(person_id, D(20260101), known_at).coverage.months_paid) {
      text += (text.empty() ? "" : " ") + std::to_string(month.number());
    }
    return text;
  }

  CoverageState StateOn(std::int64_t person_id, Date on, std::optional<Instant> known_at = {}) {
    return View(person_id, on, known_at).coverage[Programme::kJkk].state;
  }

  std::int64_t Credit(std::int64_t person_id, std::optional<Instant> known_at = {}) {
    return View(person_id, D(20260101), known_at).credit.rupiah();
  }
};

}  // namespace jaring
