#include "channels/files/month_run.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <set>

#include "channels/files/month_step.h"
#include "channels/files/payment_row.h"
#include "channels/files/sorted_spool.h"
#include "collection/payment_reservation.h"
#include "registry/intake.h"

namespace jaring {
namespace {

constexpr std::string_view kIntakeKind = "collect";
constexpr std::string_view kLockName = "month";
constexpr std::size_t kReaders = 2;

class MonthRunner {
 public:
  MonthRunner(Database& db, const Agency& agency, const MonthOptions& options,
              const Messages& messages)
      : db_(db), agency_(agency), options_(options), messages_(messages) {}

  Result<MonthSummary> Run(const std::vector<MonthFile>& files) {
    JARING_ASSIGN_OR_RETURN(const auto lock, db_.TryLock(kLockName));
    if (lock == nullptr) {
      return Conflict("month.running");
    }
    JARING_RETURN_IF_ERROR(Recognize(files));
    JARING_ASSIGN_OR_RETURN(const bool finished, FindWhetherFinished());
    if (finished) {
      return std::move(summary_);
    }
    JARING_RETURN_IF_ERROR(ReadFiles());
    JARING_RETURN_IF_ERROR(Number());
    JARING_RETURN_IF_ERROR(ReserveAll());
    JARING_RETURN_IF_ERROR(PostAll());
    JARING_RETURN_IF_ERROR(ReverseAll());
    JARING_RETURN_IF_ERROR(WriteRejections());
    JARING_RETURN_IF_ERROR(Close());
    AddUp();
    return std::move(summary_);
  }

 private:
  struct Source {
    MonthFile file;
    PaymentScan scan;
    std::int64_t unreadable = 0;  // Rows that cannot be parsed.
    std::int64_t refused = 0;     // Rows that only the database could refuse.
  };

  FileSummary& RowsOf(const MonthRow& row) { return summary_.files[row.file].rows; }

  Result<Done> Tell(MonthPhase phase, std::int64_t done, std::int64_t total) const {
    return options_.on_step ? options_.on_step(phase, done, total) : Result<Done>(Done{});
  }

  /// Puts the files in an order of their own, whatever order they were named in.
  Result<Done> Recognize(const std::vector<MonthFile>& files) {
    for (const MonthFile& file : files) {
      sources_.push_back({.file = file});
      JARING_ASSIGN_OR_RETURN(sources_.back().scan.sha256, Sha256OfFile(DiskFile(file.path)));
    }
    std::sort(sources_.begin(), sources_.end(), [](const Source& a, const Source& b) {
      return std::tie(a.file.partner, a.scan.sha256, a.file.path) <
             std::tie(b.file.partner, b.scan.sha256, b.file.path);
    });
    std::string all;
    for (const Source& source : sources_) {
      all += source.file.partner + " " + source.scan.sha256 + "\n";
      summary_.files.push_back({.file = source.file});
    }
    fingerprint_ = agency_.sealer.Fingerprint(Sha256Hex(all));
    return Done{};
  }

