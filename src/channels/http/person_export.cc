#include "channels/http/person_export.h"

#include <array>
#include <optional>
#include <vector>

#include "access/role.h"
#include "channels/files/pdf_page.h"
#include "channels/http/person_export_sql.h"
#include "channels/text/json_writer.h"
#include "claims/claim_book.h"
#include "registry/kept_person.h"

namespace jaring {
namespace {

/// How a column is told.
enum class Form : std::uint8_t { kNumber, kText, kMoment, kDay, kMonth, kBlock, kFrom, kTo, kTold };

struct Column {
  const char* name;
  Form form;
};

struct Table {
  std::string_view table;
  const char* title;  // For people.
  std::string_view sql;
  std::span<const Column> columns;
};

constexpr Column kPerson[] = {
    {"nik", Form::kBlock},     {"name", Form::kText},       {"birth_date", Form::kDay},
    {"sex", Form::kNumber},    {"village", Form::kNumber},  {"phone", Form::kBlock},
    {"language", Form::kText}, {"warnings", Form::kNumber}, {"created_at", Form::kMoment}};
constexpr Column kMembership[] = {{"membership_seq", Form::kNumber},
                                  {"acquired_on", Form::kDay},
                                  {"programmes", Form::kNumber},
                                  {"income_rupiah", Form::kNumber},
                                  {"trade", Form::kNumber},
                                  {"payer", Form::kNumber},
                                  {"start_rule", Form::kNumber},
                                  {"first_month", Form::kMonth},
                                  {"paid_through", Form::kMonth},
                                  {"cover_from", Form::kDay},
                                  {"credit_rupiah", Form::kNumber},
                                  {"ended_on", Form::kDay},
                                  {"village_code", Form::kNumber},
                                  {"branch", Form::kText},
                                  {"group", Form::kText},
                                  {"door", Form::kNumber}};
constexpr Column kMembershipEnd[] = {{"membership_seq", Form::kNumber},
                                     {"ended_on", Form::kDay},
                                     {"reason", Form::kNumber},
                                     {"recorded_at", Form::kMoment}};
constexpr Column kPayment[] = {{"payment_id", Form::kNumber},    {"partner", Form::kText},
                               {"reference", Form::kText},       {"kind", Form::kNumber},
                               {"amount_rupiah", Form::kNumber}, {"paid_at", Form::kMoment},
                               {"posted_at", Form::kMoment},     {"channel", Form::kText},
                               {"of_payment_id", Form::kNumber}};
constexpr Column kContribution[] = {
    {"contribution_id", Form::kNumber}, {"membership_seq", Form::kNumber},
    {"payment_id", Form::kNumber},      {"first_month", Form::kMonth},
    {"months", Form::kNumber},          {"jkk_rupiah", Form::kNumber},
    {"jkm_rupiah", Form::kNumber},      {"jht_rupiah", Form::kNumber},
    {"posted_at", Form::kMoment},       {"reverses_id", Form::kNumber}};
constexpr Column kCreditMove[] = {
    {"payment_id", Form::kNumber}, {"merge_id", Form::kNumber},  {"amount_rupiah", Form::kNumber},
    {"paid_at", Form::kMoment},    {"posted_at", Form::kMoment}, {"of_payment_id", Form::kNumber}};
constexpr Column kRefunded[] = {{"payment_id", Form::kNumber},
                                {"claim_seq", Form::kNumber},
                                {"amount_rupiah", Form::kNumber},
                                {"refunded_at", Form::kMoment}};
constexpr Column kLate[] = {{"payment_id", Form::kNumber}, {"booked_on", Form::kDay}};
constexpr Column kReturn[] = {{"year", Form::kNumber}, {"amount_rupiah", Form::kNumber}};
constexpr Column kRedirected[] = {{"payment_id", Form::kNumber},
                                  {"sent_to_person_id", Form::kNumber}};
constexpr Column kMerge[] = {{"merge_id", Form::kNumber},
                             {"kept_person_id", Form::kNumber},
                             {"merged_at", Form::kMoment},
                             {"undone_at", Form::kMoment}};
constexpr Column kMergeTrim[] = {{"merge_id", Form::kNumber}, {"contribution_id", Form::kNumber}};
constexpr Column kSuspected[] = {{"noticed_at", Form::kMoment}};
constexpr Column kAgent[] = {{"helper", Form::kText}, {"since", Form::kMoment}};
constexpr Column kConsent[] = {{"consent_id", Form::kNumber}, {"kind", Form::kNumber},
                               {"helper_id", Form::kNumber},  {"is_given", Form::kNumber},
                               {"at", Form::kMoment},         {"door", Form::kNumber},
                               {"text_version", Form::kText}};
constexpr Column kCorrection[] = {{"correction_id", Form::kNumber},
                                  {"field", Form::kNumber},
                                  {"from", Form::kFrom},
                                  {"to", Form::kTo},
                                  {"reason", Form::kText},
                                  {"applied_at", Form::kMoment}};
constexpr Column kApproval[] = {{"approval_id", Form::kNumber}, {"kind", Form::kNumber},
                                {"subject", Form::kText},       {"reason", Form::kText},
                                {"asked_at", Form::kMoment},    {"state", Form::kNumber},
                                {"decided_at", Form::kMoment},  {"decision_reason", Form::kText}};
constexpr Column kAudit[] = {{"entry_id", Form::kNumber}, {"at", Form::kMoment},
                             {"role", Form::kNumber},     {"action", Form::kText},
                             {"subject", Form::kText},    {"change", Form::kText},
                             {"reason", Form::kText}};
constexpr Column kSession[] = {{"label", Form::kText},
                               {"created_at", Form::kMoment},
                               {"expires_at", Form::kMoment},
                               {"ended_at", Form::kMoment}};

constexpr Column kClaim[] = {
    {"claim_seq", Form::kNumber}, {"kind", Form::kNumber},         {"event_on", Form::kDay},
    {"begun_at", Form::kMoment},  {"state", Form::kNumber},        {"complete_on", Form::kDay},
    {"due_on", Form::kDay},       {"gross_rupiah", Form::kNumber}, {"tax_rupiah", Form::kNumber}};
constexpr Column kNotice[] = {{"kind", Form::kNumber},
                              {"event_on", Form::kDay},
                              {"state", Form::kNumber},
                              {"received_at", Form::kMoment},
                              {"reason", Form::kText}};
constexpr Column kClaimStep[] = {{"claim_seq", Form::kNumber},
                                 {"step_no", Form::kNumber},
                                 {"state", Form::kNumber},
                                 {"at", Form::kMoment},
                                 {"reason", Form::kText}};
constexpr Column kClaimRecord[] = {{"claim_seq", Form::kNumber},
                                   {"record_id", Form::kNumber},
                                   {"kind", Form::kNumber},
                                   {"at", Form::kMoment},
                                   {"told", Form::kTold}};
constexpr Column kClaimLine[] = {{"claim_seq", Form::kNumber},     {"step_no", Form::kNumber},
                                 {"benefit", Form::kText},         {"detail", Form::kText},
                                 {"amount_rupiah", Form::kNumber}, {"working", Form::kText}};
constexpr Column kClaimPaper[] = {{"claim_seq", Form::kNumber},
                                  {"paper_no", Form::kNumber},
                                  {"code", Form::kText},
                                  {"added_at", Form::kMoment}};
constexpr Column kSchedule[] = {
    {"schedule_no", Form::kNumber}, {"kind", Form::kNumber},  {"right_seq", Form::kNumber},
    {"place", Form::kNumber},       {"first_on", Form::kDay}, {"last_on", Form::kDay},
    {"most", Form::kNumber},        {"next_on", Form::kDay},  {"state", Form::kNumber}};
constexpr Column kInstalment[] = {
    {"schedule_no", Form::kNumber}, {"instalment_no", Form::kNumber}, {"claim_seq", Form::kNumber}};
constexpr Column kWithdrawal[] = {
    {"claim_seq", Form::kNumber}, {"booked_on", Form::kDay}, {"amount_rupiah", Form::kNumber}};
constexpr Column kPayout[] = {{"claim_seq", Form::kNumber},     {"payout_no", Form::kNumber},
                              {"payee_no", Form::kNumber},      {"state", Form::kNumber},
                              {"amount_rupiah", Form::kNumber}, {"penalty_rupiah", Form::kNumber},
                              {"changed_at", Form::kMoment},    {"paid_on", Form::kDay},
                              {"sent_at", Form::kMoment},       {"sent_by", Form::kNumber}};
constexpr Column kBankWord[] = {{"claim_seq", Form::kNumber},
                                {"payout_no", Form::kNumber},
                                {"word", Form::kNumber},
                                {"said_on", Form::kDay},
                                {"taken_at", Form::kMoment}};

constexpr Column kPin[] = {{"set_at", Form::kMoment}};
constexpr Column kRecovery[] = {{"recovery_id", Form::kNumber},  {"new_phone", Form::kBlock},
                                {"way", Form::kNumber},          {"asked_at", Form::kMoment},
                                {"effective_at", Form::kMoment}, {"done_at", Form::kMoment},
                                {"stopped_at", Form::kMoment}};
constexpr Column kWitness[] = {{"recovery_id", Form::kNumber}, {"at", Form::kMoment}};

constexpr Table kTables[] = {
    {"person", "Data diri / Who you are", sql::kExportPerson, kPerson},
    {"membership", "Kepesertaan / Memberships", sql::kExportMembership, kMembership},
    {"membership_end", "Berakhirnya kepesertaan / Ends of memberships", sql::kExportMembershipEnd,
     kMembershipEnd},
    {"payment", "Pembayaran / Payments", sql::kExportPayment, kPayment},
    {"contribution", "Bulan yang dibayar / Months bought", sql::kExportContribution, kContribution},
    {"person_consent", "Persetujuan / Consent", sql::kExportConsent, kConsent},
    {"person_correction", "Perbaikan data / Corrections", sql::kExportCorrection, kCorrection},
    {"approval_request", "Permintaan / Requests", sql::kExportApproval, kApproval},
    {"person_agent", "Penolong / Helpers", sql::kExportAgent, kAgent},
    {"session", "Sesi masuk / Logins", sql::kExportSession, kSession},
    {"worker_pin", "PIN", sql::kExportPin, kPin},
    {"access_recovery", "Pemulihan akses / Recovery of access", sql::kExportRecovery, kRecovery},
    {"recovery_witness", "Sebagai saksi / As a witness", sql::kExportWitness, kWitness},
    {"person_merge", "Penggabungan / Merges", sql::kExportMerge, kMerge},
    {"merge_trim", "Bulan rangkap / Months paid twice", sql::kExportMergeTrim, kMergeTrim},
    {"credit_move", "Saldo dipindahkan / Credit moved", sql::kExportCreditMove, kCreditMove},
    {"refund", "Iuran dikembalikan / Contributions given back", sql::kExportRefund, kRefunded},
    {"redirected_payment", "Pembayaran dialihkan / Payments led here", sql::kExportRedirected,
     kRedirected},
    {"late_posting", "Dibukukan di bulan kemudian / Booked in a later month",
     sql::kExportLatePosting, kLate},
    {"savings_return", "Hasil pengembangan JHT / Returns on savings", sql::kExportReturn, kReturn},
    {"claim", "Klaim / Claims", sql::kExportClaim, kClaim},
    {"claim_notice", "Laporan orang lain / Told by others", sql::kExportNotice, kNotice},
    {"claim_step", "Jalannya klaim / Steps of claims", sql::kExportClaimStep, kClaimStep},
    {"claim_record", "Keterangan klaim / What was told", sql::kExportClaimRecord, kClaimRecord},
    {"claim_line", "Hitungan manfaat / Benefits worked out", sql::kExportClaimLine, kClaimLine},
    {"claim_paper", "Surat klaim / Papers of claims", sql::kExportClaimPaper, kClaimPaper},
    {"claim_schedule", "Manfaat yang berulang / What comes again", sql::kExportSchedule, kSchedule},
    {"claim_instalment", "Angsuran manfaat / Instalments", sql::kExportInstalment, kInstalment},
    {"savings_withdrawal", "Tabungan dibayarkan / Savings paid out", sql::kExportWithdrawal,
     kWithdrawal},
    {"payout", "Pembayaran klaim / Payouts", sql::kExportPayout, kPayout},
    {"bank_word", "Kata bank / What the bank said", sql::kExportBankWord, kBankWord},
    {"suspected_duplicate", "Mirip orang lain / Looks like another", sql::kExportSuspected,
     kSuspected},
    {"audit_entry", "Siapa yang melihat data Anda / Who saw your data", sql::kExportAudit, kAudit},
};

constexpr ExportedTable kLeftOut[] = {
    {"person_nik", "the same NIK, keyed by it"},
    {"person_phone", "the same phone, keyed by it"},
    {"person_likeness", "a hash of name, birth date and village, which are there"},
    {"payment_reference", "the same references, keyed by them"},
    {"merged_person", "follows from person_merge"},
    {"claim_trait", "digests of papers and accounts, which are there"},
};

/// One value as it is told; nothing for NULL.
struct Cell {
  const Column* column = nullptr;
  std::optional<std::string> text;
  bool is_number = false;
};

struct Section {
  const Table* table = nullptr;
  std::vector<std::vector<Cell>> rows;
};

Cell ReadCell(const Column& column, const Row& row, int at) {
  Cell cell{.column = &column, .text = {}};
  if (row.IsNull(at)) {
    return cell;
  }
  const bool is_number = column.form == Form::kNumber || column.form == Form::kMoment ||
                         column.form == Form::kDay || column.form == Form::kMonth;
  const std::int64_t number = is_number ? row.Int(at) : 0;
  switch (column.form) {
    case Form::kNumber:
      cell.text = std::to_string(number);
      cell.is_number = true;
      break;
    case Form::kText:
      cell.text = row.Text(at);
      break;
    case Form::kMoment:
      cell.text = Instant::FromMicros(number).ToString();
      break;
    case Form::kDay:
      if (const auto date = Date::ParseNumber(number)) {
        cell.text = date->ToString();
      }
      break;
    case Form::kMonth:
      if (const auto month = Month::ParseNumber(number)) {
        cell.text = month->ToString();
      }
      break;
    case Form::kBlock:
    case Form::kFrom:
    case Form::kTo:
    case Form::kTold:
      cell.text = row.Blob(at);
      break;
  }
  return cell;
}

/// `person_id` says, with the first two cells, what a record of a claim is sealed for.
Result<Done> Unseal(const Agency& agency, std::int64_t person_id, std::vector<Cell>& cells) {
  for (Cell& cell : cells) {
    if (cell.text && cell.column->form == Form::kBlock) {
      JARING_ASSIGN_OR_RETURN(cell.text, agency.sealer.Unseal(*cell.text));
    } else if (cell.text && cell.column->form == Form::kFrom) {
      JARING_ASSIGN_OR_RETURN(
          cell.text, agency.sealer.UnsealText(*cell.text, "person_correction/from_sealed"));
    } else if (cell.text && cell.column->form == Form::kTo) {
      JARING_ASSIGN_OR_RETURN(cell.text,
                              agency.sealer.UnsealText(*cell.text, "person_correction/to_sealed"));
    } else if (cell.text && cell.column->form == Form::kTold) {
      const ClaimNumber number{person_id, std::stoi(cells[0].text.value_or("0"))};
      const std::int64_t record_id = std::stoll(cells[1].text.value_or("0"));
      JARING_ASSIGN_OR_RETURN(
          cell.text, agency.sealer.UnsealText(*cell.text, ClaimRecordContext(number, record_id)));
    }
  }
  return Done{};
}

Result<Section> ReadSection(Tx& tx, const Agency& agency, const Table& table,
                            std::int64_t person_id) {
  Section section{.table = &table, .rows = {}};
  JARING_RETURN_IF_ERROR(tx.Query(table.sql, {person_id}, [&](const Row& row) {
    std::vector<Cell>& cells = section.rows.emplace_back();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      cells.push_back(ReadCell(table.columns[i], row, static_cast<int>(i)));
    }
  }));
  for (std::vector<Cell>& cells : section.rows) {
    JARING_RETURN_IF_ERROR(Unseal(agency, person_id, cells));
  }
  return section;
}

/// What is stored of one of the register's persons.
struct PersonData {
  std::int64_t person_id = 0;
  std::vector<Section> sections;
};

Result<std::vector<PersonData>> ReadHuman(Tx& tx, const Agency& agency, std::int64_t person_id) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id));
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, kept));
  std::vector<PersonData> human;
  for (const std::int64_t person : persons) {
    PersonData data{.person_id = person, .sections = {}};
    for (const Table& table : kTables) {
      JARING_ASSIGN_OR_RETURN(Section section, ReadSection(tx, agency, table, person));
      data.sections.push_back(std::move(section));
    }
    human.push_back(std::move(data));
  }
  if (human.front().sections.front().rows.empty()) {
    return NotFound("member.unknown");
  }
  return human;
}

