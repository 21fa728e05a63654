// Taking a merge of two persons apart again.

#include <algorithm>

#include "collection/money_shift.h"
#include "collection/month_progress.h"
#include "collection/person_merge.h"
#include "collection/refund_sql.h"
#include "registry/kept_person.h"

namespace jaring {
namespace {

constexpr std::string_view kNotReversible = "reversal.person_merged";

/// Its number among the payments; 0: nothing was given back.
Result<std::int64_t> NewestRefund(Tx& tx, std::int64_t person_id) {
  std::int64_t newest = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListRefundsOfPerson, {person_id},
                                  [&](const Row& row) { newest = row.Int(0); }));
  return newest;
}

struct StoredMerge {
  std::int64_t merge_id = 0;
  MergePair pair;
  std::int64_t mark = 0;
};

Result<StoredMerge> FindStoredMerge(Tx& tx, std::int64_t merge_id) {
  std::optional<StoredMerge> merge;
  bool undone = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindMerge, {merge_id}, [&](const Row& row) {
    merge = StoredMerge{merge_id, {row.Int(1), row.Int(0)}, row.Int(2)};
    undone = !row.IsNull(3);
  }));
  if (!merge) {
    return NotFound("merge.unknown");
  }
  if (undone) {
    return Conflict("merge.undone_already");
  }
  return *merge;
}

Result<StoredMerge> FindMergeToUndo(Tx& tx, std::int64_t merge_id) {
  JARING_ASSIGN_OR_RETURN(const StoredMerge merge, FindStoredMerge(tx, merge_id));
  std::int64_t newest = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindNewestMergeInto, {merge.pair.kept_person_id},
                                  [&](const Row& row) { newest = row.Int(0); }));
  return newest == merge_id ? Result<StoredMerge>(merge) : Conflict("merge.later_one_first");
}

/// Undoes one merge, step by step.
class Unmerging {
 public:
  Unmerging(Tx& tx, const Agency& agency, const StoredMerge& merge, Instant now)
      : tx_(tx), merge_(merge), now_(now), shift_(tx, agency, merge.merge_id, now) {}

