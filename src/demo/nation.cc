#include "demo/nation.h"

#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <thread>

#include "base/check.h"
#include "collection/collection_sql.h"
#include "collection/posting.h"
#include "demo/demo.h"
#include "demo/demo_clock.h"
#include "demo/demo_mark.h"
#include "demo/nation_sql.h"
#include "demo/nation_writer.h"
#include "ledger/sequence.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr int kLastYear = 2900;

/// One payment by what its partner calls it.
struct Referred {
  std::uint32_t n = 0;
  std::uint32_t ordinal = 0;  // Of all payments.
  std::int64_t rupiah = 0;
};

class NationRun {
 public:
  NationRun(Database& database, const Agency& agency, const NationOptions& options, NationData data,
            DemoNames names, const std::function<void(const NationProgress&)>& progress)
      : database_(database),
        options_(options),
        progress_(progress),
        data_(std::move(data)),
        names_(std::move(names)),
        opened_(FirstDay(options.today.month())),
        books_end_(DemoInstant(opened_.AddDays(-1), kDemoCloses)),
        plan_(data_, options.people, options.seed),
        people_(data_, plan_, names_, agency.scheme, agency.sealer, options.seed, opened_),
        writer_(agency, data_, books_end_) {}

  Result<NationSummary> Run() {
    JARING_RETURN_IF_ERROR(database_.Write([this](Tx& tx) { return BeginOrResume(tx); }));
    JARING_RETURN_IF_ERROR(FillPeople());
    JARING_RETURN_IF_ERROR(FillNiks());
    JARING_RETURN_IF_ERROR(FillLikenesses());
    JARING_RETURN_IF_ERROR(FillPhones());
    JARING_RETURN_IF_ERROR(FillReferences());
    JARING_RETURN_IF_ERROR(database_.Write([this](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const std::int64_t next, TakeNumbers(tx, "payment", 0));
      summary_.payments = next - kFirstPayment;
      return MarkDemo(tx, DemoState::kFinished, DemoInstant(opened_, kDemoOpens), options_.people);
    }));
    summary_.people = options_.people;
    summary_.active_informal = plan_.count(NationKind::kPaying);
    summary_.active = plan_.count(NationKind::kEmployed) + summary_.active_informal;
    summary_.claimed = plan_.count(NationKind::kClaimed);
    summary_.last_month = opened_.month() - 1;
    summary_.resumed_at = resumed_at_;
    return summary_;
  }

 private:
  static constexpr std::int64_t kFirstPayment = 1;

  /// Told of one that was begun with other options.
  std::string Options() const {
    return "nation " + std::to_string(options_.seed) + " " + std::to_string(options_.people) + " " +
           std::to_string(opened_.month().number());
  }

  Result<Done> BeginOrResume(Tx& tx) {
    JARING_ASSIGN_OR_RETURN(const DemoState state, FindDemo(tx));
    JARING_ASSIGN_OR_RETURN(const std::int64_t next, TakeNumbers(tx, "person", 0));
    if (state == DemoState::kFinished) {
      return Conflict("demo.already_made");
    }
    if (state == DemoState::kNone) {
      if (next != MemberNumber::kFirstPersonId) {
        return Conflict("demo.already_made");
      }
      const Instant now = DemoInstant(opened_, kDemoOpens);
      JARING_RETURN_IF_ERROR(MarkDemo(tx, DemoState::kUnfinished, now, options_.people));
      JARING_RETURN_IF_ERROR(NoteDemoOptions(tx, Options(), now));
      JARING_RETURN_IF_ERROR(writer_.CreateGroupsAndPartners(tx));
    } else {
      JARING_ASSIGN_OR_RETURN(const bool same, HasDemoOptions(tx, Options()));
      if (!same) {
        return Conflict("demo.begun_otherwise");
      }
    }
    resumed_at_ = next - MemberNumber::kFirstPersonId;
    return writer_.FindGroupsAndPartners(tx);
  }

  void Tell(NationStep step, std::int64_t done, std::int64_t all) const {
    if (progress_) {
      progress_({step, done, all});
    }
  }

  /// Makes something of each person from `from` on, on several threads, and hands it over in order.
  template <typename Make, typename Take>
  Result<Done> InOrder(std::int64_t from, const Make& make, const Take& take) const {
    using Made = decltype(make(std::int64_t{}));
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t ahead = options_.threads == 0 ? cores : options_.threads;
    std::deque<std::future<std::vector<Made>>> coming;
    for (std::int64_t next = from; next < options_.people || !coming.empty();) {
      while (next < options_.people && coming.size() < ahead) {
        const std::int64_t until = std::min(next + options_.rows_at_once, options_.people);
        coming.push_back(std::async(std::launch::async, [&make, next, until] {
          std::vector<Made> made;
          made.reserve(static_cast<std::size_t>(until - next));
          for (std::int64_t n = next; n < until; ++n) {
            made.push_back(make(n));
          }
          return made;
        }));
        next = until;
      }
      const std::vector<Made> made = coming.front().get();
      coming.pop_front();
      JARING_RETURN_IF_ERROR(take(made));
    }
    return Done{};
  }

  Result<Done> FillPeople() {
    std::int64_t done = resumed_at_;
    return InOrder(
        done, [this](std::int64_t n) { return people_.PersonOf(n); },
        [&](const std::vector<NationPerson>& people) -> Result<Done> {
          JARING_RETURN_IF_ERROR(
              database_.Write([&](Tx& tx) { return writer_.WritePeople(tx, done, people); }));
          done += static_cast<std::int64_t>(people.size());
          Tell(NationStep::kPeople, done, options_.people);
          return Done{};
        });
  }

  /// Writes rows 0 to `all` - 1 in sets, from where the table ends.
  Result<Done> FillTable(NationStep step, std::string_view count, std::size_t all,
                         const std::function<Result<Done>(Tx&, std::size_t, std::size_t)>& write) {
    std::int64_t there = 0;
    JARING_RETURN_IF_ERROR(database_.Read(
        [&](Tx& tx) { return tx.Query(count, {}, [&](const Row& row) { there = row.Int(0); }); }));
    // Narrow rows: more of them make a transaction.
    const auto rows_at_once = static_cast<std::size_t>(options_.rows_at_once * 4);
    for (auto from = static_cast<std::size_t>(there); from < all;) {
      const std::size_t until = std::min(all, from + rows_at_once);
      JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) { return write(tx, from, until); }));
      from = until;
      Tell(step, static_cast<std::int64_t>(from), static_cast<std::int64_t>(all));
    }
    return Done{};
  }

  /// Everybody's key, in its order.
  template <typename Make>
  auto KeysInOrder(const Make& make) const {
    using Key = typename decltype(make(std::int64_t{}))::value_type;
    std::vector<Keyed<Key>> keys;
    keys.reserve(static_cast<std::size_t>(options_.people));
    std::uint32_t n = 0;
    const auto done = InOrder(0, make, [&](const auto& made) -> Result<Done> {
      for (const auto& key : made) {
        if (key) {
          keys.push_back({*key, n});
        }
        ++n;
      }
      return Done{};
    });
    JARING_CHECK(done);  // Nothing in it can fail.
    std::sort(keys.begin(), keys.end(),
              [](const Keyed<Key>& a, const Keyed<Key>& b) { return Before(a, b); });
    return keys;
  }

  Result<Done> FillNiks() {
    const auto keys =
        KeysInOrder([this](std::int64_t n) { return std::optional(people_.NikOf(n)); });
    return FillTable(NationStep::kNiks, sql::kNationNiks, keys.size(),
                     [&](Tx& tx, std::size_t from, std::size_t until) {
                       return NationWriter::WriteBlocks(tx, sql::kInsertPersonNik, keys, from,
                                                        until);
                     });
  }

  Result<Done> FillPhones() {
    const auto keys = KeysInOrder([this](std::int64_t n) { return people_.PhoneOf(n); });
    return FillTable(NationStep::kPhones, sql::kNationPhones, keys.size(),
                     [&](Tx& tx, std::size_t from, std::size_t until) {
                       return NationWriter::WriteBlocks(tx, sql::kInsertPersonPhone, keys, from,
                                                        until);
                     });
  }

  Result<Done> FillLikenesses() {
    const auto keys =
        KeysInOrder([this](std::int64_t n) { return std::optional(people_.LikenessAt(n)); });
    const auto write = [&](Tx& tx, std::size_t from, std::size_t until) {
      return NationWriter::WriteLikenesses(tx, keys, from, until, books_end_);
    };
    return FillTable(NationStep::kLikenesses, sql::kNationLikenesses, keys.size(), write);
  }

  Result<Done> FillReferences() {
    std::vector<std::vector<Referred>> by_partner(kNationPartners);
    std::uint32_t n = 0;
    std::uint32_t ordinal = 0;
    JARING_RETURN_IF_ERROR(InOrder(
        0, [this](std::int64_t person) { return people_.PaymentOf(person); },
        [&](const std::vector<std::optional<NationPayment>>& payments) -> Result<Done> {
          for (const auto& payment : payments) {
            if (payment) {
              by_partner[payment->partner].push_back({n, ordinal++, payment->amount.rupiah()});
            }
            ++n;
          }
          return Done{};
        }));
    std::vector<std::size_t> first_of_partner = {0};
    for (const auto& payments : by_partner) {
      first_of_partner.push_back(first_of_partner.back() + payments.size());
    }
    const auto write = [&](Tx& tx, std::size_t from, std::size_t until) -> Result<Done> {
      std::vector<std::string> names;
      names.reserve(until - from);
      ValueRows rows(6);
      rows.Reserve(until - from);
      for (std::size_t i = from; i < until; ++i) {
        const auto partner = static_cast<std::size_t>(
            std::upper_bound(first_of_partner.begin(), first_of_partner.end(), i) -
            first_of_partner.begin() - 1);
        const Referred& payment = by_partner[partner][i - first_of_partner[partner]];
        names.push_back(NationWriter::ReferenceOf(partner, payment.n));
        rows.Add({writer_.partner_id(partner), names.back(),
                  static_cast<std::int64_t>(PaymentKind::kPayment), kFirstPayment + payment.ordinal,
                  NationWriter::PersonId(payment.n), payment.rupiah});
      }
      JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertReference, rows));
      return Done{};
    };
    return FillTable(NationStep::kReferences, sql::kNationReferences, ordinal, write);
  }

  Database& database_;
  const NationOptions& options_;
  const std::function<void(const NationProgress&)>& progress_;
  const NationData data_;
  const DemoNames names_;
  const Date opened_;        // The first day after the first books.
  const Instant books_end_;  // All of them is told of then.
  const NationPlan plan_;
  const NationPeople people_;
  NationWriter writer_;
  NationSummary summary_;
  std::int64_t resumed_at_ = 0;
};

}  // namespace

