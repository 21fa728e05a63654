#include "channels/http/claim_body.h"

#include <functional>

#include "base/text.h"
#include "channels/http/body_fields.h"
#include "rules/claim_words.h"

namespace jaring {
namespace {

constexpr std::int64_t kMostRupiah = 1'000'000'000'000;
constexpr std::int64_t kWhole = 1'000'000;  // Ppm.
constexpr std::size_t kMostOfAKind = 100;

/// A word of a list of ours.
template <typename T>
std::optional<T> ReadWord(FieldReader& reader, std::string_view field, Need need,
                          std::optional<T> (*find)(std::string_view), std::string_view rule) {
  const auto word = reader.Text(field, need);
  if (!word) {
    return std::nullopt;
  }
  const std::optional<T> found = find(*word);
  if (!found) {
    reader.Refuse(field, rule);
  }
  return found;
}

std::optional<std::int64_t> ReadNumber(FieldReader& reader, std::string_view field, Need need,
                                       std::int64_t most) {
  const auto number = reader.Integer(field, need);
  if (number && (*number < 0 || *number > most)) {
    reader.Refuse(field, "claim.number_out_of_range");
    return std::nullopt;
  }
  return number;
}

std::optional<Rate> ReadPpm(FieldReader& reader, std::string_view field) {
  const auto ppm = ReadNumber(reader, field, Need::kOptional, kWhole);
  return ppm ? std::optional(Rate::FromPpm(*ppm)) : std::nullopt;
}

std::optional<Money> ReadRupiah(FieldReader& reader, std::string_view field, Need need) {
  const auto rupiah = ReadNumber(reader, field, need, kMostRupiah);
  return rupiah ? std::optional(Money::FromRupiah(*rupiah)) : std::nullopt;
}

/// Each object of a list, read by `read`.
void EachItem(FieldReader& reader, std::string_view field, std::vector<FieldProblem>& problems,
              const std::function<void(FieldReader&)>& read) {
  const JsonValue* list = reader.List(field, Need::kOptional);
  if (list == nullptr) {
    return;
  }
  if (list->items.size() > kMostOfAKind) {
    reader.Refuse(field, "claim.number_out_of_range");
    return;
  }
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    FieldReader item(list->items[i], reader.PointerTo(field) + "/" + std::to_string(i), problems);
    read(item);
    item.Finish();
  }
}

void ReadAccident(FieldReader& reader, ClaimFacts& facts, std::vector<FieldProblem>& problems) {
  facts.outcome =
      ReadWord(reader, "outcome", Need::kOptional, FindAccidentOutcome, "claim.outcome_unknown")
          .value_or(AccidentOutcome::kInTreatment);
  EachItem(reader, "spent", problems, [&](FieldReader& item) {
    Spending spending;
    spending.benefit = item.Text("benefit", Need::kRequired).value_or("");
    spending.spent = ReadRupiah(item, "rupiah", Need::kRequired).value_or(Money());
    spending.price = ReadRupiah(item, "price", Need::kOptional);
    if (!IsSlug(spending.benefit)) {
      item.Refuse("benefit", "entitlement.benefit_unknown");
    }
    facts.spent.push_back(std::move(spending));
  });
  facts.months_unable =
      static_cast<int>(ReadNumber(reader, "months_unable", Need::kOptional, 600).value_or(0));
  facts.days_unable =
      static_cast<int>(ReadNumber(reader, "days_unable", Need::kOptional, 30).value_or(0));
  EachItem(reader, "disabilities", problems, [&](FieldReader& item) {
    DisabilityFinding finding;
    finding.code = item.Text("code", Need::kRequired).value_or("");
    finding.loss = ReadPpm(item, "loss_ppm");
    finding.assessed = ReadPpm(item, "assessed_ppm");
    if (!IsSlug(finding.code)) {
      item.Refuse("code", "entitlement.disability_unknown");
    }
    facts.disabilities.push_back(std::move(finding));
  });
  facts.doctor = reader.Text("doctor", Need::kOptional).value_or("");
  if (const auto on = reader.Text("established_on", Need::kOptional)) {
    facts.established_on = Checked(reader, "established_on", Date::Parse(*on));
  }
}

void ReadHeirs(FieldReader& reader, ClaimFacts& facts) {
  const JsonValue* list = reader.List("heirs", Need::kOptional);
  if (list == nullptr) {
    return;
  }
  for (const JsonValue& item : list->items) {
    const auto relation =
        item.kind == JsonValue::Kind::kText ? FindRelation(item.text) : std::nullopt;
    if (!relation || facts.heirs.size() >= kMostOfAKind) {
      reader.Refuse("heirs", "claim.relation_unknown");
      return;
    }
    facts.heirs.push_back(*relation);
  }
}

void ReadPupils(FieldReader& reader, ClaimFacts& facts, std::vector<FieldProblem>& problems) {
  EachItem(reader, "pupils", problems, [&](FieldReader& item) {
    PupilTold pupil;
    if (const auto birth = item.Text("birth", Need::kRequired)) {
      pupil.birth = Checked(item, "birth", Date::Parse(*birth)).value_or(pupil.birth);
    }
    pupil.level = item.Text("level", Need::kRequired).value_or("");
    if (!IsSlug(pupil.level)) {
      item.Refuse("level", "scholarship.level_unknown");
    }
    facts.pupils.push_back(std::move(pupil));
  });
}

}  // namespace

