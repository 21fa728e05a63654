#include "channels/cli/list_command.h"

#include <fmt/core.h>

#include "channels/cli/agency_run.h"
#include "channels/json/person_json.h"
#include "channels/text/json_writer.h"
#include "insight/journal_report.h"
#include "registry/look_alike.h"

namespace jaring {
namespace {

constexpr std::int64_t kListed = 1'000;

/// One line of a list: the same cells as text and as JSON.
struct Cell {
  const char* name;
  std::string text;
  int width;  // Negative: to the right.
};

void PrintRows(const CliContext& context, const std::vector<std::vector<Cell>>& rows) {
  JsonWriter json;
  json.BeginList();
  for (const auto& row : rows) {
    json.BeginObject();
    std::string line;
    for (const Cell& cell : row) {
      json.Key(cell.name).Text(cell.text);
      line += cell.width < 0 ? fmt::format("{:>{}}  ", cell.text, -cell.width)
                             : fmt::format("{:<{}}  ", cell.text, cell.width);
    }
    json.EndObject();
    if (!context.options().json) {
      fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
    }
  }
  json.EndList();
  if (context.options().json) {
    fmt::print("{}\n", json.Take());
  }
}

using Rows = std::vector<std::vector<Cell>>;

/// Reads the rows of a list and prints them.
int ListRows(const CliContext& context, const std::function<Result<Rows>(Tx&)>& read) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const Rows rows, read(tx));
      PrintRows(context, rows);
      return Done{};
    });
  });
}

void PrintBillText(const Bill& bill) {
  fmt::print("kode iuran / bill code  {}   nomor peserta / member number  {}\n", bill.bill_code,
             bill.member.ToString());
  for (const MonthPrice& month : bill.months) {
    fmt::print("  {}", month.month.ToString());
    for (const Programme programme : kProgrammes) {
      fmt::print("  {} {:>7}", ProgrammeCode(programme), FormatRupiah(month.due[programme]));
    }
    fmt::print("  = {:>9}\n", FormatRupiah(month.due.total()));
  }
  fmt::print("  jumlah / total  Rp {}\n  saldo / credit  Rp {}\n  bayar / to pay  Rp {}\n",
             FormatRupiah(bill.total), FormatRupiah(bill.credit), FormatRupiah(bill.to_pay));
  fmt::print("  jatuh tempo / due  {}\n", bill.due ? bill.due->ToString() : "-");
}

}  // namespace

int BranchList(const CliContext& context) {
  return ListRows(context, [](Tx& tx) -> Result<Rows> {
    JARING_ASSIGN_OR_RETURN(const auto branches, ListBranches(tx));
    Rows rows;
    for (const Branch& branch : branches) {
      rows.push_back({{"code", branch.code, 28}, {"name", branch.name, 0}});
    }
    return rows;
  });
}

int GroupList(const CliContext& context) {
  return ListRows(context, [](Tx& tx) -> Result<Rows> {
    JARING_ASSIGN_OR_RETURN(const auto groups, ListGroups(tx));
    Rows rows;
    for (const Group& group : groups) {
      rows.push_back({{"code", group.code, 28},
                      {"kind", std::string(GroupKindCode(group.kind)), 12},
                      {"payer", std::string(PayerCode(group.payer)), 10},
                      {"name", group.name, 0}});
    }
    return rows;
  });
}

int PartnerList(const CliContext& context) {
  return ListRows(context, [](Tx& tx) -> Result<Rows> {
    JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
    Rows rows;
    for (const Partner& partner : partners) {
      rows.push_back({{"code", partner.code, 28}, {"name", partner.name, 0}});
    }
    return rows;
  });
}

int DuplicateList(const CliContext& context) {
  return ListRows(context, [](Tx& tx) -> Result<Rows> {
    JARING_ASSIGN_OR_RETURN(const auto pairs, ListLookAlikes(tx, kListed));
    Rows rows;
    for (const LookAlikes& pair : pairs) {
      rows.push_back({{"member_number", MemberNumber{pair.person_id, 1}.ToString(), 11},
                      {"other_member_number", MemberNumber{pair.other_person_id, 1}.ToString(), 11},
                      {"village_code", std::to_string(pair.village_code), 10},
                      {"name", pair.name, 0}});
    }
    return rows;
  });
}

int PrintBill(const CliContext& context, const BillRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const MemberNumber member,
                              FindMember(tx, open.agency(), request.who));
      JARING_ASSIGN_OR_RETURN(
          const Bill bill,
          MakeBill(tx, open.agency(), member, context.now().JakartaDate(), request.months));
      if (context.options().json) {
        fmt::print("{}\n", BillJson(bill));
      } else {
        PrintBillText(bill);
      }
      return Done{};
    });
  });
}

int JournalList(const CliContext& context, const std::string& month_text) {
  auto month = Result<Month>(context.now().JakartaDate().month());
  if (!month_text.empty()) {
    month = Month::Parse(month_text);
  }
  if (!month) {
    return RefuseCommand(context, month.error());
  }
  return ListRows(context, [&](Tx& tx) -> Result<Rows> {
    JARING_ASSIGN_OR_RETURN(const auto lines, ListJournal(tx, *month));
    Rows rows;
    for (const JournalLine& line : lines) {
      const bool debit = line.amount > Money();
      rows.push_back({{"business_day", line.business_day.ToString(), 10},
                      {"partner", line.partner, 16},
                      {"account", AccountText(line.account), 28},
                      {"debit", debit ? FormatRupiah(line.amount) : "", -15},
                      {"credit", debit ? "" : FormatRupiah(-line.amount), -15}});
    }
    return rows;
  });
}

}  // namespace jaring
