#include "channels/files/month_step.h"

#include <algorithm>
#include <utility>

namespace jaring {

void MonthStep::MakeRequests() {
  requests.reserve(rows.size());
  codes.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const MonthRow& row = rows[i];
    std::string_view text = TextOf(i);
    PaymentRequest request{.partner_id = row.partner_id,
                           .reference = text.substr(0, row.reference_size),
                           .amount = Money::FromRupiah(row.amount),
                           .paid_at = Instant::FromMicros(row.paid_at),
                           .channel = text.substr(row.reference_size, row.channel_size)};
    text.remove_prefix(std::size_t{row.reference_size} + row.channel_size);
    if (row.nik_size > 0) {
      const auto nik = SealedBlock::Parse(text.substr(0, row.nik_size));
      JARING_CHECK(nik.has_value());
      request.nik = *nik;
    }
    codes[i] = text.substr(row.nik_size);
    if (row.member_number != 0) {
      request.member =
          MemberNumber{row.member_number / 100, static_cast<int>(row.member_number % 100)};
      codes[i] = BillCodeOf(*request.member);
    }
    request.code_as_sent = codes[i];
    requests.push_back(request);
  }
}

PostingStep::PostingStep(std::unique_ptr<MonthStep> step, const MonthRules& rules)
    : step_(std::move(step)) {
  reservations_.reserve(step_->rows.size());
  for (const MonthRow& row : step_->rows) {
    reservations_.push_back({.payment_id = row.payment_id,
                             .person_id = row.person_id,
                             .stored_person_id = row.stored_person_id,
                             .sent_to = row.sent_to,
                             .suspense_reason = rules[row.rule]});
    if (row.person_id != 0) {
      people_.push_back(row.person_id);
    }
  }
  std::sort(people_.begin(), people_.end());
}

bool PostingStep::SharesPeopleWith(const PostingStep& other) const {
  auto theirs = other.people_.begin();
  return std::any_of(people_.begin(), people_.end(), [&](std::int64_t person_id) {
    theirs = std::lower_bound(theirs, other.people_.end(), person_id);
    return theirs != other.people_.end() && *theirs == person_id;
  });
}

void PostingStep::PlanBeside(Database& db, const Agency& agency, const MonthRun& run,
                             const PostingStep& before, std::int64_t commits) {
  if (SharesPeopleWith(before)) {
    return;
  }
  auto plan =
      std::make_unique<ReservedPayments>(agency, step_->requests, reservations_, run.started_at);
  if (db.Read([&](Tx& tx) { return plan->Plan(tx); })) {
    plan_ = std::move(plan);
    planned_at_ = commits;
  }
}

Result<std::vector<PaymentOutcome>> PostingStep::Post(Tx& tx, const Agency& agency,
                                                      const MonthRun& run,
                                                      std::optional<std::int64_t> commits) {
  const bool holds = plan_ != nullptr && commits == planned_at_ + 1;
  return PostMonthStep(tx, agency, run, step_->requests, reservations_,
                       holds ? plan_.get() : nullptr);
}

}  // namespace jaring
