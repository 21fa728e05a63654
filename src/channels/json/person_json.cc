#include "channels/json/person_json.h"

#include "channels/json/member_json.h"
#include "channels/text/masking.h"

namespace jaring {
namespace {

template <typename T>
void AddText(JsonWriter& json, std::string_view key, const std::optional<T>& value) {
  json.Key(key);
  value ? json.Text(value->ToString()) : json.Null();
}

std::string NameText(const PersonRecord& person, Identity identity) {
  return identity == Identity::kFull ? person.name : MaskedName(person.name);
}

void AddVillage(JsonWriter& json, const PersonRecord& person) {
  json.Key("village").BeginObject();
  json.Key("code").Text(std::to_string(person.village_code));
  json.Key("name").Text(person.village_name).EndObject();
}

void AddParts(JsonWriter& json, const ByProgramme& parts) {
  json.Key("programmes").BeginObject();
  for (const Programme programme : kProgrammes) {
    if (!parts[programme].is_zero()) {
      json.Key(ProgrammeCode(programme)).Integer(parts[programme].rupiah());
    }
  }
  json.EndObject();
}

void AddMembership(JsonWriter& json, const MembershipRecord& record) {
  const Membership& m = record.membership;
  json.BeginObject();
  json.Key("member_number").Text(m.member.ToString());
  json.Key("bill_code").Text(BillCodeOf(m.member));
  json.Key("acquired_on").Text(m.spell.acquired_on.ToString());
  json.Key("programmes").BeginList();
  for (const Programme programme : kProgrammes) {
    if (m.terms.programmes.Has(programme)) {
      json.Text(ProgrammeCode(programme));
    }
  }
  json.EndList();
  json.Key("income").Integer(m.terms.income.rupiah());
  json.Key("trade").Integer(m.trade);
  json.Key("payer").Text(PayerCode(m.terms.payer));
  json.Key("branch").Text(record.branch);
  json.Key("branch_name").Text(record.branch_name);
  json.Key("group");
  record.group.empty() ? json.Null() : json.Text(record.group);
  json.Key("door").Text(DoorCode(record.door));
  AddText(json, "first_month", m.spell.first_month);
  AddText(json, "paid_through", m.spell.paid_through);
  AddText(json, "cover_from", m.cover_from);
  AddText(json, "ended_on", m.ended_on);
  json.Key("end_reason");
  record.end_reason ? json.Text(EndReasonCode(*record.end_reason)) : json.Null();
  json.EndObject();
}

}  // namespace

std::string BirthText(Date birth_date, Identity identity) {
  return identity == Identity::kFull ? birth_date.ToString() : std::to_string(birth_date.year());
}

std::string PersonJson(const PersonRecord& person, const MemberView& view, Identity identity) {
  const bool full = identity == Identity::kFull;
  JsonWriter json;
  json.BeginObject();
  json.Key("person_id").Integer(person.person_id);
  json.Key("masked").Bool(!full);
  json.Key("nik").Text(full ? person.nik : MaskedNik(person.nik));
  json.Key("name").Text(NameText(person, identity));
  json.Key("birth_date").Text(BirthText(person.birth_date, identity));
  json.Key("sex").Text(person.sex == Sex::kMale ? "male" : "female");
  AddVillage(json, person);
  json.Key("phone");
  person.phone ? json.Text(full ? *person.phone : MaskedPhone(*person.phone)) : json.Null();
  json.Key("language").Text(person.language);
  json.Key("registered_at").Text(person.created_at.ToString());
  json.Key("warnings").BeginList();
  for (const WarningWords& words : WordsOf(person.warnings)) {
    json.Text(words.rule);
  }
  json.EndList();
  json.Key("memberships").BeginList();
  for (const MembershipRecord& record : person.memberships) {
    AddMembership(json, record);
  }
  json.EndList();
  json.Key("cover").BeginObject();
  json.Key("on").Text(view.coverage.on.ToString());
  AddCover(json, view);
  json.EndObject();
  json.Key("credit").Integer(view.credit.rupiah());
  AddText(json, "next_due", view.coverage.next_due);
  json.EndObject();
  return json.Take();
}

void AddFoundPerson(JsonWriter& json, const PersonRecord& person, Identity identity) {
  const MemberNumber& member = person.memberships.back().membership.member;
  json.BeginObject();
  json.Key("person_id").Integer(person.person_id);
  json.Key("member_number").Text(member.ToString());
  json.Key("bill_code").Text(BillCodeOf(member));
  json.Key("nik").Text(MaskedNik(person.nik));
  json.Key("name").Text(NameText(person, identity));
  json.Key("birth_date").Text(BirthText(person.birth_date, identity));
  AddVillage(json, person);
  json.EndObject();
}

std::string BillJson(const Bill& bill) {
  JsonWriter json;
  json.BeginObject();
  json.Key("bill_code").Text(bill.bill_code);
  json.Key("member_number").Text(bill.member.ToString());
  json.Key("months").BeginList();
  for (const MonthPrice& month : bill.months) {
    json.BeginObject();
    json.Key("month").Text(month.month.ToString());
    json.Key("programmes").BeginObject();
    for (const Programme programme : kProgrammes) {
      if (!month.full[programme].is_zero()) {
        json.Key(ProgrammeCode(programme)).Integer(month.due[programme].rupiah());
      }
    }
    json.EndObject();
    json.Key("total").Integer(month.due.total().rupiah());
    json.Key("full").Integer(month.full.total().rupiah());
    json.EndObject();
  }
  json.EndList();
  json.Key("total").Integer(bill.total.rupiah());
  json.Key("credit").Integer(bill.credit.rupiah());
  json.Key("to_pay").Integer(bill.to_pay.rupiah());
  AddText(json, "due", bill.due);
  json.EndObject();
  return json.Take();
}

void AddPayment(JsonWriter& json, const PaymentView& payment) {
  json.BeginObject();
  json.Key("partner").Text(payment.partner);
  json.Key("reference").Text(payment.reference);
  json.Key("status").Text(PaymentStateCode(payment.state));
  json.Key("amount").Integer(payment.amount.rupiah());
  json.Key("paid_at").Text(payment.paid_at.ToString());
  json.Key("posted_at").Text(payment.posted_at.ToString());
  if (payment.person_id == 0) {
    json.Key("rule").Text(payment.reason);
    json.Key("code").Text(payment.code_as_sent);
  } else {
    json.Key("member_number");
    payment.member.membership_seq > 0 ? json.Text(payment.member.ToString()) : json.Null();
    AddText(json, "first_month", payment.first_month);
    json.Key("months").Integer(payment.months);
    AddParts(json, payment.parts);
  }
  json.EndObject();
}

}  // namespace jaring
