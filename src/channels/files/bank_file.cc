#include "channels/files/bank_file.h"

#include "base/text.h"
#include "channels/files/bank_xml.h"

namespace jaring {
namespace {

/// "K100000000017P01,paid,2026-04-08".
Result<BankRow> ReadCsvRow(std::string_view line) {
  const auto fields = Split(Trim(line), ',');
  if (fields.size() != 3) {
    return Invalid("payout.outcome_malformed");
  }
  const std::string_view word = Trim(fields[1]);
  const auto on = Date::Parse(Trim(fields[2]));
  if ((word != "paid" && word != "failed") || !on) {
    return Invalid("payout.outcome_malformed");
  }
  return BankRow{.reference = std::string(Trim(fields[0])),
                 .word = word == "paid" ? BankWord::kPaid : BankWord::kFailed,
                 .on = *on};
}

BankFile ReadCsv(std::string_view text) {
  BankFile file;
  std::int64_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (Trim(line).empty() || (number == 1 && line.starts_with("reference"))) {
      continue;
    }
    auto row = ReadCsvRow(line);
    if (!row) {
      file.problems.push_back({number, row.error().rule});
      continue;
    }
    row->line = number;
    file.rows.push_back(*std::move(row));
  }
  return file;
}

bool IsCsv(std::string_view text) {
  return text.starts_with("reference") || text.starts_with('K') || text.empty();
}

}  // namespace

Result<BankFile> ReadBankFile(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.size() > kMostBankFileBytes) {
    return Invalid("payout.file_too_large");
  }
  text.remove_prefix(text.starts_with(kMark) ? kMark.size() : 0);
  if (IsCsv(text)) {
    return ReadCsv(text);
  }
  return Trim(text.substr(0, 100)).starts_with('<') ? ReadBankXml(text)
                                                    : Invalid("payout.file_unknown");
}

}  // namespace jaring
