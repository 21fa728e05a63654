#include "channels/json/scheme_json.h"

#include "channels/text/json_writer.h"

namespace jaring {
namespace {

void AddSource(JsonWriter& json, const Mark& mark) {
  json.Key("source").Text(mark.source);
  json.Key("confidence").Text(ConfidenceCode(mark.confidence));
}

void AddProgrammes(JsonWriter& json, std::string_view key, ProgrammeSet programmes) {
  json.Key(key).BeginList();
  for (const Programme programme : kProgrammes) {
    if (programmes.Has(programme)) {
      json.Text(ProgrammeCode(programme));
    }
  }
  json.EndList();
}

void AddNames(JsonWriter& json, const std::string& name_id, const std::string& name_en) {
  json.Key("name").BeginObject().Key("id").Text(name_id).Key("en").Text(name_en).EndObject();
}

void AddTrades(JsonWriter& json, const Scheme& scheme) {
  json.Key("sectors").BeginList();
  for (const Sector& sector : scheme.sectors) {
    json.BeginObject().Key("code").Text(sector.code);
    AddNames(json, sector.name_id, sector.name_en);
    json.EndObject();
  }
  json.EndList().Key("trades").BeginList();
  for (const Trade& trade : scheme.trades) {
    json.BeginObject().Key("number").Integer(trade.number).Key("code").Text(trade.code);
    json.Key("sector").Text(scheme.sectors[trade.sector].code);
    AddNames(json, trade.name_id, trade.name_en);
    json.EndObject();
  }
  json.EndList();
}

void AddBrackets(JsonWriter& json, const Scheme& scheme, Month month) {
  json.Key("brackets").BeginList();
  for (const BracketTable& table : scheme.bracket_tables) {
    if (!table.months.Has(month)) {
      continue;
    }
    for (const Bracket& bracket : table.brackets) {
      json.BeginObject().Key("number").Integer(bracket.number);
      json.Key("income_from").Integer(bracket.income_from.rupiah());
      json.Key("base").Integer(bracket.base.rupiah());
      json.Key("JKK").Integer(bracket.jkk.rupiah());
      json.Key("JHT").Integer(bracket.jht.rupiah());
      AddSource(json, bracket.mark);
      json.EndObject();
    }
  }
  json.EndList().Key("flat_contributions").BeginList();
  for (const FlatContribution& flat : scheme.flat_contributions) {
    if (flat.months.Has(month)) {
      json.BeginObject().Key("programme").Text(ProgrammeCode(flat.programme));
      json.Key("amount").Integer(flat.amount.rupiah());
      AddSource(json, flat.mark);
      json.EndObject();
    }
  }
  json.EndList();
}

void AddWageRates(JsonWriter& json, const Scheme& scheme, Month month) {
  json.Key("wage_rates").BeginList();
  for (const WageRate& rate : scheme.wage_rates) {
    if (!rate.months.Has(month)) {
      continue;
    }
    json.BeginObject().Key("programme").Text(ProgrammeCode(rate.programme));
    json.Key("ppm").Integer(rate.rate.ppm());
    json.Key("wage_ceiling");
    rate.wage_ceiling ? json.Integer(rate.wage_ceiling->rupiah()) : json.Null();
    json.Key("risk_class");
    rate.risk_class.empty() ? json.Null() : json.Text(rate.risk_class);
    AddSource(json, rate.mark);
    json.EndObject();
  }
  json.EndList();
}

void AddReliefs(JsonWriter& json, const Scheme& scheme, Month month) {
  json.Key("reliefs").BeginList();
  for (const Relief& relief : scheme.reliefs) {
    if (!relief.months.Has(month)) {
      continue;
    }
    json.BeginObject().Key("code").Text(relief.id);
    AddNames(json, relief.name_id, relief.name_en);
    AddProgrammes(json, "programmes", relief.programmes);
    json.Key("pays_ppm").Integer(relief.pays.ppm());
    json.Key("sectors").BeginList();
    for (std::size_t i = 0; i < scheme.sectors.size(); ++i) {
      if ((relief.sectors >> i & 1U) != 0) {
        json.Text(scheme.sectors[i].code);
      }
    }
    json.EndList().Key("government_excluded").Bool(relief.government_excluded);
    AddSource(json, relief.mark);
    json.EndObject();
  }
  json.EndList();
}

void AddNumber(JsonWriter& json, std::string_view key, const std::vector<DatedNumber>& rows,
               Month month) {
  const DatedNumber* row = FindNumber(rows, month);
  json.Key(key);
  row == nullptr ? json.Null() : json.Integer(row->value);
}

}  // namespace

std::string SchemeJson(const Scheme& scheme, Date on) {
  const Month month = on.month();
  const Parameters& numbers = scheme.parameters;
  JsonWriter json;
  json.BeginObject().Key("code").Text(scheme.code);
  AddNames(json, scheme.name_id, scheme.name_en);
  json.Key("on").Text(on.ToString());
  AddProgrammes(json, "compulsory", scheme.compulsory);
  AddProgrammes(json, "optional", scheme.optional);
  json.Key("numbers").BeginObject();
  AddNumber(json, "grace_months", numbers.grace_months, month);
  AddNumber(json, "joining_age_below", numbers.joining_age_below, month);
  AddNumber(json, "prepayment_months", numbers.prepayment_months, month);
  AddNumber(json, "due_day", numbers.due_day, month);
  json.EndObject();
  AddTrades(json, scheme);
  AddBrackets(json, scheme, month);
  AddWageRates(json, scheme, month);
  AddReliefs(json, scheme, month);
  AddSource(json, scheme.mark);
  json.EndObject();
  return json.Take();
}

}  // namespace jaring
