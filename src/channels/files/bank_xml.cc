#include "channels/files/bank_xml.h"

#include <libxml/xmlreader.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMostDepth = 24;
constexpr std::size_t kMostText = 500;  // Of one element; what is longer is cut.
constexpr std::size_t kMostCode = 35;
constexpr std::size_t kMostDigits = 15;
constexpr std::string_view kOurMessage = "JARING-RUN-";

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// "16800", "16800.00": whole rupiah.
std::optional<Money> ReadAmount(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view rest = point == std::string_view::npos ? "" : text.substr(point + 1);
  const auto rupiah = ParseInteger(whole.substr(0, kMostDigits));
  const bool is_whole =
      rest.size() <= 5 && std::all_of(rest.begin(), rest.end(), [](char c) { return c == '0'; });
  if (!rupiah || *rupiah < 0 || whole.size() > kMostDigits || !is_whole) {
    return std::nullopt;
  }
  return Money::FromRupiah(*rupiah);
}

/// The day of "2026-04-08" or "2026-04-08T10:00:00+07:00", as the bank writes it.
std::optional<Date> ReadDay(std::string_view text) {
  const auto day = Date::Parse(text.substr(0, 10));
  return day ? std::optional(*day) : std::nullopt;
}

/// Where the reader is: the names from below Document on, and the text of the innermost.
class Element {
 public:
  explicit Element(const std::vector<std::string>& path) : path_(path) {}
  /// "TxInfAndSts/TxSts": the path ends like this.
  bool Is(std::string_view ending) const {
    const auto names = Split(ending, '/');
    return names.size() <= path_.size() &&
           std::equal(names.rbegin(), names.rend(), path_.rbegin(), std::equal_to<>());
  }
  bool IsWithin(std::string_view name) const {
    return std::find(path_.begin(), path_.end(), name) != path_.end();
  }

 private:
  const std::vector<std::string>& path_;
};

/// One of the two forms, told element by element as each ends.
class BankForm {
 public:
  virtual ~BankForm() = default;
  virtual void Begin(const Element& /*at*/) {}
  virtual void End(const Element& at, std::string_view text, std::int64_t line) = 0;
  virtual Result<BankFile> Finish() = 0;
};

BankWord WordOfStatus(std::string_view status) {
  if (status == "ACSC" || status == "ACCC") {
    return BankWord::kPaid;
  }
  return status == "RJCT" || status == "CANC" ? BankWord::kFailed : BankWord::kUnknown;
}

/// pain.002: a word on the message, on each batch, on each transfer. The nearest one holds.
class StatusReport : public BankForm {
 public:
  void Begin(const Element& at) override {
    if (at.Is("TxInfAndSts")) {
      row_ = {};
      status_.clear();
    }
  }

  void End(const Element& at, std::string_view text, std::int64_t line) override {
    if (at.Is("GrpHdr/CreDtTm")) {
      made_on_ = ReadDay(text);
    } else if (at.Is("OrgnlGrpInfAndSts/OrgnlMsgId") || at.Is("OrgnlPmtInfAndSts/OrgnlPmtInfId")) {
      TakeRun(text);
    } else if (at.Is("OrgnlGrpInfAndSts/GrpSts") || at.Is("OrgnlPmtInfAndSts/PmtInfSts")) {
      TakeRunStatus(text, line);
    } else if (at.IsWithin("TxInfAndSts")) {
      EndOfTransfer(at, text, line);
    }
  }

  Result<BankFile> Finish() override {
    if (!made_on_) {
      return Invalid("payout.file_malformed", "CreDtTm");
    }
    for (std::size_t i = 0; i < file_.rows.size(); ++i) {
      file_.rows[i].on = accepted_on_[i].value_or(*made_on_);
    }
    // A word on the run comes after those on its transfers, which it leaves alone.
    std::stable_partition(file_.rows.begin(), file_.rows.end(),
                          [](const BankRow& row) { return !row.reference.empty(); });
    return std::move(file_);
  }

 private:
  void TakeRun(std::string_view text) {
    const auto run_id = text.starts_with(kOurMessage)
                            ? ParseInteger(text.substr(kOurMessage.size()))
                            : std::nullopt;
    run_id_ = run_id.value_or(0);
  }

  /// Only what says the same of all: "PART" does not.
  void TakeRunStatus(std::string_view status, std::int64_t line) {
    const BankWord word = WordOfStatus(status);
    if (word == BankWord::kUnknown) {
      return;
    }
    if (run_id_ == 0) {
      file_.problems.push_back({line, "payout.run_unknown"});
      return;
    }
    file_.rows.push_back(
        {.line = line, .reference = "", .run_id = run_id_, .word = word, .amount = {}, .code = ""});
    accepted_on_.emplace_back();
  }

