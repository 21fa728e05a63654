#include "collection/payment.h"

#include <algorithm>
#include <tuple>

#include "collection/collection_sql.h"
#include "collection/merge_sql.h"
#include "collection/payment_reservation.h"
#include "collection/payment_spending.h"
#include "collection/reversal.h"
#include "ledger/sequence.h"
#include "registry/live_keys.h"
#include "registry/person_care_sql.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxReferenceBytes = 64;
constexpr std::size_t kMaxChannelBytes = 40;
/// Far above what anybody pays, and far enough below Money's limit that sums cannot reach it.
constexpr Money kMaxAmount = Money::FromRupiah(10'000'000'000);

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// One call of PostPayments: what is known of each request, step by step.
class PaymentSet {
 public:
  PaymentSet(Tx& tx, const Agency& agency, std::span<const PaymentRequest> requests, Instant now)
      : tx_(tx),
        agency_(agency),
        requests_(requests),
        now_(now),
        outcomes_(requests.size()),
        facts_(requests.size()) {}

  Result<std::vector<PaymentOutcome>> Post() {
    Screen();
    JARING_RETURN_IF_ERROR(FindOwners());
    JARING_RETURN_IF_ERROR(FindReferences());
    PutInOrder();
    JARING_RETURN_IF_ERROR(NumberPayments());
    JARING_RETURN_IF_ERROR(Spend());
    JARING_RETURN_IF_ERROR(tx_.RunEach(sql::kInsertReference, ReferenceRows()));
    RepeatWithinSet();
    for (const std::size_t i : reversals_) {
      JARING_ASSIGN_OR_RETURN(outcomes_[i], ReversePayment(tx_, agency_, requests_[i], now_));
    }
    return std::move(outcomes_);
  }

  /// The first half: whose each reference is, and that it is taken. `reservations` has the numbers.
  Result<std::vector<PaymentOutcome>> Reserve(std::span<PaymentReservation> reservations) {
    reservations_ = reservations;
    for (std::size_t i = 0; i < reservations.size(); ++i) {
      facts_[i].payment_id = reservations[i].payment_id;
    }
    Screen();
    JARING_CHECK(reversals_.empty());
    JARING_RETURN_IF_ERROR(FindOwners());
    SortByReference();
    FindRepeatedWithinSet();
    JARING_RETURN_IF_ERROR(ReserveReferences());
    for (std::size_t i = 0; i < reservations.size(); ++i) {
      reservations_[i].person_id = facts_[i].person_id;
      reservations_[i].sent_to = facts_[i].sent_to;
      reservations_[i].suspense_reason = facts_[i].suspense_reason;
    }
    RepeatWithinSet();
    return std::move(outcomes_);
  }

 private:
  struct Facts {
    std::int64_t payment_id = 0;         // The number it has or will have.
    std::int64_t person_id = 0;          // 0: nobody known.
    std::int64_t sent_to = 0;            // The merged person whose number was used; 0: none.
    std::string_view suspense_reason;    // Why nobody is.
    std::optional<std::size_t> same_as;  // An earlier request of this set with this reference.
  };

  void Refuse(std::size_t i, std::string_view rule, std::string_view column) {
    outcomes_[i] = {.status = PaymentStatus::kRefused, .rule = rule, .column = column};
  }

  void Screen() {
    const Date today = now_.JakartaDate();
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const PaymentRequest& request = requests_[i];
      if (request.reference.empty() || request.reference.size() > kMaxReferenceBytes ||
          !IsPrintable(request.reference)) {
        Refuse(i, "reference.malformed", "reference");
      } else if (request.channel.size() > kMaxChannelBytes) {
        Refuse(i, "channel.too_long", "channel");
      } else if (request.amount.is_zero()) {
        Refuse(i, "amount.zero", "amount");
      } else if (request.amount > kMaxAmount || request.amount < -kMaxAmount) {
        Refuse(i, "amount.too_large", "amount");
      } else if (request.paid_at.JakartaDate() > today) {
        Refuse(i, "payment.in_future", "paid_at");
      } else if (request.amount < Money()) {
        reversals_.push_back(i);
      } else {
        by_reference_.push_back(i);
      }
    }
  }

  void SortByReference() {
    const auto key = [this](std::size_t i) {
      return std::tuple(requests_[i].partner_id, requests_[i].reference, i);
    };
    std::sort(by_reference_.begin(), by_reference_.end(),
              [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  }

  /// Looks every reference up, in the order of the table; what stays in `by_reference_` is new.
  Result<Done> FindReferences() {
    SortByReference();
    JARING_RETURN_IF_ERROR(DropKnownReferences());
    FindRepeatedWithinSet();
    return Done{};
  }

  Result<Done> DropKnownReferences() {
    ValueRows keys(3);
    keys.Reserve(by_reference_.size());
    for (std::size_t k = 0; k < by_reference_.size(); ++k) {
      const PaymentRequest& request = requests_[by_reference_[k]];
      keys.Add({request.partner_id, request.reference,
                static_cast<std::int64_t>(PaymentKind::kPayment)});
    }
    std::vector<bool> known(requests_.size());
    JARING_RETURN_IF_ERROR(
        tx_.QueryEach(sql::kFindReference, keys, [&](std::size_t k, const Row& row) {
          known[by_reference_[k]] = true;
          if (!IsReservedAlready(by_reference_[k], row)) {
            JudgeRepeated(by_reference_[k], row);
          }
        }));
    std::erase_if(by_reference_, [&](std::size_t i) { return known[i]; });
    return Done{};
  }

  void FindRepeatedWithinSet() {
    for (std::size_t k = 1; k < by_reference_.size(); ++k) {
      const std::size_t before = by_reference_[k - 1];
      const std::size_t i = by_reference_[k];
      if (requests_[before].partner_id == requests_[i].partner_id &&
          requests_[before].reference == requests_[i].reference) {
        facts_[i].same_as = facts_[before].same_as.value_or(before);
      }
    }
  }

  /// Takes every reference that is not taken. Hardly ever is one, so none is looked up before.
  Result<Done> ReserveReferences() {
    for (const std::size_t i : by_reference_) {
      outcomes_[i] = {.status = PaymentStatus::kPosted, .payment_id = facts_[i].payment_id};
      reservations_[i].stored_person_id = facts_[i].person_id;
    }
    const ValueRows rows = ReferenceRows();
    JARING_ASSIGN_OR_RETURN(const std::int64_t taken, tx_.RunEach(sql::kReserveReference, rows));
    return taken == static_cast<std::int64_t>(rows.size()) ? Result<Done>(Done{})
                                                           : DropKnownReferences();
  }

  /// Reserved under the same number, by this transaction or by a run that was broken off.
  bool IsReservedAlready(std::size_t i, const Row& row) {
    if (reservations_.empty() || (row.Int(0) != reservations_[i].payment_id &&
                                  row.Int(0) != reservations_[i].renumbered_id)) {
      return false;
    }
    reservations_[i].stored_person_id = row.Int(1);
    return true;
  }

  static bool AreTwoPeople(std::int64_t a, std::int64_t b) { return a != 0 && b != 0 && a != b; }

  void JudgeRepeated(std::size_t i, const Row& row) {
    const PaymentRequest& request = requests_[i];
    const std::int64_t person_id = row.Int(1);
    if (row.Int(2) != request.amount.rupiah() ||
        (AreTwoPeople(facts_[i].person_id, person_id) && facts_[i].sent_to != person_id)) {
      Refuse(i, "payment.reference_reused", "reference");
      return;
    }
    outcomes_[i] = {.status = PaymentStatus::kRepeated, .payment_id = row.Int(0)};
    outcomes_[i].member.person_id = person_id;
  }

  /// The person of each bill code, or of each NIK; of merged persons the kept one.
  Result<Done> FindOwners() {
    std::vector<std::size_t> by_nik;
    for (const std::size_t i : by_reference_) {
      if (requests_[i].member) {
        facts_[i].person_id = requests_[i].member->person_id;
      }
      if (requests_[i].nik) {
        by_nik.push_back(i);
      }
    }
    std::vector<std::int64_t> nik_owners(requests_.size());
    if (!by_nik.empty()) {
      JARING_RETURN_IF_ERROR(FindOwnersByNik(by_nik, nik_owners));
    }
    std::vector<std::int64_t> named(requests_.size());
    for (const std::size_t i : by_reference_) {
      named[i] = requests_[i].member ? facts_[i].person_id : nik_owners[i];
      nik_owners[i] = requests_[i].member ? nik_owners[i] : 0;
    }
    std::vector<std::int64_t> owners = named;
    JARING_RETURN_IF_ERROR(LeadToKept(owners));
    JARING_RETURN_IF_ERROR(LeadToKept(nik_owners));
    for (const std::size_t i : by_reference_) {
      JudgeOwner(i, named[i], owners[i], nik_owners[i]);
    }
    return Done{};
  }

  Result<Done> FindOwnersByNik(const std::vector<std::size_t>& by_nik,
                               std::vector<std::int64_t>& owners) {
    JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx_, agency_.sealer));
    using Asked = std::pair<SealedBlock, std::size_t>;
    std::vector<Asked> asked;
    for (const std::size_t i : by_nik) {
      // Sealed before this transaction, maybe with a version that is not current any more.
      JARING_ASSIGN_OR_RETURN(const SealedBlock nik,
                              agency_.sealer.Reseal(*requests_[i].nik, keys.current));
      asked.emplace_back(nik, i);
    }
    std::sort(asked.begin(), asked.end(),
              [](const Asked& a, const Asked& b) { return View(a.first) < View(b.first); });
    std::vector<SealedBlock> niks;
    niks.reserve(asked.size());
    for (const Asked& one : asked) {
      niks.push_back(one.first);
    }
    return FindPeopleByNik(
        tx_, agency_.sealer, keys, niks,
        [&](std::size_t k, std::int64_t person_id) { owners[asked[k].second] = person_id; });
  }

  /// `named`: as the code or NIK says; `owner`: the kept person of it; `nik_owner`: that of a NIK
  /// beside a code, or 0.
  void JudgeOwner(std::size_t i, std::int64_t named, std::int64_t owner, std::int64_t nik_owner) {
    Facts& facts = facts_[i];
    facts.person_id = owner;
    facts.sent_to = owner == named ? 0 : named;
    if (AreTwoPeople(owner, nik_owner)) {
      facts.person_id = 0;
      facts.suspense_reason = "payment.code_and_nik_disagree";
    } else if (owner == 0) {
      facts.suspense_reason = "payment.unknown_nik";
    }
  }

  /// Puts the kept person in the place of each that was merged into her.
  Result<Done> LeadToKept(std::vector<std::int64_t>& persons) {
    std::vector<std::size_t> places;
    ValueRows keys(1);
    for (std::size_t i = 0; i < persons.size(); ++i) {
      if (persons[i] != 0) {
        places.push_back(i);
        keys.Add({persons[i]});
      }
    }
    return tx_.QueryEach(sql::kFindKeptPerson, keys,
                         [&](std::size_t k, const Row& row) { persons[places[k]] = row.Int(0); });
  }

  /// Puts the new requests in the order in which money is spent.
  void PutInOrder() {
    for (const std::size_t i : by_reference_) {
      if (!facts_[i].same_as) {
        in_order_.push_back(i);
      }
    }
    std::sort(in_order_.begin(), in_order_.end(), [this](std::size_t a, std::size_t b) {
      return std::tuple(facts_[a].person_id, a) < std::tuple(facts_[b].person_id, b);
    });
  }

  Result<Done> NumberPayments() {
    if (in_order_.empty()) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(
        std::int64_t payment_id,
        TakeNumbers(tx_, "payment", static_cast<std::int64_t>(in_order_.size())));
    for (const std::size_t i : in_order_) {
      facts_[i].payment_id = payment_id++;
    }
    return Done{};
  }

  Result<Done> Spend() {
    std::vector<OwnedPayment> owned;
    owned.reserve(in_order_.size());
    for (const std::size_t i : in_order_) {
      const Facts& facts = facts_[i];
      owned.push_back({.request = &requests_[i],
                       .payment_id = facts.payment_id,
                       .person_id = facts.person_id,
                       .sent_to = facts.sent_to,
                       .suspense_reason = facts.suspense_reason});
    }
    PaymentSpending spending(agency_, now_);
    JARING_RETURN_IF_ERROR(spending.Plan(tx_, std::move(owned)));
    JARING_ASSIGN_OR_RETURN(const auto outcomes, spending.Write(tx_));
    for (std::size_t n = 0; n < in_order_.size(); ++n) {
      outcomes_[in_order_[n]] = outcomes[n];
      facts_[in_order_[n]].person_id = spending.payments()[n].person_id;
    }
    return Done{};
  }

  ValueRows ReferenceRows() const {
    ValueRows rows(6);
    rows.Reserve(by_reference_.size());
    for (const std::size_t i : by_reference_) {
      if (!facts_[i].same_as) {
        const PaymentRequest& request = requests_[i];
        rows.Add({request.partner_id, request.reference,
                  static_cast<std::int64_t>(PaymentKind::kPayment), facts_[i].payment_id,
                  facts_[i].person_id, request.amount.rupiah()});
      }
    }
    return rows;
  }

  void RepeatWithinSet() {
    for (const std::size_t i : by_reference_) {
      if (!facts_[i].same_as) {
        continue;
      }
      const std::size_t first = *facts_[i].same_as;
      if (requests_[first].amount != requests_[i].amount ||
          AreTwoPeople(facts_[i].person_id, facts_[first].person_id)) {
        Refuse(i, "payment.reference_reused", "reference");
      } else {
        outcomes_[i] = outcomes_[first];
        outcomes_[i].status = PaymentStatus::kRepeated;
        outcomes_[i].rule = {};
      }
    }
  }

  Tx& tx_;
  const Agency& agency_;
  std::span<const PaymentRequest> requests_;
  const Instant now_;
  std::vector<PaymentOutcome> outcomes_;
  std::vector<Facts> facts_;
  std::span<PaymentReservation>
      reservations_;  // Empty unless reserving and posting are done apart.
  std::vector<std::size_t> reversals_;
  std::vector<std::size_t> by_reference_;  // New payments, by partner and reference.
  std::vector<std::size_t> in_order_;      // The same, each reference once, as money is spent.
};

}  // namespace

Result<std::vector<PaymentOutcome>> PostPayments(Tx& tx, const Agency& agency,
                                                 std::span<const PaymentRequest> requests,
                                                 Instant now) {
  return PaymentSet(tx, agency, requests, now).Post();
}

Result<std::vector<PaymentOutcome>> ReservePayments(Tx& tx, const Agency& agency,
                                                    std::span<const PaymentRequest> requests,
                                                    std::span<PaymentReservation> reservations,
                                                    Instant now) {
  JARING_CHECK(reservations.size() == requests.size());
  return PaymentSet(tx, agency, requests, now).Reserve(reservations);
}

}  // namespace jaring
