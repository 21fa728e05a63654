#include "claims/claim_facts.h"

#include <algorithm>

#include "base/text.h"
#include "rules/claim_words.h"

namespace jaring {
namespace {

constexpr std::size_t kMostOfAKind = 100;
constexpr std::size_t kMostPayees = 20;
constexpr std::int64_t kWhole = 1'000'000;  // Ppm.
constexpr std::int64_t kMostRupiah = 1'000'000'000'000;

Error Malformed(std::string_view what) {
  return Invalid("claim.facts_malformed", std::string(what));
}

/// "key value" a line.
class LineWriter {
 public:
  void Add(std::string_view key, std::string_view value) {
    text_ += std::string(key) + " " + std::string(value) + "\n";
  }
  void Add(std::string_view key, std::int64_t value) { Add(key, std::to_string(value)); }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

/// "-" for nothing.
std::string PpmWord(const std::optional<Rate>& rate) {
  return rate ? std::to_string(rate->ppm()) : "-";
}

std::string RupiahWord(const std::optional<Money>& amount) {
  return amount ? std::to_string(amount->rupiah()) : "-";
}

/// One line, read word by word.
class LineWords {
 public:
  explicit LineWords(std::string_view line) : words_(Split(line, ' ')) {}

  std::string_view key() const { return words_[0]; }
  /// The word at a place after the key.
  std::string_view Word(std::size_t place) {
    if (place + 1 >= words_.size()) {
      is_good_ = false;
      return {};
    }
    return words_[place + 1];
  }
  std::int64_t Number(std::size_t place, std::int64_t most) {
    const auto number = ParseInteger(Word(place));
    if (!number || *number < 0 || *number > most) {
      is_good_ = false;
      return 0;
    }
    return *number;
  }
  std::optional<Rate> Ppm(std::size_t place) {
    return Word(place) == "-" ? std::nullopt : std::optional(Rate::FromPpm(Number(place, kWhole)));
  }
  std::optional<Money> Rupiah(std::size_t place) {
    return Word(place) == "-" ? std::nullopt
                              : std::optional(Money::FromRupiah(Number(place, kMostRupiah)));
  }
  Date Day(std::size_t place) {
    const auto day = Date::Parse(Word(place));
    is_good_ = is_good_ && day;
    return day ? *day : Date::FromYearMonthDay(1900, 1, 1);
  }
  template <typename T>
  T Code(std::size_t place, std::optional<T> (*find)(std::string_view), T otherwise) {
    const auto found = find(Word(place));
    is_good_ = is_good_ && found;
    return found.value_or(otherwise);
  }
  /// Everything from a place on.
  std::string Rest(std::size_t place) {
    std::string text(Word(place));
    for (std::size_t i = place + 2; i < words_.size(); ++i) {
      text += " " + std::string(words_[i]);
    }
    return text;
  }
  bool is_good() const { return is_good_; }

