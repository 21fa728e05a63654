#pragma once

// The steps of a run of `jaring month`: rows that go through one transaction, made ready beside the
// step before them.

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/files/month_row.h"
#include "collection/month_progress.h"
#include "db/database.h"

namespace jaring {

/// Rows, and the requests made of them, which borrow from it.
struct MonthStep {
  std::vector<MonthRow> rows;
  std::vector<std::size_t> text_at;
  std::string texts;
  std::vector<std::string> codes;
  std::vector<PaymentRequest> requests;

  MonthStep() = default;
  MonthStep(const MonthStep&) = delete;
  MonthStep& operator=(const MonthStep&) = delete;

  void Add(const MonthRow& row, std::string_view text) {
    rows.push_back(row);
    text_at.push_back(texts.size());
    texts += text;
  }
  std::string_view TextOf(std::size_t i) const {
    return std::string_view(texts).substr(text_at[i], rows[i].text_size);
  }
  /// Once all rows are there.
  void MakeRequests();
};

/// Reads the next rows of a spool while the ones before are worked on. `Together`: rows that stay
/// in one step, if they are not as many as make a step by themselves.
template <typename Spool>
class StepReader {
 public:
  using Together = bool (*)(const MonthRow&, const MonthRow&);

  StepReader(Spool& spool, std::size_t rows, Together together = nullptr)
      : spool_(spool), rows_(rows), together_(together) {
    Begin();
  }
  StepReader(const StepReader&) = delete;
  StepReader& operator=(const StepReader&) = delete;
  ~StepReader() {
    if (next_.valid()) {
      next_.wait();
    }
  }

  /// No rows at the end.
  Result<std::unique_ptr<MonthStep>> Next() {
    Result<std::unique_ptr<MonthStep>> step = next_.get();
    if (step && !(*step)->rows.empty()) {
      Begin();
    }
    return step;
  }

 private:
  void Begin() {
    next_ = std::async(std::launch::async, [this] { return Read(); });
  }

  Result<std::unique_ptr<MonthStep>> Read() {
    auto step = std::make_unique<MonthStep>();
    while (true) {
      if (!waits_) {
        JARING_ASSIGN_OR_RETURN(waits_, spool_.Next(item_));
        if (!waits_) {
          break;
        }
      }
      if (step->rows.size() >= rows_ && !Joins(*step)) {
        break;
      }
      step->Add(item_.head, item_.text);
      waits_ = false;
    }
    step->MakeRequests();
    return step;
  }

  bool Joins(const MonthStep& step) const {
    return together_ != nullptr && step.rows.size() < 2 * rows_ &&
           together_(step.rows.back(), item_.head);
  }

  Spool& spool_;
  const std::size_t rows_;
  const Together together_;
  typename Spool::Item item_;
  bool waits_ = false;  // item_ is of the next step.
  std::future<Result<std::unique_ptr<MonthStep>>> next_;
};

/// A step of reserved payments, to be posted.
class PostingStep {
 public:
  /// `rules` outlives this.
  PostingStep(std::unique_ptr<MonthStep> step, const MonthRules& rules);

  const MonthStep& step() const { return *step_; }
  bool empty() const { return step_->rows.empty(); }
  std::int64_t last_payment_id() const { return step_->rows.back().payment_id; }

  /// Reads the accounts and reckons what is bought, while the step before, which began when
  /// `commits` was counted, is written. Whatever keeps it from that is left to Post to meet.
  void PlanBeside(Database& db, const Agency& agency, const MonthRun& run,
                  const PostingStep& before, std::int64_t commits);

  /// Posts it in a write transaction that counted `commits`: as planned, unless somebody has
  /// written meanwhile.
  ///
  /// Errors: those of PostMonthStep.
  Result<std::vector<PaymentOutcome>> Post(Tx& tx, const Agency& agency, const MonthRun& run,
                                           std::optional<std::int64_t> commits);

 private:
  bool SharesPeopleWith(const PostingStep& other) const;

  std::unique_ptr<MonthStep> step_;
  std::vector<PaymentReservation> reservations_;
  std::vector<std::int64_t> people_;  // Rising.
  std::unique_ptr<ReservedPayments> plan_;
  std::int64_t planned_at_ = 0;  // Commits counted before it was planned.
};

}  // namespace jaring