  void EndOfTransfer(const Element& at, std::string_view text, std::int64_t line) {
    if (at.Is("OrgnlEndToEndId")) {
      row_.reference = text;
    } else if (at.Is("TxSts")) {
      status_ = text;
    } else if (at.Is("StsRsnInf/Rsn/Cd") || at.Is("StsRsnInf/Rsn/Prtry")) {
      row_.code = text.substr(0, kMostCode);
    } else if (at.Is("AccptncDtTm")) {
      accepted_ = ReadDay(text);
    } else if (at.Is("OrgnlTxRef/Amt/InstdAmt")) {
      row_.amount = ReadAmount(text);
      is_amount_wrong_ = !row_.amount;
    } else if (at.Is("TxInfAndSts")) {
      row_.line = line;
      row_.word = WordOfStatus(status_);
      if (row_.reference.empty() || status_.empty() || is_amount_wrong_) {
        file_.problems.push_back({line, "payout.outcome_malformed"});
      } else {
        file_.rows.push_back(std::move(row_));
        accepted_on_.push_back(accepted_);
      }
      row_ = {};
      accepted_.reset();
      is_amount_wrong_ = false;
    }
  }

  BankFile file_;
  BankRow row_;
  std::string status_;
  std::vector<std::optional<Date>> accepted_on_;  // Of each row; nothing: the day of the report.
  std::optional<Date> accepted_;
  std::optional<Date> made_on_;
  std::int64_t run_id_ = 0;
  bool is_amount_wrong_ = false;
};

/// camt.053: entries of an account, some with the transfers they are made of.
class Statement : public BankForm {
 public:
  void Begin(const Element& at) override {
    if (at.Is("Stmt")) {
      sum_ = {};
      opening_.reset();
      closing_.reset();
    } else if (at.Is("Stmt/Bal")) {
      balance_ = {};
      balance_kind_.clear();
    } else if (at.Is("Stmt/Ntry")) {
      entry_ = {};
    } else if (at.Is("NtryDtls/TxDtls")) {
      entry_.transfers.emplace_back();
    }
  }

  void End(const Element& at, std::string_view text, std::int64_t line) override {
    if (at.IsWithin("TxDtls")) {
      EndOfTransfer(at, text);
    } else if (at.IsWithin("Ntry")) {
      EndOfEntry(at, text, line);
    } else if (at.IsWithin("Bal")) {
      EndOfBalance(at, text);
    } else if (at.Is("Stmt")) {
      is_unbalanced_ = is_unbalanced_ || (opening_ && closing_ && *opening_ + sum_ != *closing_);
    }
  }

  Result<BankFile> Finish() override {
    return is_unbalanced_ ? Invalid("payout.statement_unbalanced")
                          : Result<BankFile>(std::move(file_));
  }

 private:
  struct Transfer {
    std::string reference;
    std::optional<Money> amount;
    std::string code;
    bool is_return = false;
  };
  struct Entry {
    std::optional<Money> amount;
    std::string sign;
    std::string status;
    bool is_reversal = false;
    std::optional<Date> on;
    std::vector<Transfer> transfers;
  };

  void EndOfTransfer(const Element& at, std::string_view text) {
    Transfer& transfer = entry_.transfers.back();
    if (at.Is("Refs/EndToEndId")) {
      transfer.reference = text;
    } else if (at.Is("AmtDtls/TxAmt/Amt") || at.Is("TxDtls/Amt")) {
      transfer.amount = ReadAmount(text);
    } else if (at.Is("RtrInf/Rsn/Cd") || at.Is("RtrInf/Rsn/Prtry")) {
      transfer.code = text.substr(0, kMostCode);
    } else if (at.Is("RtrInf")) {
      transfer.is_return = true;
    }
  }

  void EndOfEntry(const Element& at, std::string_view text, std::int64_t line) {
    if (at.Is("Ntry/Amt")) {
      entry_.amount = ReadAmount(text);
    } else if (at.Is("Ntry/CdtDbtInd")) {
      entry_.sign = text;
    } else if (at.Is("Ntry/RvslInd")) {
      entry_.is_reversal = text == "true" || text == "1";
    } else if (at.Is("Ntry/Sts") || at.Is("Ntry/Sts/Cd")) {
      entry_.status = entry_.status.empty() ? text : entry_.status;
    } else if (at.Is("BookgDt/Dt") || at.Is("BookgDt/DtTm")) {
      entry_.on = ReadDay(text);
    } else if (at.Is("Stmt/Ntry")) {
      TakeEntry(line);
    }
  }

  void EndOfBalance(const Element& at, std::string_view text) {
    if (at.Is("CdOrPrtry/Cd")) {
      balance_kind_ = text;
    } else if (at.Is("Bal/Amt")) {
      balance_.amount = ReadAmount(text);
    } else if (at.Is("Bal/CdtDbtInd")) {
      balance_.sign = text;
    } else if (at.Is("Stmt/Bal") && balance_.amount) {
      const Money signed_amount = balance_.sign == "DBIT" ? -*balance_.amount : *balance_.amount;
      if (balance_kind_ == "OPBD" || balance_kind_ == "PRCD") {
        opening_ = signed_amount;
      } else if (balance_kind_ == "CLBD") {
        closing_ = signed_amount;
      }
    }
  }