 private:
  std::vector<std::string_view> words_;
  bool is_good_ = true;
};

bool ReadFact(LineWords& line, ClaimFacts& facts) {
  const std::string_view key = line.key();
  if (key == "kind") {
    facts.kind = line.Code(0, FindClaimKind, ClaimKind::kDeath);
  } else if (key == "on") {
    facts.on = line.Day(0);
  } else if (key == "outcome") {
    facts.outcome = line.Code(0, FindAccidentOutcome, AccidentOutcome::kInTreatment);
  } else if (key == "spent") {
    facts.spent.push_back(
        {std::string(line.Word(0)), line.Rupiah(1).value_or(Money()), line.Rupiah(2)});
  } else if (key == "unable") {
    facts.months_unable = static_cast<int>(line.Number(0, 600));
    facts.days_unable = static_cast<int>(line.Number(1, 30));
  } else if (key == "disability") {
    facts.disabilities.push_back({std::string(line.Word(0)), line.Ppm(1), line.Ppm(2)});
  } else if (key == "established") {
    facts.established_on = line.Day(0);
    facts.established_told = line.Day(1);
  } else if (key == "doctor") {
    facts.doctor = line.Rest(0);
  } else if (key == "children") {
    facts.children = static_cast<int>(line.Number(0, 100));
  } else if (key == "heir") {
    facts.heirs.push_back(line.Code(0, FindRelation, Relation::kSpouse));
  } else if (key == "pupil") {
    facts.pupils.push_back({line.Day(0), std::string(line.Word(1))});
  } else if (key == "married") {
    facts.is_married = true;
  } else if (key == "works") {
    facts.works = true;
  } else if (key == "reason") {
    facts.reason = line.Code(0, FindSavingsReason, SavingsReason::kAge);
  } else if (key == "left") {
    facts.left_on = line.Day(0);
  } else if (key == "asked") {
    facts.asked = line.Rupiah(0);
  } else {
    return false;
  }
  return line.is_good() && facts.spent.size() <= kMostOfAKind &&
         facts.disabilities.size() <= kMostOfAKind && facts.heirs.size() <= kMostOfAKind &&
         facts.pupils.size() <= kMostOfAKind;
}

bool IsCapitalsAndDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z'); });
}

bool IsPrintable(std::string_view text) {
  return IsUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
         });
}

}  // namespace

ClaimEvents EventsOf(const ClaimFacts& facts) {
  if (facts.kind == ClaimKind::kDeath) {
    return ClaimEvents().With(ClaimEvent::kDeath);
  }
  if (facts.kind == ClaimKind::kScholarship) {
    return ClaimEvents().With(ClaimEvent::kScholarship);
  }
  if (facts.kind == ClaimKind::kIncapacity) {
    return ClaimEvents().With(ClaimEvent::kIncapacity);
  }
  if (facts.kind == ClaimKind::kSavings) {
    return ClaimEvents().With(facts.reason == SavingsReason::kHousing ? ClaimEvent::kSavingsHousing
                              : facts.reason == SavingsReason::kOther ? ClaimEvent::kSavingsOther
                                                                      : ClaimEvent::kWholeSavings);
  }
  const ClaimEvents accident = ClaimEvents().With(ClaimEvent::kAccident);
  switch (facts.outcome) {
    case AccidentOutcome::kDied:
      return accident.With(ClaimEvent::kAccidentDeath);
    case AccidentOutcome::kTotalDisability:
      return accident.With(ClaimEvent::kTotalDisability);
    case AccidentOutcome::kPartialDisability:
      return accident.With(ClaimEvent::kPartialAnatomical).With(ClaimEvent::kPartialFunctional);
    case AccidentOutcome::kInTreatment:
    case AccidentOutcome::kRecovered:
      break;
  }
  return accident;
}

bool IsDoctorName(std::string_view text) {
  return text.size() <= ClaimFacts::kMostDoctor && IsPrintable(text) && Trim(text) == text;
}

std::string WriteFacts(const ClaimFacts& facts) {
  LineWriter lines;
  lines.Add("kind", ClaimKindCode(facts.kind));
  lines.Add("on", facts.on.ToString());
  if (facts.kind == ClaimKind::kAccident) {
    lines.Add("outcome", AccidentOutcomeCode(facts.outcome));
    for (const Spending& each : facts.spent) {
      lines.Add("spent",
                each.benefit + " " + RupiahWord(each.spent) + " " + RupiahWord(each.price));
    }
    lines.Add("unable",
              std::to_string(facts.months_unable) + " " + std::to_string(facts.days_unable));
    for (const DisabilityFinding& each : facts.disabilities) {
      lines.Add("disability", each.code + " " + PpmWord(each.loss) + " " + PpmWord(each.assessed));
    }
    if (facts.established_on && facts.established_told) {
      lines.Add("established",
                facts.established_on->ToString() + " " + facts.established_told->ToString());
    }
    if (!facts.doctor.empty()) {
      lines.Add("doctor", facts.doctor);
    }
  }
  if (facts.kind == ClaimKind::kAccident || facts.kind == ClaimKind::kDeath) {
    lines.Add("children", facts.children);
  }
  for (const PupilTold& pupil : facts.pupils) {
    lines.Add("pupil", pupil.birth.ToString() + " " + pupil.level);
  }
  if (facts.is_married) {
    lines.Add("married", "yes");
  }
  if (facts.works) {
    lines.Add("works", "yes");
  }
  for (const Relation heir : facts.heirs) {
    lines.Add("heir", RelationCode(heir));
  }
  if (facts.kind == ClaimKind::kSavings) {
    lines.Add("reason", SavingsReasonCode(facts.reason));
    if (facts.left_on) {
      lines.Add("left", facts.left_on->ToString());
    }
    if (facts.asked) {
      lines.Add("asked", facts.asked->rupiah());
    }
  }
  return lines.Take();
}

