#pragma once

// The JSON of a person, with or without her identity, of her bill and of her payments.

#include <string>
#include <vector>

#include "channels/text/json_writer.h"
#include "collection/bill.h"
#include "collection/member_view.h"
#include "collection/payment_view.h"
#include "registry/person_record.h"

namespace jaring {

/// Whether names, NIK, phone and birth date leave in full.
enum class Identity : std::uint8_t { kMasked, kFull };

/// A birth date in full, or its year.
std::string BirthText(Date birth_date, Identity identity);

/// {"person_id","masked","nik","name","birth_date","sex","village","phone","language",…,
/// "memberships":[…],"cover":{…},"credit","next_due"}. A masked birth date is the year.
std::string PersonJson(const PersonRecord& person, const MemberView& view, Identity identity);

/// One found person, as an element of a list; the NIK is masked for everyone.
void AddFoundPerson(JsonWriter& json, const PersonRecord& person, Identity identity);

/// {"bill_code","member_number","months":[…],"total","credit","to_pay","due"}.
std::string BillJson(const Bill& bill);

/// {"partner","reference","status",…}, as an element of a list or an answer of its own.
void AddPayment(JsonWriter& json, const PaymentView& payment);

}  // namespace jaring