  void TakeEntry(std::int64_t line) {
    const bool is_debit = entry_.sign == "DBIT";
    if (!entry_.amount || !entry_.on || (!is_debit && entry_.sign != "CRDT")) {
      file_.problems.push_back({line, "payout.outcome_malformed"});
      return;
    }
    if (entry_.status != "BOOK") {
      return;  // Not final.
    }
    sum_ += is_debit ? -*entry_.amount : *entry_.amount;
    file_.others += entry_.transfers.empty() ? 1 : 0;
    for (Transfer& transfer : entry_.transfers) {
      const bool is_back = !is_debit && (entry_.is_reversal || transfer.is_return);
      if (!ParsePayoutReference(transfer.reference) || (!is_debit && !is_back)) {
        ++file_.others;
        continue;
      }
      const bool is_alone = entry_.transfers.size() == 1;
      file_.rows.push_back({.line = line,
                            .reference = std::move(transfer.reference),
                            .word = is_debit ? BankWord::kPaid : BankWord::kFailed,
                            .on = *entry_.on,
                            .amount = transfer.amount ? transfer.amount
                                      : is_alone      ? entry_.amount
                                                      : std::nullopt,
                            .code = std::move(transfer.code)});
    }
  }

  BankFile file_;
  Entry entry_;
  Entry balance_;
  std::string balance_kind_;
  std::optional<Money> opening_;
  std::optional<Money> closing_;
  Money sum_;
  bool is_unbalanced_ = false;
};

std::unique_ptr<BankForm> FormOf(std::string_view name) {
  if (name == "CstmrPmtStsRpt") {
    return std::make_unique<StatusReport>();
  }
  return name == "BkToCstmrStmt" ? std::make_unique<Statement>() : nullptr;
}

void Silent(void* /*context*/, const char* /*message*/, xmlParserSeverities /*severity*/,
            xmlTextReaderLocatorPtr /*where*/) {}

/// Goes through the elements; nothing is fetched, no entity is expanded.
class BankXml {
 public:
  explicit BankXml(std::string_view text)
      : reader_(xmlReaderForMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                   XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT),
                xmlFreeTextReader) {
    JARING_CHECK(reader_ != nullptr);
    xmlTextReaderSetErrorHandler(reader_.get(), &Silent, nullptr);
  }

  Result<BankFile> Read() {
    int more = xmlTextReaderRead(reader_.get());
    for (; more == 1; more = xmlTextReaderRead(reader_.get())) {
      JARING_RETURN_IF_ERROR(TakeNode());
    }
    if (more != 0) {
      return Malformed();
    }
    return form_ == nullptr ? Invalid("payout.file_unknown") : form_->Finish();
  }

 private:
  Error Malformed() {
    return Invalid("payout.file_malformed",
                   std::to_string(xmlTextReaderGetParserLineNumber(reader_.get())));
  }

  Result<Done> TakeNode() {
    switch (xmlTextReaderNodeType(reader_.get())) {
      case XML_READER_TYPE_DOCUMENT_TYPE:
      case XML_READER_TYPE_ENTITY_REFERENCE:
        return Malformed();
      case XML_READER_TYPE_ELEMENT:
        return TakeBegin();
      case XML_READER_TYPE_TEXT:
      case XML_READER_TYPE_CDATA:
        text_ += View(xmlTextReaderConstValue(reader_.get()))
                     .substr(0, kMostText - std::min(kMostText, text_.size()));
        return Done{};
      case XML_READER_TYPE_END_ELEMENT:
        TakeEnd();
        return Done{};
      default:
        return Done{};
    }
  }

  Result<Done> TakeBegin() {
    const std::string name(View(xmlTextReaderConstLocalName(reader_.get())));
    if (path_.size() >= kMostDepth) {
      return Malformed();
    }
    if (path_.size() == 1 && form_ == nullptr) {
      form_ = FormOf(name);
    }
    path_.push_back(name);
    text_.clear();
    if (form_ != nullptr) {
      form_->Begin(Element(path_));
    }
    if (xmlTextReaderIsEmptyElement(reader_.get()) == 1) {
      TakeEnd();
    }
    return Done{};
  }

  void TakeEnd() {
    if (form_ != nullptr) {
      form_->End(Element(path_), Trim(text_), xmlTextReaderGetParserLineNumber(reader_.get()));
    }
    path_.pop_back();
    text_.clear();
  }

  std::unique_ptr<xmlTextReader, decltype(&xmlFreeTextReader)> reader_;
  std::unique_ptr<BankForm> form_;
  std::vector<std::string> path_;
  std::string text_;
};

}  // namespace

Result<BankFile> ReadBankXml(std::string_view text) {
  return BankXml(text).Read();
}

}  // namespace jaring
