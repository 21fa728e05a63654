#include "channels/files/pain001.h"

#include <libxml/xmlwriter.h>

#include <memory>

#include "base/text.h"

namespace jaring {
namespace {

constexpr const char* kNamespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03";
constexpr std::size_t kMostName = 70;  // Banks cut what is longer.

/// Letters, digits and the few signs that every bank takes.
std::string BankText(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool is_sign = std::string_view("/-?:().,'+ ").find(c) != std::string_view::npos;
    kept += is_letter || IsDigit(c) || is_sign ? c : ' ';
  }
  return std::string(Trim(std::string_view(kept).substr(0, kMostName)));
}

/// Writes elements; an element that is open is closed with its Scope.
class XmlText {
 public:
  XmlText()
      : buffer_(xmlBufferCreate(), xmlBufferFree),
        writer_(xmlNewTextWriterMemory(buffer_.get(), 0), xmlFreeTextWriter) {
    JARING_CHECK(writer_ != nullptr);
    xmlTextWriterSetIndent(writer_.get(), 1);
    xmlTextWriterStartDocument(writer_.get(), nullptr, "UTF-8", nullptr);
  }

  void Open(const char* name) { xmlTextWriterStartElement(writer_.get(), Xml(name)); }
  void Close() { xmlTextWriterEndElement(writer_.get()); }
  void Attribute(const char* name, const char* value) {
    xmlTextWriterWriteAttribute(writer_.get(), Xml(name), Xml(value));
  }
  void Add(const char* name, const std::string& text) {
    xmlTextWriterWriteElement(writer_.get(), Xml(name), Xml(text.c_str()));
  }
  /// `text` within elements within each other.
  void AddDeep(std::initializer_list<const char*> names, const std::string& text) {
    for (const char* name : names) {
      Open(name);
    }
    xmlTextWriterWriteString(writer_.get(), Xml(text.c_str()));
    for (std::size_t i = 0; i < names.size(); ++i) {
      Close();
    }
  }
  void Text(const std::string& text) { xmlTextWriterWriteString(writer_.get(), Xml(text.c_str())); }

  std::string Take() {
    xmlTextWriterEndDocument(writer_.get());
    xmlTextWriterFlush(writer_.get());
    return reinterpret_cast<const char*>(xmlBufferContent(buffer_.get()));
  }

 private:
  static const xmlChar* Xml(const char* text) { return reinterpret_cast<const xmlChar*>(text); }

  std::unique_ptr<xmlBuffer, decltype(&xmlBufferFree)> buffer_;
  std::unique_ptr<xmlTextWriter, decltype(&xmlFreeTextWriter)> writer_;
};

void AddTransfer(XmlText& xml, const TransferLine& line) {
  xml.Open("CdtTrfTxInf");
  xml.Open("PmtId");
  xml.Add("InstrId", line.payout.reference());
  xml.Add("EndToEndId", line.payout.reference());
  xml.Close();
  xml.Open("Amt");
  xml.Open("InstdAmt");
  xml.Attribute("Ccy", "IDR");
  xml.Text(std::to_string(line.payout.sum().rupiah()));
  xml.Close();
  xml.Close();
  xml.AddDeep({"CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId"}, line.payee.institution);
  xml.AddDeep({"Cdtr", "Nm"}, BankText(line.payee.name));
  xml.AddDeep({"CdtrAcct", "Id", "Othr", "Id"}, line.payee.account);
  xml.AddDeep({"RmtInf", "Ustrd"}, "KLAIM " + line.payout.claim.ToString());
  xml.Close();
}

}  // namespace

std::string Pain001(const PayoutRun& run, const std::vector<TransferLine>& lines,
                    const PayingAccount& from, Instant now) {
  Money sum;
  for (const TransferLine& line : lines) {
    sum += line.payout.sum();
  }
  const std::string id = "JARING-RUN-" + std::to_string(run.run_id);
  const auto add_sums = [&](XmlText& xml) {
    xml.Add("NbOfTxs", std::to_string(lines.size()));
    xml.Add("CtrlSum", std::to_string(sum.rupiah()));
  };
  XmlText xml;
  xml.Open("Document");
  xml.Attribute("xmlns", kNamespace);
  xml.Open("CstmrCdtTrfInitn");
  xml.Open("GrpHdr");
  xml.Add("MsgId", id);
  xml.Add("CreDtTm", now.ToString());
  add_sums(xml);
  xml.AddDeep({"InitgPty", "Nm"}, BankText(from.name));
  xml.Close();
  xml.Open("PmtInf");
  xml.Add("PmtInfId", id);
  xml.Add("PmtMtd", "TRF");
  add_sums(xml);
  xml.Add("ReqdExctnDt", run.pay_on.ToString());
  xml.AddDeep({"Dbtr", "Nm"}, BankText(from.name));
  xml.AddDeep({"DbtrAcct", "Id", "Othr", "Id"}, from.account);
  xml.AddDeep({"DbtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId"}, from.bank);
  xml.Add("ChrgBr", "SHAR");
  for (const TransferLine& line : lines) {
    AddTransfer(xml, line);
  }
  xml.Close();
  xml.Close();
  xml.Close();
  return xml.Take();
}

}  // namespace jaring