  Result<bool> FindWhetherFinished() {
    if (options_.now.JakartaDate() <= LastDay(options_.month)) {
      return Conflict("month.not_over", options_.month.ToString());
    }
    JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto run, FindMonthRun(tx, options_.month));
      if (run && run->finished_at && run->fingerprint == fingerprint_) {
        summary_.finished_before = run->finished_at;
        return Done{};
      }
      JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx));
      if (open_from && LastDay(options_.month) < *open_from) {
        return Conflict("month.closed", options_.month.ToString());
      }
      return Done{};
    }));
    return summary_.finished_before.has_value();
  }

  /// Parses all files, several at a time.
  Result<Done> ReadFiles() {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    const auto read_some = [&]() -> Result<Done> {
      typename MemberSpool::Writer out(members_, options_.memory_bytes);
      for (std::size_t i = next++; i < sources_.size() && !failed; i = next++) {
        if (auto read = ReadFile(i, out); !read) {
          failed = true;
          return Error{read.error().code, read.error().rule,
                       sources_[i].file.path + (read.error().detail.empty() ? "" : ": ") +
                           read.error().detail};
        }
      }
      return out.Flush();
    };
    std::vector<std::future<Result<Done>>> readers;
    for (std::size_t i = 0; i < std::min(kReaders, sources_.size()); ++i) {
      readers.push_back(std::async(std::launch::async, read_some));
    }
    std::optional<Error> error;
    for (auto& reader : readers) {
      if (const auto read = reader.get(); !read) {
        error = error.value_or(read.error());
      }
    }
    if (error) {
      return *error;
    }
    for (const Source& source : sources_) {
      row_count_ += source.scan.rows - source.unreadable;
    }
    return Tell(MonthPhase::kRead, row_count_, row_count_);
  }

  Result<Done> ReadFile(std::size_t place, SortedSpool<MonthRow, ByMember>::Writer& out) {
    Source& source = sources_[place];
    FileSummary& rows = summary_.files[place].rows;
    const DiskFile file(source.file.path);
    JARING_ASSIGN_OR_RETURN(const auto reader, file.OpenTable());
    JARING_ASSIGN_OR_RETURN(const ColumnMap columns,
                            ColumnMap::Match(reader->header(), PaymentColumns()));
    rows.unknown_columns = columns.unknown();
    TableRow row;
    std::string text;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const bool more, reader->Next(row));
      if (!more) {
        break;
      }
      JARING_ASSIGN_OR_RETURN(const PaymentLine line, ScanPaymentLine(row, columns, source.scan));
      if (line != PaymentLine::kPayment) {
        continue;
      }
      ++rows.rows;
      RowProblem problem;
      const auto fields =
          ParsePaymentRow(columns, row, source.scan, agency_, /*may_reverse=*/true, problem);
      if (!fields) {
        ++source.unreadable;
        continue;
      }
      MonthRow parsed{.partner_id = source.file.partner_id,
                      .member_number = fields->member_number,
                      .amount = fields->amount.rupiah(),
                      .paid_at = fields->paid_at.micros(),
                      .file = static_cast<std::uint32_t>(place),
                      .row = static_cast<std::uint32_t>(row.number),
                      .reference_size = static_cast<std::uint8_t>(fields->reference.size()),
                      .channel_size = static_cast<std::uint8_t>(fields->channel.size())};
      text.assign(fields->reference).append(fields->channel);
      if (fields->nik) {
        text += View(*fields->nik);
        parsed.nik_size = static_cast<std::uint8_t>(View(*fields->nik).size());
        text += fields->masked_nik;
      }
      JARING_RETURN_IF_ERROR(out.Add(parsed, text));
    }
    source.scan.ended_without_newline = reader->ended_without_newline();
    return CheckControlTotal(source.scan);
  }

  /// Gives every row its number, in the order of members.
  Result<Done> Number() {
    JARING_RETURN_IF_ERROR(db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          run_, StartMonthRun(tx, options_.month, fingerprint_, row_count_, options_.now));
      return Done{};
    }));
    JARING_RETURN_IF_ERROR(members_.Finish());
    SortedSpool<MonthRow, ByReference>::Writer references(references_, options_.memory_bytes);
    SortedSpool<MonthRow, ByRow>::Writer reversals(reversals_, options_.memory_bytes);
    MemberSpool::Item item;
    std::int64_t payment_id = run_.first_payment_id;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const bool more, members_.Next(item));
      if (!more) {
        break;
      }
      item.head.payment_id = payment_id++;
      JARING_RETURN_IF_ERROR(item.head.is_reversal() ? reversals.Add(item.head, item.text)
                                                     : references.Add(item.head, item.text));
    }
    members_.Close();
    JARING_RETURN_IF_ERROR(references.Flush());
    JARING_RETURN_IF_ERROR(reversals.Flush());
    JARING_RETURN_IF_ERROR(references_.Finish());
    return reversals_.Finish();
  }

  /// Takes the references, in their order.
  Result<Done> ReserveAll() {
    SortedSpool<MonthRow, ByNumber>::Writer posts(posts_, options_.memory_bytes);
    SortedSpool<MonthRow, ByRow>::Writer refused(refused_, options_.memory_bytes / 8);
    StepReader steps(references_, options_.rows_per_step);
    std::int64_t done = 0;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const auto step, steps.Next());
      if (step->rows.empty()) {
        break;
      }
      JARING_RETURN_IF_ERROR(ReserveStep(*step, posts, refused));
      done += static_cast<std::int64_t>(step->rows.size());
      JARING_RETURN_IF_ERROR(Tell(MonthPhase::kReserve, done, row_count_));
    }
    references_.Close();
    JARING_RETURN_IF_ERROR(posts.Flush());
    JARING_RETURN_IF_ERROR(refused.Flush());
    return posts_.Finish();
  }

  Result<Done> ReserveStep(MonthStep& step, SortedSpool<MonthRow, ByNumber>::Writer& posts,
                           SortedSpool<MonthRow, ByRow>::Writer& refused) {
    std::vector<PaymentReservation> reservations(step.rows.size());
    for (std::size_t i = 0; i < reservations.size(); ++i) {
      reservations[i].payment_id = step.rows[i].payment_id;
      const auto renumbered = run_.renumbered.find(reservations[i].payment_id);
      reservations[i].renumbered_id = renumbered == run_.renumbered.end() ? 0 : renumbered->second;
    }
    std::vector<PaymentOutcome> outcomes;
    const auto reserved = db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(AdvanceMonthRun(tx, run_, run_.posted_payment_id, {}));
      JARING_ASSIGN_OR_RETURN(
          outcomes, ReservePayments(tx, agency_, step.requests, reservations, run_.started_at));
      return Done{};
    });
    if (!reserved) {
      return reserved.error();
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      MonthRow& row = step.rows[i];
      if (outcomes[i].status == PaymentStatus::kRepeated) {
        ++RowsOf(row).repeated;
      } else if (outcomes[i].status == PaymentStatus::kRefused) {
        JARING_RETURN_IF_ERROR(Refuse(row, outcomes[i], refused));
      } else if (row.payment_id > run_.posted_payment_id) {
        row.person_id = reservations[i].person_id;
        row.stored_person_id = reservations[i].stored_person_id;
        row.sent_to = reservations[i].sent_to;
        row.rule = rules_.PlaceOf(reservations[i].suspense_reason);
        JARING_RETURN_IF_ERROR(posts.Add(row, step.TextOf(i)));
      }
    }
    return Done{};
  }

  Result<Done> Refuse(MonthRow row, const PaymentOutcome& outcome,
                      SortedSpool<MonthRow, ByRow>::Writer& refused) {
    row.rule = rules_.PlaceOf(outcome.rule);
    row.column = rules_.PlaceOf(outcome.column);
    ++sources_[row.file].refused;
    return refused.Add(row, {});
  }

  /// Posts what was reserved, in the order of members. While a step is written the next one is read
  /// and planned.
  Result<Done> PostAll() {
    using Steps = StepReader<SortedSpool<MonthRow, ByNumber>>;
    Steps steps(posts_, options_.rows_per_step,
                [](const MonthRow& a, const MonthRow& b) { return a.person_id == b.person_id; });
    const auto next_step = [&]() -> Result<std::unique_ptr<PostingStep>> {
      JARING_ASSIGN_OR_RETURN(auto rows, steps.Next());
      return std::make_unique<PostingStep>(std::move(rows), rules_);
    };
    JARING_ASSIGN_OR_RETURN(auto step, next_step());
    while (!step->empty()) {
      std::future<Result<std::unique_ptr<PostingStep>>> next;
      const auto prepare_next = [&](std::optional<std::int64_t> commits) {
        next = std::async(std::launch::async, [&, commits] {
          auto following = next_step();
          if (following && commits) {
            (*following)->PlanBeside(db_, agency_, run_, *step, *commits);
          }
          return following;
        });
      };
      JARING_RETURN_IF_ERROR(PostStep(*step, prepare_next));
      const std::int64_t done = step->last_payment_id() - run_.first_payment_id + 1;
      JARING_RETURN_IF_ERROR(Tell(MonthPhase::kPost, done, row_count_));
      auto following = next.get();
      if (!following) {
        return following.error();
      }
      step = std::move(*following);
    }
    return Done{};
  }

  /// `begun` is called when the transaction has begun.
  Result<Done> PostStep(PostingStep& step,
                        const std::function<void(std::optional<std::int64_t>)>& begun) {
    const auto posted = db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto commits, tx.CountCommits());
      begun(commits);
      JARING_ASSIGN_OR_RETURN(const auto outcomes, step.Post(tx, agency_, run_, commits));
      std::map<std::int64_t, MonthCounts> counts;
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        MonthCounts& count = counts[step.step().rows[i].file];
        ++(outcomes[i].status == PaymentStatus::kSuspended ? count.suspended : count.posted);
        count.late += outcomes[i].booked_on ? 1 : 0;
      }
      JARING_RETURN_IF_ERROR(AdvanceMonthRun(tx, run_, step.last_payment_id(), counts));
      return Note(tx, outcomes.size());
    });
    if (!posted) {
      return posted.error();
    }
    run_.posted_payment_id = step.last_payment_id();
    return Done{};
  }

  Result<Done> Note(Tx& tx, std::size_t rows) const {
    return options_.note && rows > 0 ? options_.note(tx, static_cast<std::int64_t>(rows))
                                     : Result<Done>(Done{});
  }

  /// Reversals, as any other file's. One that this run posted before it was broken off is known by
  /// its number.
  Result<Done> ReverseAll() {
    SortedSpool<MonthRow, ByRow>::Writer refused(refused_, options_.memory_bytes / 8);
    StepReader steps(reversals_, options_.rows_per_step);
    std::set<std::int64_t> counted;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const auto step, steps.Next());
      if (step->rows.empty()) {
        break;
      }
      std::vector<PaymentOutcome> outcomes;
      const auto reversed = db_.Write([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(AdvanceMonthRun(tx, run_, run_.posted_payment_id, {}));
        JARING_ASSIGN_OR_RETURN(outcomes,
                                PostPayments(tx, agency_, step->requests, run_.started_at));
        const auto posted = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& o) {
          return o.status == PaymentStatus::kPosted;
        });
        return Note(tx, static_cast<std::size_t>(posted));
      });
      if (!reversed) {
        return reversed.error();
      }
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].status == PaymentStatus::kRefused) {
          JARING_RETURN_IF_ERROR(Refuse(step->rows[i], outcomes[i], refused));
        } else if (outcomes[i].payment_id >= run_.first_payment_id &&
                   counted.insert(outcomes[i].payment_id).second) {
          ++RowsOf(step->rows[i]).accepted;
          RowsOf(step->rows[i]).late += outcomes[i].booked_on ? 1 : 0;
        } else {
          ++RowsOf(step->rows[i]).repeated;
        }
      }
      JARING_RETURN_IF_ERROR(Tell(MonthPhase::kReverse, 0, row_count_));
    }
    JARING_RETURN_IF_ERROR(refused.Flush());
    return refused_.Finish();
  }

  Result<Done> Close() {
    return db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto counts, ListMonthCounts(tx, options_.month));
      for (const auto& [file, count] : counts) {
        FileSummary& rows = summary_.files[static_cast<std::size_t>(file)].rows;
        rows.accepted += count.posted;
        rows.suspended += count.suspended;
        rows.late += count.late;
      }
      for (std::size_t i = 0; i < sources_.size(); ++i) {
        FileSummary& rows = summary_.files[i].rows;
        JARING_ASSIGN_OR_RETURN(
            rows.received_before,
            FindFileIntake(tx, agency_.sealer, kIntakeKind, sources_[i].scan.sha256));
        if (!rows.received_before) {
          JARING_RETURN_IF_ERROR(RecordFileIntake(
              tx, agency_.sealer, kIntakeKind, sources_[i].scan.sha256, options_.now, rows.rows));
        }
      }
      JARING_RETURN_IF_ERROR(FinishMonthRun(tx, run_, options_.now));
      JARING_ASSIGN_OR_RETURN(summary_.closed, CloseMonth(tx, options_.month, options_.now));
      return options_.note_close ? options_.note_close(tx, *summary_.closed) : Result<Done>(Done{});
    });
  }

  /// Reads the files that have refused rows once more: those rows are written as they came in.
  Result<Done> WriteRejections() {
    SortedSpool<MonthRow, ByRow>::Item refused;
    JARING_ASSIGN_OR_RETURN(bool more_refused, refused_.Next(refused));
    for (std::size_t place = 0; place < sources_.size(); ++place) {
      const Source& source = sources_[place];
      if (source.unreadable + source.refused == 0) {
        continue;
      }
      FileSummary& rows = summary_.files[place].rows;
      const DiskFile file(source.file.path);
      JARING_ASSIGN_OR_RETURN(const auto reader, file.OpenTable());
      JARING_ASSIGN_OR_RETURN(const ColumnMap columns,
                              ColumnMap::Match(reader->header(), PaymentColumns()));
      RejectionWriter rejections(file.Rejections(), *reader, messages_);
      TableRow row;
      while (true) {
        JARING_ASSIGN_OR_RETURN(const bool more, reader->Next(row));
        if (!more) {
          break;
        }
        if (ClassifyPaymentLine(row) != PaymentLine::kPayment) {
          continue;
        }
        RowProblem problem{.row = row.number};
        const bool is_next = more_refused && refused.head.file == place &&
                             refused.head.row == static_cast<std::uint32_t>(row.number);
        if (is_next) {
          problem.rule = rules_[refused.head.rule];
          problem.column = rules_[refused.head.column];
          problem.value = MaskedPaymentField(columns, row, problem.column);
          JARING_ASSIGN_OR_RETURN(more_refused, refused_.Next(refused));
        } else if (ParsePaymentRow(columns, row, source.scan, agency_, true, problem)) {
          continue;
        }
        rows.Reject(problem);
        JARING_RETURN_IF_ERROR(rejections.Add(row, problem));
      }
      JARING_RETURN_IF_ERROR(rejections.Finish());
      rows.rejection_path = file.rejection_path();
    }
    return Done{};
  }

  void AddUp() {
    for (const MonthFileSummary& file : summary_.files) {
      summary_.total.rows += file.rows.rows;
      summary_.total.accepted += file.rows.accepted;
      summary_.total.repeated += file.rows.repeated;
      summary_.total.rejected += file.rows.rejected;
      summary_.total.suspended += file.rows.suspended;
      summary_.total.late += file.rows.late;
    }
  }

  using MemberSpool = SortedSpool<MonthRow, ByMember>;

  Database& db_;
  const Agency& agency_;
  const MonthOptions& options_;
  const Messages& messages_;
  std::vector<Source> sources_;
  std::string fingerprint_;
  std::int64_t row_count_ = 0;
  MonthRun run_;
  MonthRules rules_;
  MemberSpool members_{options_.work_folder};
  SortedSpool<MonthRow, ByReference> references_{options_.work_folder};
  SortedSpool<MonthRow, ByNumber> posts_{options_.work_folder};
  SortedSpool<MonthRow, ByRow> reversals_{options_.work_folder};
  SortedSpool<MonthRow, ByRow> refused_{options_.work_folder};
  MonthSummary summary_;
};

}  // namespace

Result<MonthSummary> RunMonth(Database& db, const Agency& agency,
                              const std::vector<MonthFile>& files, const MonthOptions& options,
                              const Messages& messages) {
  return MonthRunner(db, agency, options, messages).Run(files);
}

}  // namespace jaring
