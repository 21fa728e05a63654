// A bank's word in its three forms.

#include "channels/files/bank_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jaring {
namespace {

constexpr const char* kOne = "K100000000017P01";

std::string Report(const std::string& inner, const std::string& group = "") {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
<GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-04-08T10:00:00+07:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>JARING-RUN-7</OrgnlMsgId>)" +
         group +
         "</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>JARING-RUN-7"
         "</OrgnlPmtInfId>" +
         inner + "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>";
}

std::string Transfer(const std::string& reference, const std::string& status,
                     const std::string& more = "") {
  return "<TxInfAndSts><OrgnlEndToEndId>" + reference + "</OrgnlEndToEndId><TxSts>" + status +
         "</TxSts>" + more + "</TxInfAndSts>";
}

std::string Booked(const std::string& amount, const std::string& sign, const std::string& details,
                   const std::string& status = "BOOK") {
  return "<Ntry><Amt Ccy=\"IDR\">" + amount + "</Amt><CdtDbtInd>" + sign + "</CdtDbtInd><Sts>" +
         status + "</Sts><BookgDt><Dt>2026-04-09</Dt></BookgDt><NtryDtls>" + details +
         "</NtryDtls></Ntry>";
}

std::string Details(const std::string& reference, const std::string& more = "") {
  return "<TxDtls><Refs><EndToEndId>" + reference + "</EndToEndId></Refs>" + more + "</TxDtls>";
}

std::string StatementOf(const std::string& entries, const std::string& closing) {
  return R"(<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">1000.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">)" +
         closing + "</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>" + entries +
         "</Stmt></BkToCstmrStmt></Document>";
}

/// "K100000000017P01 paid 2026-04-08 …" for each row, "line rule" for each problem.
std::string Told(const std::string& text) {
  const auto file = ReadBankFile(text);
  if (!file) {
    return file.error().rule;
  }
  std::string told;
  for (const BankRow& row : file->rows) {
    told += (row.reference.empty() ? "run " + std::to_string(row.run_id) : row.reference) + " " +
            (row.word == BankWord::kPaid     ? "paid"
             : row.word == BankWord::kFailed ? "failed"
                                             : "unknown") +
            " " + row.on.ToString() +
            (row.amount ? " " + std::to_string(row.amount->rupiah()) : "") +
            (row.code.empty() ? "" : " " + row.code) + "\n";
  }
  for (const BankRowProblem& problem : file->problems) {
    told += problem.rule + "\n";
  }
  return told + (file->others > 0 ? std::to_string(file->others) + " others\n" : "");
}

TEST(BankFile, ReadsOurOwnRows) {
  EXPECT_EQ(Told("reference,outcome,on\nK100000000017P01,paid,2026-04-08\r\n\n"
                 "K100000000017P02,failed,2026-04-09\nK1,lost,2026-04-09\n"),
            "K100000000017P01 paid 2026-04-08\nK100000000017P02 failed 2026-04-09\n"
            "payout.outcome_malformed\n");
  EXPECT_EQ(Told("nothing of the kind"), "payout.file_unknown");
  EXPECT_EQ(Told(""), "");
}

TEST(BankFile, ReadsTheStatusOfTransfers) {
  EXPECT_EQ(
      Told(Report(
          Transfer(kOne, "ACSC",
                   "<AccptncDtTm>2026-04-07T09:00:00</AccptncDtTm><OrgnlTxRef><Amt><InstdAmt "
                   "Ccy=\"IDR\">42000000.00</InstdAmt></Amt></OrgnlTxRef>") +
          Transfer("K100000000017P02", "RJCT", "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>") +
          Transfer("K100000000017P03", "ACSP") + Transfer("K100000000017P04", "PDNG"))),
      "K100000000017P01 paid 2026-04-07 42000000\nK100000000017P02 failed 2026-04-08 AC04\n"
      "K100000000017P03 unknown 2026-04-08\nK100000000017P04 unknown 2026-04-08\n");
  EXPECT_EQ(Told(Report(Transfer("", "ACSC") +
                        Transfer(kOne, "ACSC",
                                 "<OrgnlTxRef><Amt><InstdAmt>1.50</InstdAmt></Amt></OrgnlTxRef>") +
                        Transfer(kOne, "ACCC"))),
            "K100000000017P01 paid 2026-04-08\npayout.outcome_malformed\n"
            "payout.outcome_malformed\n");
}

TEST(BankFile, AWordOnTheRunComesAfterThoseOnItsTransfers) {
  EXPECT_EQ(Told(Report(Transfer(kOne, "ACSC"), "<GrpSts>RJCT</GrpSts>")),
            "K100000000017P01 paid 2026-04-08\nrun 7 failed 2026-04-08\n");
  EXPECT_EQ(Told(Report("", "<GrpSts>PART</GrpSts>")), "");
  std::string other = Report("", "<GrpSts>RJCT</GrpSts>");
  other.replace(other.find("JARING-RUN-7"), 12, "SOMEBODY-ELS");
  EXPECT_EQ(Told(other), "payout.run_unknown\n");
}

TEST(BankFile, ReadsAStatement) {
  EXPECT_EQ(
      Told(StatementOf(
          Booked("300", "DBIT", Details(kOne)) +
              Booked("100", "CRDT",
                     Details("K100000000017P02", "<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>")) +
              Booked("50", "CRDT", Details("SALARY")) + Booked("50", "DBIT", "") +
              Booked("70", "DBIT", Details(kOne), "PDNG"),
          "800.00")),
      "K100000000017P01 paid 2026-04-09 300\nK100000000017P02 failed 2026-04-09 100 AC01\n"
      "2 others\n");
  EXPECT_EQ(Told(StatementOf(Booked("300", "DBIT", Details(kOne)), "701")),
            "payout.statement_unbalanced");
  // A credit that names our reference and gives nothing back is somebody else's.
  EXPECT_EQ(Told(StatementOf(Booked("5", "CRDT", Details(kOne)), "1005")), "1 others\n");
  // Several transfers in one entry: each has its own amount, or none.
  EXPECT_EQ(
      Told(StatementOf(Booked("9", "DBIT",
                              Details(kOne, "<AmtDtls><TxAmt><Amt>4</Amt></TxAmt></AmtDtls>") +
                                  Details("K100000000017P02")),
                       "991")),
      "K100000000017P01 paid 2026-04-09 4\nK100000000017P02 paid 2026-04-09\n");
}

TEST(BankFile, RefusesWhatIsNoSuchFile) {
  const std::string good = Report(Transfer(kOne, "ACSC"));
  for (std::size_t cut = 60; cut < good.size() - 1; cut += 7) {
    EXPECT_EQ(Told(good.substr(0, cut)), "payout.file_malformed") << cut;
  }
  EXPECT_EQ(Told("<a><b/></a>"), "payout.file_unknown");
  EXPECT_EQ(Told("<!DOCTYPE a [<!ENTITY x \"y\">]><Document><CstmrPmtStsRpt>&x;"
                 "</CstmrPmtStsRpt></Document>"),
            "payout.file_malformed");
  std::string deep = "<Document><CstmrPmtStsRpt>";
  for (int i = 0; i < 40; ++i) {
    deep += "<a>";
  }
  EXPECT_EQ(Told(deep), "payout.file_malformed");
  EXPECT_EQ(Told(std::string(kMostBankFileBytes + 1, 'K')), "payout.file_too_large");
}

}  // namespace
}  // namespace jaring
