#include "channels/files/collect_file.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "channels/files/payment_row.h"
#include "channels/files/payment_scan.h"
#include "collection/payment.h"

namespace jaring {
namespace {

constexpr std::size_t kRowsPerRun = 1U << 20U;  // Sorted together.
constexpr std::string_view kIntakeKind = "collect";

/// A parsed row, small: a million of them wait to be sorted. Texts are in the run's arena.
struct PaymentRow {
  std::int64_t member_number = 0;  // 0: by NIK.
  std::int64_t amount = 0;
  std::int64_t paid_at = 0;
  std::uint32_t row = 0;
  std::uint32_t text = 0;  // Reference, channel, masked NIK, one after the other.
  std::int32_t nik = -1;   // Place in the run's sealed NIKs.
  std::uint8_t reference_size = 0;
  std::uint8_t channel_size = 0;
  std::uint8_t code_size = 0;
};

/// The rows that are sorted and posted together.
struct PaymentRun {
  std::vector<PaymentRow> rows;
  std::string texts;
  std::vector<SealedBlock> niks;

  void Clear() {
    rows.clear();
    texts.clear();
    niks.clear();
  }
};

class CollectFileRun final : public FileRun {
 public:
  CollectFileRun(Database& db, const Agency& agency, std::int64_t partner_id, const InputFile& file,
                 const FileOptions& options, const PaymentScan& scan)
      : FileRun(db, agency, file, options), partner_id_(partner_id), scan_(scan) {}

 private:
  Result<Done> ReadAll(TableReader& reader, const ColumnMap& columns,
                       RejectionWriter& rejections) override {
    TableRow row;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const bool more, reader.Next(row));
      if (more && ClassifyPaymentLine(row) == PaymentLine::kPayment) {
        ++summary_.rows;
        RowProblem problem{.row = row.number};
        ParseRow(columns, row, problem);
        if (!problem.rule.empty()) {
          summary_.Reject(problem);
          JARING_RETURN_IF_ERROR(rejections.Add(row, problem));
        }
      }
      if (run_.rows.size() == kRowsPerRun || (!more && !run_.rows.empty())) {
        JARING_RETURN_IF_ERROR(PostRun(reader));
      }
      if (!more) {
        return Done{};
      }
    }
  }

  /// Adds the row to the run, or fills `problem`.
  void ParseRow(const ColumnMap& columns, const TableRow& row, RowProblem& problem) {
    const auto fields =
        ParsePaymentRow(columns, row, scan_, agency_, options_.may_reverse, problem);
    if (!fields) {
      return;
    }
    PaymentRow parsed{.member_number = fields->member_number,
                      .amount = fields->amount.rupiah(),
                      .paid_at = fields->paid_at.micros(),
                      .row = static_cast<std::uint32_t>(row.number)};
    if (fields->nik) {
      parsed.nik = static_cast<std::int32_t>(run_.niks.size());
      run_.niks.push_back(*fields->nik);
    }
    Keep(parsed, fields->reference, fields->channel, fields->masked_nik);
  }

  void Keep(PaymentRow parsed, std::string_view reference, std::string_view channel,
            std::string_view code_as_sent) {
    parsed.text = static_cast<std::uint32_t>(run_.texts.size());
    parsed.reference_size = static_cast<std::uint8_t>(reference.size());
    parsed.channel_size = static_cast<std::uint8_t>(channel.size());
    parsed.code_size = static_cast<std::uint8_t>(code_as_sent.size());
    run_.texts += reference;
    run_.texts += channel;
    run_.texts += code_as_sent;
    run_.rows.push_back(parsed);
  }

  Result<Done> PostRun(const TableReader& reader) {
    const auto key = [this](const PaymentRow& row) {
      return std::tuple(row.member_number,
                        row.nik < 0 || row.member_number != 0
                            ? std::string_view()
                            : View(run_.niks[static_cast<std::size_t>(row.nik)]),
                        row.paid_at, row.row);
    };
    std::sort(run_.rows.begin(), run_.rows.end(),
              [&](const PaymentRow& a, const PaymentRow& b) { return key(a) < key(b); });
    // Reversals last: what they reverse may stand in the same file.
    std::stable_partition(run_.rows.begin(), run_.rows.end(),
                          [](const PaymentRow& row) { return row.amount >= 0; });
    const std::span rows(run_.rows);
    for (std::size_t at = 0; at < rows.size(); at += options_.rows_per_step) {
      const auto step = rows.subspan(at, std::min(options_.rows_per_step, rows.size() - at));
      JARING_RETURN_IF_ERROR(PostStep(step));
      const auto part = static_cast<std::int64_t>((at + step.size()) * 1000 / rows.size());
      JARING_RETURN_IF_ERROR(TellStep(reader.bytes_read() * part / 1000, reader.bytes_total()));
    }
    run_.Clear();
    return Done{};
  }