std::optional<ClaimFacts> ReadFactsField(FieldReader& reader, Need need,
                                         std::vector<FieldProblem>& problems) {
  const JsonValue* object = reader.Object("facts", need);
  if (object == nullptr) {
    return std::nullopt;
  }
  ClaimFacts facts;
  FieldReader told(*object, reader.PointerTo("facts"), problems);
  const auto kind = ReadWord(told, "kind", Need::kRequired, FindClaimKind, "claim.kind_unknown");
  facts.kind = kind.value_or(ClaimKind::kDeath);
  if (const auto on = told.Text("on", Need::kRequired)) {
    facts.on = Checked(told, "on", Date::Parse(*on)).value_or(facts.on);
  }
  if (facts.kind == ClaimKind::kAccident) {
    ReadAccident(told, facts, problems);
  }
  if (facts.kind == ClaimKind::kSavings) {
    facts.reason =
        ReadWord(told, "reason", Need::kRequired, FindSavingsReason, "claim.reason_unknown")
            .value_or(SavingsReason::kAge);
    if (const auto left_on = told.Text("left_on", Need::kOptional)) {
      facts.left_on = Checked(told, "left_on", Date::Parse(*left_on));
    }
    facts.asked = ReadRupiah(told, "asked", Need::kOptional);
  } else if (!IsInstalment(facts.kind)) {
    facts.children =
        static_cast<int>(ReadNumber(told, "children", Need::kOptional, 100).value_or(0));
    ReadPupils(told, facts, problems);
  }
  if (facts.kind == ClaimKind::kScholarship) {
    ReadPupils(told, facts, problems);
    facts.is_married = told.Bool("married", Need::kOptional).value_or(false);
    facts.works = told.Bool("works", Need::kOptional).value_or(false);
  }
  ReadHeirs(told, facts);
  told.Finish();
  return facts;
}

std::optional<std::vector<ClaimPayee>> ReadPayeesField(FieldReader& reader,
                                                       std::vector<FieldProblem>& problems) {
  std::vector<ClaimPayee> payees;
  EachItem(reader, "payees", problems, [&](FieldReader& item) {
    ClaimPayee payee;
    payee.name = item.Text("name", Need::kRequired).value_or("");
    payee.relation =
        ReadWord(item, "relation", Need::kOptional, FindRelation, "claim.relation_unknown");
    payee.institution = item.Text("institution", Need::kRequired).value_or("");
    payee.account = item.Text("account", Need::kRequired).value_or("");
    payee.share = ReadPpm(item, "share_ppm").value_or(Rate::FromPpm(kWhole));
    payees.push_back(std::move(payee));
  });
  return payees.empty() ? std::nullopt : std::optional(std::move(payees));
}

}  // namespace jaring
