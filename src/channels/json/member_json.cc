#include "channels/json/member_json.h"

namespace jaring {
namespace {

void AddDate(JsonWriter& json, std::string_view key, const std::optional<Date>& date) {
  json.Key(key);
  date ? json.Text(date->ToString()) : json.Null();
}

void AddFigures(JsonWriter& json, const CoverageFigures& figures) {
  json.Key("registered").Integer(figures.registered);
  json.Key("paid").Integer(figures.paid);
  json.Key("active").Integer(figures.active);
  json.Key("grace").Integer(figures.grace);
  json.Key("lapsed").Integer(figures.lapsed);
  json.Key("ended").Integer(figures.ended);
  json.Key("joined").Integer(figures.joined);
  json.Key("returned").Integer(figures.returned);
  json.Key("lost").Integer(figures.lost);
  json.Key("left").Integer(figures.left);
  json.Key("months").Integer(figures.months);
  json.Key("received").Integer(figures.received.rupiah());
}

void AddPart(JsonWriter& json, const PartName& part) {
  json.BeginObject().Key("code").Text(part.code).Key("name").Text(part.name).EndObject();
}

void AddPart(JsonWriter& json, std::string_view key, const std::optional<PartName>& part) {
  json.Key(key);
  if (part) {
    AddPart(json, *part);
  } else {
    json.Null();
  }
}

void AddCauses(JsonWriter& json, const std::optional<LeavingCauses>& causes) {
  json.Key("causes");
  if (!causes) {
    json.Null();
    return;
  }
  json.BeginObject().Key("lapses").BeginList();
  for (const LapseRow& row : causes->lapses) {
    json.BeginObject().Key("payer").Text(PayerCode(row.payer));
    json.Key("from_months").Integer(row.from_months).Key("to_months");
    if (row.to_months) {
      json.Integer(*row.to_months);
    } else {
      json.Null();
    }
    json.Key("lost").Integer(row.lost).EndObject();
  }
  json.EndList().Key("ends").BeginList();
  for (const EndRow& row : causes->ends) {
    json.BeginObject().Key("reason").Text(EndReasonCode(row.reason));
    json.Key("closed").Integer(row.closed).EndObject();
  }
  json.EndList().EndObject();
}

void AddRows(JsonWriter& json, const CoverageReport& report) {
  json.Key("rows").BeginList();
  for (const CoverageReportRow& row : report.rows) {
    json.BeginObject().Key("code").Text(row.code).Key("name").Text(row.name);
    AddFigures(json, row.figures);
    json.EndObject();
  }
  json.EndList();
}

}  // namespace

CoverageState OverallState(const MemberView& view) {
  // JKK is in every membership; whoever has it covered is covered.
  return view.coverage[Programme::kJkk].state;
}

void AddRestoration(JsonWriter& json, const Restoration& restoration) {
  json.Key("to_pay").BeginObject();
  json.Key("kind").Text(RestorationKindCode(restoration.kind));
  if (restoration.kind != Restoration::Kind::kNotPossible) {
    json.Key("amount").Integer(restoration.total.rupiah());
    json.Key("months").Integer(static_cast<std::int64_t>(restoration.months.size()));
    json.Key("from").Text(restoration.covered_from.ToString());
    json.Key("until").Text(restoration.covered_until.ToString());
  }
  json.EndObject();
}

void AddCover(JsonWriter& json, const MemberView& view) {
  json.Key("programmes").BeginObject();
  for (const Programme programme : kProgrammes) {
    const ProgrammeCoverage& cover = view.coverage[programme];
    if (view.terms.programmes.Has(programme) || cover.state != CoverageState::kNever) {
      json.Key(ProgrammeCode(programme)).BeginObject();
      json.Key("state").Text(CoverageStateCode(cover.state));
      AddDate(json, "from", cover.from);
      AddDate(json, "until", cover.until);
      json.EndObject();
    }
  }
  json.EndObject();
}

std::string CoverageJson(const MemberView& view, Instant known_at) {
  JsonWriter json;
  json.BeginObject();
  json.Key("member_number").Text(view.member.ToString());
  json.Key("on").Text(view.coverage.on.ToString());
  json.Key("known_at").Text(known_at.ToString());
  json.Key("state").Text(CoverageStateCode(OverallState(view)));
  AddCover(json, view);
  json.Key("months_paid").BeginList();
  for (const Month month : view.coverage.months_paid) {
    json.Text(month.ToString());
  }
  json.EndList();
  json.Key("credit").Integer(view.credit.rupiah());
  AddDate(json, "next_due", view.coverage.next_due);
  AddRestoration(json, view.restoration);
  json.EndObject();
  return json.Take();
}

std::string ReportJson(const CoverageReport& report) {
  constexpr std::size_t kBytesPerRow = 320;
  JsonWriter json((report.rows.size() + 2) * kBytesPerRow);
  json.BeginObject();
  json.Key("month").Text(report.month.ToString());
  AddFigures(json, report.total);
  AddRows(json, report);
  json.EndObject();
  return json.Take();
}

std::string FunnelJson(const FunnelReport& report) {
  JsonWriter json;
  json.BeginObject().Key("month").Text(report.month.ToString());
  AddFigures(json, report.figures);
  json.Key("billed").Integer(report.figures.billed());
  AddCauses(json, report.causes);
  json.EndObject();
  return json.Take();
}

std::string TrendJson(const TrendReport& report) {
  JsonWriter json;
  json.BeginObject().Key("regions").BeginList();
  for (const PartName& region : report.regions) {
    AddPart(json, region);
  }
  json.EndList();
  AddPart(json, "branch", report.branch);
  AddPart(json, "group", report.group);
  json.Key("trend").BeginList();
  for (const CoverageReport& month : report.months) {
    json.BeginObject().Key("month").Text(month.month.ToString());
    AddFigures(json, month.total);
    json.EndObject();
  }
  json.EndList();
  AddRows(json, report.months.back());
  AddCauses(json, report.causes);
  json.EndObject();
  return json.Take();
}

}  // namespace jaring
