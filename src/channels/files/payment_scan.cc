#include "channels/files/payment_scan.h"

#include <openssl/evp.h>

#include <memory>
#include <vector>

#include "base/text.h"
#include "channels/files/column_map.h"
#include "channels/files/field_parse.h"

namespace jaring {
namespace {

struct DigestFreer {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) {
    JARING_CHECK(context_ != nullptr);
    JARING_CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void Add(std::string_view bytes) {
    JARING_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string Hex() {
    constexpr std::string_view kHex = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    JARING_CHECK(EVP_DigestFinal_ex(context_.get(), digest, &size) == 1);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += kHex[digest[i] >> 4U];
      hex += kHex[digest[i] & 15U];
    }
    return hex;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, DigestFreer> context_;
};

std::string_view FirstField(const TableRow& row) {
  return row.fields.empty() ? std::string_view() : Trim(row.fields[0]);
}

/// Adds one payment line to the sums.
Result<Done> Count(const TableRow& row, const ColumnMap& columns, PaymentScan& scan) {
  ++scan.rows;
  const auto amount = row.problem.empty()
                          ? ParseAmountField(columns.Get(row, PaymentColumn::kAmount))
                          : Result<Money>(Invalid(std::string(row.problem)));
  if (!amount) {
    ++scan.unreadable_rows;
    return Done{};
  }
  // Both are within 9 * 10^15, so the sum fits 64 bits.
  const auto sum = Money::ParseRupiah(scan.readable_sum.rupiah() + amount->rupiah());
  if (!sum) {
    return Invalid("file.sum_too_large");
  }
  scan.readable_sum = *sum;
  return Done{};
}

}  // namespace

PaymentLine ClassifyPaymentLine(const TableRow& row) {
  std::string_view first = FirstField(row);
  // Payment lines begin with a digit; everything else can take longer.
  if (first.empty() || IsDigit(first[0])) {
    return PaymentLine::kPayment;
  }
  const bool comment = first[0] == '#';
  while (!first.empty() && (first[0] == '#' || first[0] == ' ')) {
    first.remove_prefix(1);
  }
  const std::string word = ToLower(first.substr(0, 8));
  if (word == "total" || word == "jumlah") {
    return PaymentLine::kControlTotal;
  }
  return comment ? PaymentLine::kComment : PaymentLine::kPayment;
}

Result<ControlTotal> ParseControlTotal(const TableRow& row) {
  if (!row.problem.empty() || row.fields.size() < 3) {
    return Invalid("file.control_total_malformed");
  }
  const auto rows = ParseAmountField(row.fields[1]);
  const auto amount = ParseAmountField(row.fields[2]);
  for (std::size_t i = 3; i < row.fields.size(); ++i) {
    if (!Trim(row.fields[i]).empty()) {
      return Invalid("file.control_total_malformed");
    }
  }
  if (!rows || !amount || rows->rupiah() < 0) {
    return Invalid("file.control_total_malformed");
  }
  return ControlTotal{row.number, rows->rupiah(), *amount};
}

Result<PaymentLine> ScanPaymentLine(const TableRow& row, const ColumnMap& columns,
                                    PaymentScan& scan) {
  const PaymentLine line = ClassifyPaymentLine(row);
  if (line == PaymentLine::kComment) {
    return line;
  }
  if (scan.control_total) {
    return Invalid("file.control_total_not_last");
  }
  if (line == PaymentLine::kControlTotal) {
    JARING_ASSIGN_OR_RETURN(scan.control_total, ParseControlTotal(row));
  } else {
    JARING_RETURN_IF_ERROR(Count(row, columns, scan));
  }
  return line;
}

Result<PaymentScan> ScanPayments(const InputFile& file) {
  PaymentScan scan;
  JARING_ASSIGN_OR_RETURN(scan.sha256, Sha256OfFile(file));
  JARING_ASSIGN_OR_RETURN(const auto reader, file.OpenTable());
  JARING_ASSIGN_OR_RETURN(const ColumnMap columns,
                          ColumnMap::Match(reader->header(), PaymentColumns()));
  TableRow row;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, reader->Next(row));
    if (!more) {
      break;
    }
    JARING_RETURN_IF_ERROR(ScanPaymentLine(row, columns, scan));
  }
  scan.ended_without_newline = reader->ended_without_newline();
  return scan;
}

Result<Done> CheckControlTotal(const PaymentScan& scan) {
  if (!scan.control_total) {
    return Done{};
  }
  const ControlTotal& told = *scan.control_total;
  // A row whose amount cannot be read hides what the sum is; its count is still known.
  const bool sum_known = scan.unreadable_rows == 0;
  if (told.rows != scan.rows || (sum_known && told.amount != scan.readable_sum)) {
    return Invalid("file.control_total_differs",
                   "told " + std::to_string(told.rows) + " rows, Rp " + FormatRupiah(told.amount) +
                       "; found " + std::to_string(scan.rows) + " rows, Rp " +
                       FormatRupiah(scan.readable_sum));
  }
  return Done{};
}

bool MayBeCutOff(const TableRow& row, const PaymentScan& scan) {
  return row.unterminated && !scan.control_total;
}

Result<std::string> Sha256OfFile(const InputFile& file) {
  constexpr std::size_t kBlockBytes = std::size_t{256} * 1024;
  JARING_ASSIGN_OR_RETURN(const auto source, file.Open());
  std::vector<char> block(kBlockBytes);
  Sha256 digest;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const std::size_t got, source->Read(block));
    digest.Add({block.data(), got});
    if (got < block.size()) {
      return digest.Hex();
    }
  }
}

std::string Sha256Hex(std::string_view bytes) {
  Sha256 digest;
  digest.Add(bytes);
  return digest.Hex();
}

}  // namespace jaring
