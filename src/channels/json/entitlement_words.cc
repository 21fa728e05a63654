#include "channels/json/entitlement_words.h"

#include <fmt/format.h>

#include "channels/json/scheme_words.h"

namespace jaring {
namespace {

std::string Rupiah(std::int64_t amount) {
  return "Rp" + FormatRupiah(Money::FromRupiah(amount));
}

/// One figure with its words, after what joins it to the one before.
std::string FigureText(const WorkedFigure& figure, Term before) {
  const std::int64_t value = figure.value;
  switch (figure.term) {
    case Term::kBase:
      return "dasar (base) " + Rupiah(value);
    case Term::kMultiple:
      return fmt::format(" × {}", value);
    case Term::kShare:
      // On top of a price, not of it.
      return (before == Term::kPrice ? " + " : " × ") + PercentText(Rate::FromPpm(value));
    case Term::kTable:
      return " × tabel (table) " + PercentText(Rate::FromPpm(value));
    case Term::kLoss:
      return " × hilang (lost) " + PercentText(Rate::FromPpm(value));
    case Term::kMonths:
      return fmt::format(" × {} bulan (months)", value);
    case Term::kDays:
      return fmt::format(" {} {} hari (days)", before == Term::kMonths ? "+" : "×", value);
    case Term::kDaysOfMonth:
      return fmt::format(" dari (of) {}", value);
    case Term::kSpent:
      return "kuitansi (receipts) " + Rupiah(value);
    case Term::kPrice:
      return "; harga acuan (reference price) " + Rupiah(value);
    case Term::kBalance:
      return "saldo (balance) " + Rupiah(value);
    case Term::kAsked:
      return "; diminta (asked) " + Rupiah(value);
    case Term::kFree:
      return "bebas (free) " + Rupiah(value) + "; di atasnya (above)";
    case Term::kAtMost:
      return "; paling banyak (at most) " + Rupiah(value);
    case Term::kAtLeast:
      return "; paling sedikit (at least) " + Rupiah(value);
    case Term::kDaysLate:
      return fmt::format(" × {} hari (days)", value);
  }
  JARING_CHECK(false);
}

void AddNamesOf(JsonWriter& json, const EntitledLine& line) {
  const auto joined = [&](const std::string& benefit, const std::string Disability::*name) {
    return benefit + (line.disability != nullptr ? ": " + line.disability->*name : "");
  };
  json.Key("name").BeginObject();
  json.Key("id").Text(joined(line.benefit->name_id, &Disability::name_id));
  json.Key("en").Text(joined(line.benefit->name_en, &Disability::name_en)).EndObject();
}

void AddMark(JsonWriter& json, const Mark& mark) {
  json.Key("source").Text(mark.source);
  json.Key("confidence").Text(ConfidenceCode(mark.confidence));
}

}  // namespace

std::string WorkingText(const Worked& worked) {
  std::string text;
  Term before = Term::kBase;
  for (const WorkedFigure& figure : worked.figures) {
    text += FigureText(figure, before);
    before = figure.term;
  }
  return text;
}

std::string LineText(const EntitledLine& line) {
  std::string text = BothNames(line.benefit->name_id, line.benefit->name_en);
  if (line.disability != nullptr) {
    text += ": " + BothNames(line.disability->name_id, line.disability->name_en);
  }
  return text;
}

void AddWorking(JsonWriter& json, std::string_view key, const Worked& worked) {
  json.Key(key).BeginList();
  for (const WorkedFigure& figure : worked.figures) {
    json.BeginObject().Key("term").Text(TermCode(figure.term));
    json.Key("value").Integer(figure.value);
    if (figure.mark != nullptr) {
      AddMark(json, *figure.mark);
    }
    json.EndObject();
  }
  json.EndList();
}

std::string EntitlementJson(const Entitlement& work) {
  JsonWriter json;
  json.BeginObject().Key("lines").BeginList();
  for (const EntitledLine& line : work.lines) {
    json.BeginObject().Key("benefit").Text(line.benefit->id).Key("disability");
    if (line.disability != nullptr) {
      json.Text(line.disability->code);
    } else {
      json.Null();
    }
    AddNamesOf(json, line);
    json.Key("amount").Integer(line.worked.amount.rupiah());
    AddWorking(json, "working", line.worked);
    json.Key("source").Text(line.row->mark.source);
    json.Key("confidence").Text(ConfidenceCode(line.confidence())).EndObject();
  }
  json.EndList().Key("withheld").BeginList();
  for (const WithheldLine& line : work.withheld) {
    json.BeginObject().Key("benefit").Text(line.benefit->id).Key("rule").Text(line.rule);
    json.EndObject();
  }
  json.EndList().Key("total").Integer(work.total().rupiah()).EndObject();
  return json.Take();
}

std::string SavingsClaimJson(const SavingsClaim& claim) {
  JsonWriter json;
  json.BeginObject().Key("benefit").Text(claim.benefit->id);
  json.Key("gross").Integer(claim.gross.amount.rupiah());
  AddWorking(json, "working", claim.gross);
  json.Key("tax").Integer(claim.tax.amount.rupiah());
  AddWorking(json, "tax_working", claim.tax);
  json.Key("net").Integer(claim.net().rupiah()).EndObject();
  return json.Take();
}

}  // namespace jaring