void AddSection(JsonWriter& json, const Section& section) {
  json.Key(section.table->table).BeginList();
  for (const std::vector<Cell>& cells : section.rows) {
    json.BeginObject();
    for (const Cell& cell : cells) {
      json.Key(cell.column->name);
      if (!cell.text) {
        json.Null();
      } else if (cell.is_number) {
        json.Integer(std::stoll(*cell.text));
      } else {
        json.Text(*cell.text);
      }
    }
    json.EndObject();
  }
  json.EndList();
}

/// Writes line after line; goes on to the next page by itself.
class Sheet {
 public:
  explicit Sheet(std::string_view title) : page_(title) {}

  void Heading(std::string_view text, float size) {
    Room(size + 16);
    y_ += size + 6;
    page_.FittedText(kLeft, y_, kWidth, text, {.size = size, .weight = TextWeight::kBold});
    y_ += 6;
  }

  void Line(std::string_view text, TextWeight weight = TextWeight::kPlain) {
    Room(11);
    y_ += 10;
    page_.FittedText(kLeft, y_, kWidth, text, {.size = 8, .weight = weight});
  }

  void Rule() {
    Room(6);
    y_ += 4;
    page_.Line(kLeft, y_, kLeft + kWidth, y_, 0.85F);
  }

  Result<std::string> Save() { return page_.Save(); }