std::string_view NationStepName(NationStep step) {
  constexpr std::array<std::string_view, 6> kNames = {"people", "niks",       "likenesses",
                                                      "phones", "references", "done"};
  return kNames[static_cast<std::size_t>(step)];
}

Result<std::int64_t> NationPeopleAt(std::int64_t ppm, const Scheme& scheme,
                                    const std::filesystem::path& data_root) {
  JARING_ASSIGN_OR_RETURN(const NationData data, NationData::Load(scheme, data_root));
  constexpr std::int64_t kWhole = 1'000'000;
  if (ppm <= 0 || ppm > kWhole * 3 / 2) {
    return Invalid("demo.people_out_of_range");
  }
  return data.registered * ppm / kWhole;
}

Result<NationSummary> MakeNation(Database& database, const Agency& agency,
                                 const NationOptions& options,
                                 const std::function<void(const NationProgress&)>& progress) {
  constexpr std::int64_t kMostPeople = 75'000'000;
  if (!agency.is_demo) {
    return Conflict("demo.agency_is_real");
  }
  if (options.people < 0 || options.people > kMostPeople) {
    return Invalid("demo.people_out_of_range");
  }
  if (options.today.month() < agency.scheme.begins + 2 * kNationBooksMonths ||
      options.today.year() > kLastYear) {
    return Invalid("demo.today_out_of_range");
  }
  JARING_ASSIGN_OR_RETURN(NationData data, NationData::Load(agency.scheme, options.data_root));
  JARING_ASSIGN_OR_RETURN(DemoNames names, DemoNames::Load(options.data_root, NamesOf::kNation));
  return NationRun(database, agency, options, std::move(data), std::move(names), progress).Run();
}

}  // namespace jaring