  Result<Done> Run() {
    JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx_, merge_.pair.kept_person_id));
    JARING_RETURN_IF_ERROR(shift_.Load(persons));
    const auto life = SpellsOf(shift_.parties);
    TallyLife(shift_.tally, life, -1);
    TallyRegistered(shift_.tally, life, -1);
    TakeBackWhatCameAfter();
    for (Party& party : shift_.parties) {
      JARING_RETURN_IF_ERROR(RestoreTrimmed(party));
      JARING_RETURN_IF_ERROR(TakeMovesBack(party));
    }
    JARING_RETURN_IF_ERROR(FindRedirected());
    std::vector<StoredPayment> later = LaterPayments();
    for (const StoredPayment& payment : redirected_) {
      JARING_RETURN_IF_ERROR(
          shift_.Move(kept(), -payment.amount, payment.paid_at, payment.payment_id));
    }
    RestateAsBefore();
    for (const StoredPayment& payment : later) {
      shift_.Spend(kept(), payment);
    }
    JARING_RETURN_IF_ERROR(GiveRedirected());
    TallyApart();
    return shift_.Write();
  }

 private:
  Party& kept() { return shift_.parties.front(); }
  Party& merged() {
    for (Party& party : shift_.parties) {
      if (party.person_id == merge_.pair.merged_person_id) {
        return party;
      }
    }
    JARING_CHECK(false);
  }

  void TakeBackWhatCameAfter() {
    for (std::size_t i = kept().history.contributions.size(); i-- > 0;) {
      if (kept().history.contributions[i].payment_id > merge_.mark) {
        shift_.TakeBack(kept(), i);
      }
    }
  }

  /// What the merge cut stands again as it was; the shorter rest is taken back.
  Result<Done> RestoreTrimmed(Party& party) {
    std::vector<StoredContribution> trimmed;
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kListMergeTrims, {party.person_id, merge_.merge_id}, [&](const Row& row) {
          const auto first_month = Month::ParseNumber(row.Int(3));
          JARING_CHECK(first_month.has_value());
          StoredContribution c{.membership_seq = static_cast<int>(row.Int(1)),
                               .payment_id = row.Int(2),
                               .first_month = *first_month,
                               .months = static_cast<int>(row.Int(4))};
          c.parts[Programme::kJkk] = Money::FromRupiah(row.Int(5));
          c.parts[Programme::kJkm] = Money::FromRupiah(row.Int(6));
          c.parts[Programme::kJht] = Money::FromRupiah(row.Int(7));
          trimmed.push_back(c);
        }));
    for (const StoredContribution& whole : trimmed) {
      auto& contributions = party.history.contributions;
      for (std::size_t i = 0; i < contributions.size(); ++i) {
        const StoredContribution& c = contributions[i];
        if (c.payment_id == whole.payment_id && c.membership_seq == whole.membership_seq &&
            c.first_month == whole.first_month) {
          shift_.TakeBack(party, i);
          break;
        }
      }
      shift_.Buy(party, whole);
    }
    return Done{};
  }

  Result<Done> TakeMovesBack(Party& party) {
    std::vector<StoredPayment> moves;
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kListCreditMovesOfPerson, {party.person_id}, [&](const Row& row) {
          if (row.Int(6) == merge_.merge_id) {
            moves.push_back({.payment_id = row.Int(0),
                             .amount = Money::FromRupiah(row.Int(2)),
                             .paid_at = Instant::FromMicros(row.Int(3))});
          }
        }));
    for (const StoredPayment& move : moves) {
      JARING_RETURN_IF_ERROR(shift_.Move(party, -move.amount, move.paid_at, move.payment_id));
    }
    return Done{};
  }

  Result<Done> FindRedirected() {
    return tx_.Query(sql::kListRedirected, {kept().person_id, merge_.mark, merged().person_id},
                     [&](const Row& row) {
                       const StoredPayment& payment = kept().PaymentOf(row.Int(0));
                       if (!payment.reversed) {
                         redirected_.push_back(payment);
                       }
                     });
  }

  /// The kept person's own payments since the merge.
  std::vector<StoredPayment> LaterPayments() {
    std::vector<StoredPayment> later;
    for (const StoredPayment& p : kept().history.payments) {
      const bool moves = std::any_of(redirected_.begin(), redirected_.end(),
                                     [&](const auto& r) { return r.payment_id == p.payment_id; });
      if (p.payment_id > merge_.mark && !p.reversed && !moves) {
        later.push_back(p);
      }
    }
    return later;
  }

  /// Everybody as she stood before the merge: later money is not spent yet.
  void RestateAsBefore() {
    for (Party& party : shift_.parties) {
      shift_.Restate(party);
    }
    Money unspent;
    for (const StoredPayment& p : kept().history.payments) {
      unspent += p.payment_id > merge_.mark && !p.reversed ? p.amount : Money();
    }
    kept().newest().credit -= unspent;
  }

  Result<Done> GiveRedirected() {
    for (StoredPayment payment : redirected_) {
      JARING_ASSIGN_OR_RETURN(
          payment.payment_id,
          shift_.Move(merged(), payment.amount, payment.paid_at, std::nullopt, payment.partner_id));
      payment.kind = PaymentKind::kMove;
      shift_.Spend(merged(), payment);
    }
    return Done{};
  }

  void TallyApart() {
    std::vector<Membership> together;
    std::vector<Membership> apart;
    for (const Membership& m : SpellsOf(shift_.parties)) {
      const bool is_merged = m.member.person_id == merge_.pair.merged_person_id;
      (is_merged ? apart : together).push_back(m);
    }
    for (const auto& life : {together, apart}) {
      TallyLife(shift_.tally, life, +1);
      TallyRegistered(shift_.tally, life, +1);
    }
  }

  Tx& tx_;
  const StoredMerge& merge_;
  const Instant now_;
  MoneyShift shift_;
  std::vector<StoredPayment> redirected_;
};

}  // namespace

Result<MergePair> FindMerge(Tx& tx, std::int64_t merge_id) {
  JARING_ASSIGN_OR_RETURN(const StoredMerge merge, FindStoredMerge(tx, merge_id));
  return merge.pair;
}

Result<MergePair> UndoMerge(Tx& tx, const Agency& agency, std::int64_t merge_id, Instant now) {
  JARING_RETURN_IF_ERROR(CheckNoMonthIsPosted(tx));
  JARING_ASSIGN_OR_RETURN(const StoredMerge merge, FindMergeToUndo(tx, merge_id));
  for (const std::int64_t person : {merge.pair.kept_person_id, merge.pair.merged_person_id}) {
    JARING_ASSIGN_OR_RETURN(const std::int64_t refund_id, NewestRefund(tx, person));
    if (refund_id > merge.mark) {
      return Conflict("merge.refunded_since");
    }
  }
  JARING_RETURN_IF_ERROR(Unmerging(tx, agency, merge, now).Run());
  JARING_RETURN_IF_ERROR(tx.Run(sql::kUndoMerge, {merge_id, now.micros()}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDeleteMergedPerson, {merge.pair.merged_person_id}));
  return merge.pair;
}

Result<std::string_view> WhyNotReversible(Tx& tx, std::int64_t person_id, std::int64_t payment_id) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id));
  if (kept != person_id) {
    return kNotReversible;
  }
  std::int64_t mark = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindNewestMergeInto, {person_id}, [&](const Row& row) { mark = row.Int(1); }));
  bool moved = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListCreditMovesOfPerson, {person_id}, [&](const Row& row) {
    moved = moved || (!row.IsNull(5) && row.Int(5) == payment_id);
  }));
  if (payment_id < mark || moved) {
    return kNotReversible;
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t refund_id, NewestRefund(tx, person_id));
  return payment_id < refund_id ? std::string_view("reversal.refunded") : std::string_view();
}

}  // namespace jaring