 private:
  static constexpr float kLeft = 34;
  static constexpr float kWidth = PdfPage::kA5Width - 2 * kLeft;
  static constexpr float kBottom = PdfPage::kA5Height - 34;

  void Room(float height) {
    if (y_ + height > kBottom) {
      page_.NextPage();
      y_ = 30;
    }
  }

  PdfPage page_;
  float y_ = 30;
};

void WriteSection(Sheet& sheet, const Section& section) {
  if (section.rows.empty()) {
    return;
  }
  constexpr std::size_t kMostInLine = 90;
  sheet.Heading(section.table->title, 10);
  for (const std::vector<Cell>& cells : section.rows) {
    std::string line;
    for (const Cell& cell : cells) {
      if (!cell.text || cell.text->empty()) {
        continue;
      }
      const std::string part = std::string(cell.column->name) + ": " + *cell.text;
      if (!line.empty() && line.size() + part.size() > kMostInLine) {
        sheet.Line(line);
        line.clear();
      }
      line += (line.empty() ? "" : "   ") + part;
    }
    sheet.Line(line);
    sheet.Rule();
  }
}

}  // namespace

Result<std::string> PersonExportJson(Tx& tx, const Agency& agency, std::int64_t person_id,
                                     Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto human, ReadHuman(tx, agency, person_id));
  JsonWriter json;
  json.BeginObject().Key("person_id").Integer(human.front().person_id);
  json.Key("made_at").Text(now.ToString()).Key("persons").BeginList();
  for (const PersonData& person : human) {
    json.BeginObject().Key("person_id").Integer(person.person_id);
    for (const Section& section : person.sections) {
      AddSection(json, section);
    }
    json.EndObject();
  }
  json.EndList().EndObject();
  return json.Take();
}

Result<std::string> PersonExportPdf(Tx& tx, const Agency& agency, std::int64_t person_id,
                                    Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto human, ReadHuman(tx, agency, person_id));
  Sheet sheet("Data Anda / Your data");
  sheet.Heading("Semua data Anda yang tersimpan / All that is stored about you", 13);
  sheet.Line("Dibuat / made: " + now.ToString());
  sheet.Line("Salah? Minta perbaikan di kantor cabang. / Wrong? Ask the branch for a correction.");
  for (const PersonData& person : human) {
    sheet.Heading("Orang / person " + std::to_string(person.person_id), 11);
    for (const Section& section : person.sections) {
      WriteSection(sheet, section);
    }
  }
  return sheet.Save();
}

std::span<const ExportedTable> ExportedTables() {
  static const auto known = [] {
    std::array<ExportedTable, std::size(kTables) + std::size(kLeftOut)> all{};
    for (std::size_t i = 0; i < std::size(kTables); ++i) {
      all[i] = {kTables[i].table, nullptr};
    }
    for (std::size_t i = 0; i < std::size(kLeftOut); ++i) {
      all[std::size(kTables) + i] = kLeftOut[i];
    }
    return all;
  }();
  return known;
}

}  // namespace jaring