Result<ClaimFacts> ReadFacts(std::string_view text) {
  ClaimFacts facts;
  for (const std::string_view each : Split(text, '\n')) {
    LineWords line(each);
    if (!each.empty() && !ReadFact(line, facts)) {
      return Malformed(line.key());
    }
  }
  return facts;
}

Result<Done> CheckPayees(const std::vector<ClaimPayee>& payees) {
  if (payees.empty()) {
    return Invalid("payee.none");
  }
  if (payees.size() > kMostPayees) {
    return Invalid("payee.too_many");
  }
  std::int64_t shares = 0;
  for (const ClaimPayee& payee : payees) {
    if (payee.name.empty() || payee.name.size() > 140 || !IsPrintable(payee.name) ||
        Trim(payee.name) != payee.name) {
      return Invalid("payee.name_malformed");
    }
    if (payee.institution.size() < 2 || payee.institution.size() > 11 ||
        !IsCapitalsAndDigits(payee.institution)) {
      return Invalid("payee.institution_malformed");
    }
    if (payee.account.size() < 5 || payee.account.size() > 34 ||
        !IsCapitalsAndDigits(payee.account)) {
      return Invalid("payee.account_malformed");
    }
    if (payee.share.ppm() < 1) {
      return Invalid("payee.shares_wrong");
    }
    shares += payee.share.ppm();
  }
  return shares == kWhole ? Result<Done>(Done{}) : Invalid("payee.shares_wrong");
}

std::string WritePayees(const std::vector<ClaimPayee>& payees) {
  LineWriter lines;
  for (const ClaimPayee& payee : payees) {
    lines.Add("payee", std::to_string(payee.share.ppm()) + " " +
                           (payee.relation ? std::string(RelationCode(*payee.relation)) : "-") +
                           " " + payee.institution + " " + payee.account + " " + payee.name);
  }
  return lines.Take();
}

Result<std::vector<ClaimPayee>> ReadPayees(std::string_view text) {
  std::vector<ClaimPayee> payees;
  for (const std::string_view each : Split(text, '\n')) {
    if (each.empty()) {
      continue;
    }
    LineWords line(each);
    ClaimPayee payee;
    payee.share = Rate::FromPpm(line.Number(0, kWhole));
    if (line.Word(1) != "-") {
      payee.relation = line.Code(1, FindRelation, Relation::kSpouse);
    }
    payee.institution = line.Word(2);
    payee.account = line.Word(3);
    payee.name = line.Rest(4);
    if (!line.is_good()) {
      return Malformed(line.key());
    }
    payees.push_back(std::move(payee));
  }
  return payees;
}

bool IsOfPupil(const ClaimPayee& payee) {
  return payee.relation == Relation::kChild || payee.relation == Relation::kGuardian;
}

std::vector<Money> ShareOut(Money net, const std::vector<ClaimPayee>& payees) {
  std::vector<Money> amounts;
  Money left = net;
  for (const ClaimPayee& payee : payees) {
    amounts.push_back(Share(net, payee.share, Rounding::kDown));
    left -= amounts.back();
  }
  if (!amounts.empty()) {
    amounts.front() += left;
  }
  return amounts;
}

}  // namespace jaring