  Result<Done> PostStep(std::span<const PaymentRow> rows) {
    std::vector<PaymentRequest> requests;
    std::vector<std::string> codes(rows.size());
    requests.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      requests.push_back(RequestOf(rows[i], codes[i]));
    }
    std::vector<PaymentOutcome> outcomes;
    JARING_RETURN_IF_ERROR(Step([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(outcomes, PostPayments(tx, agency_, requests, options_.now));
      const auto changed =
          std::count_if(outcomes.begin(), outcomes.end(), [](const PaymentOutcome& o) {
            return o.status == PaymentStatus::kPosted || o.status == PaymentStatus::kSuspended;
          });
      return options_.note && changed > 0 ? options_.note(tx, changed) : Result<Done>(Done{});
    }));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Count(rows[i].row, outcomes[i]);
    }
    return Done{};
  }

  PaymentRequest RequestOf(const PaymentRow& row, std::string& code) const {
    std::string_view text = std::string_view(run_.texts).substr(row.text);
    PaymentRequest request{.partner_id = partner_id_,
                           .reference = text.substr(0, row.reference_size),
                           .amount = Money::FromRupiah(row.amount),
                           .paid_at = Instant::FromMicros(row.paid_at),
                           .channel = text.substr(row.reference_size, row.channel_size)};
    code = text.substr(row.reference_size + row.channel_size, row.code_size);
    if (row.member_number != 0) {
      request.member =
          MemberNumber{row.member_number / 100, static_cast<int>(row.member_number % 100)};
      code = BillCodeOf(*request.member);
    }
    if (row.nik >= 0) {
      request.nik = run_.niks[static_cast<std::size_t>(row.nik)];
    }
    request.code_as_sent = code;
    return request;
  }

  void Count(std::int64_t row, const PaymentOutcome& outcome) {
    switch (outcome.status) {
      case PaymentStatus::kPosted:
        ++summary_.accepted;
        summary_.late += outcome.booked_on ? 1 : 0;
        break;
      case PaymentStatus::kRepeated:
        ++summary_.repeated;
        break;
      case PaymentStatus::kSuspended:
        ++summary_.suspended;
        summary_.late += outcome.booked_on ? 1 : 0;
        break;
      case PaymentStatus::kRefused:
        refused_.emplace(row, std::pair(outcome.rule, outcome.column));
        break;
    }
  }

  /// Rows that only the database could refuse: read once more, to be written as they came in.
  Result<Done> WriteLate(const InputFile& file, const ColumnMap& columns,
                         RejectionWriter& rejections) override {
    if (refused_.empty()) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(const auto reader, file.OpenTable());
    TableRow row;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const bool more, reader->Next(row));
      if (!more) {
        return Done{};
      }
      const auto refused = refused_.find(row.number);
      if (refused == refused_.end()) {
        continue;
      }
      RowProblem problem{.row = row.number,
                         .column = std::string(refused->second.second),
                         .rule = std::string(refused->second.first)};
      problem.value = MaskedPaymentField(columns, row, problem.column);
      summary_.Reject(problem);
      JARING_RETURN_IF_ERROR(rejections.Add(row, problem));
    }
  }

  const std::int64_t partner_id_;
  const PaymentScan& scan_;
  PaymentRun run_;
  std::map<std::int64_t, std::pair<std::string_view, std::string_view>> refused_;
};

}  // namespace

Result<FileSummary> CollectFile(Database& db, const Agency& agency, std::int64_t partner_id,
                                const InputFile& file, const FileOptions& options,
                                const Messages& messages) {
  JARING_ASSIGN_OR_RETURN(const PaymentScan scan, ScanPayments(file));
  JARING_RETURN_IF_ERROR(CheckControlTotal(scan));
  return CollectFileRun(db, agency, partner_id, file, options, scan)
      .Run(kIntakeKind, scan.sha256, PaymentColumns(), messages);
}

}  // namespace jaring
