#include <array>
#include <random>

#include "golden_bundle.h"
#include "wasm/claim_question.h"

namespace jaring {
namespace {

/// Makes questions from a generator that gives the same numbers on every machine. No
/// std::*_distribution: those differ from library to library.
class Asker {
 public:
  explicit Asker(std::uint64_t seed) : random_(seed) {}

  Answers AskNext(const Scheme& scheme) {
    lines_.clear();
    constexpr std::array<std::string_view, 21> kKinds = {
        "price",       "bill",          "purchase", "restore",  "cover",       "nik",
        "bill-code",   "phone",         "purchase", "brackets", "reliefs",     "benefits",
        "savings",     "accident",      "accident", "death",    "claim-cover", "heirs",
        "scholarship", "savings-claim", "deadline"};
    const std::string_view kind = Pick(kKinds);
    AddTerms(scheme);
    AddSpell();
    Add("month", MonthText());
    Add("paid", DateText(2018, 12));
    Add("birth", DateText(1950, 60));
    Add("money", std::to_string(Below(2) == 0 ? Below(60'000) : Below(3'000'000)));
    Add("months", std::to_string(Below(15)));
    Add("on", DateText(2018, 12));
    AddMemberships();
    Add("nik", Digits(16));
    Add("code", Digits(12));
    Add("phone", "0" + Digits(7 + Below(8)));
    Add("years", std::to_string(Below(63)));
    AddAccident(scheme);
    AddClaim(scheme);
    return AnswerAnyQuestion(scheme, kind, Givens::FromLines(lines_));
  }

 private:
  std::int64_t Below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }

  template <typename Container>
  const typename Container::value_type& Pick(const Container& container) {
    return container[static_cast<std::size_t>(Below(static_cast<std::int64_t>(container.size())))];
  }

  void Add(std::string_view key, std::string_view value) {
    lines_ += std::string(key) + " " + std::string(value) + "\n";
  }

  static std::string Two(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  }

  // One draw a statement from here on: compilers differ in which operand of '+' they begin with.
  std::string MonthText() { return DateText(2018, 12).substr(0, 7); }

  std::string DateText(int year, int years) {
    std::string text = std::to_string(year + Below(years));
    text += "-" + Two(1 + Below(12));
    text += "-" + Two(1 + Below(29));
    return text;
  }

  std::string Span() {
    const Month first = *Month::Parse(MonthText());
    const Month last = first + static_cast<int>(Below(20));
    return first.ToString() + ".." + last.ToString();
  }

  std::string Digits(std::int64_t count) {
    std::string digits;
    for (std::int64_t i = 0; i < count; ++i) {
      digits += static_cast<char>('0' + Below(10));
    }
    return digits;
  }

  void AddTerms(const Scheme& scheme) {
    Add("income", std::to_string(Below(3) == 0 ? Below(2'000'000) : Below(30'000'000)));
    Add("programmes", Below(2) == 0 ? "JKK,JKM" : "JKK,JKM,JHT");
    Add("sector", Pick(scheme.sectors).code);
    constexpr std::array<std::string_view, 5> kPayers = {"self", "self", "self", "government",
                                                         "employer"};
    Add("payer", Pick(kPayers));
  }

  void AddSpell() {
    if (Below(4) != 0) {
      Add("months-paid", Span());
    }
    Add("start", Below(2) == 0 ? "acquisition" : "first-payment");
    Add("acquired", DateText(2018, 12));
  }

  void AddMemberships() {
    const std::int64_t count = Below(4);
    for (std::int64_t seq = 1; seq <= count; ++seq) {
      std::string text = std::to_string(seq);
      text += Below(2) == 0 ? " JKK,JKM " : " JKK,JKM,JHT ";
      text += Span();
      if (Below(3) == 0) {
        text += " ended " + DateText(2018, 12);
      }
      Add("membership", text);
    }
  }

  std::string Rupiah() { return std::to_string(Below(30'000'000)); }

  void AddAccident(const Scheme& scheme) {
    constexpr std::array<std::string_view, 5> kOutcomes = {
        "in_treatment", "recovered", "partial_disability", "total_disability", "died"};
    const std::string_view outcome = Pick(kOutcomes);
    Add("outcome", outcome);
    for (std::int64_t i = Below(3); i > 0; --i) {
      std::string text = Pick(scheme.benefits).id;
      text += " " + Rupiah();
      text += Below(2) == 0 ? " " + Rupiah() : "";
      Add("spent", text);
    }
    std::string unable = std::to_string(Below(20));
    unable += " " + std::to_string(Below(31));
    Add("unable", unable);
    for (std::int64_t i = outcome == "partial_disability" ? 1 + Below(3) : 0; i > 0; --i) {
      const bool is_lost = Below(2) == 0;
      std::string text = Pick(scheme.disabilities).code;
      text += is_lost ? "" : " " + std::to_string(Below(1'000'001));
      Add(is_lost ? "lost" : "lessened", text);
    }
    Add("contribution-months", std::to_string(Below(150)));
    Add("children", std::to_string(Below(4)));
  }

  void AddClaim(const Scheme& scheme) {
    constexpr std::array<std::string_view, 3> kProgrammeCodes = {"JKK", "JKM", "JHT"};
    constexpr std::array<std::string_view, 8> kRelations = {
        "spouse",     "child",   "parent",        "grandparent",
        "grandchild", "sibling", "parent_in_law", "named_in_will"};
    constexpr std::array<std::string_view, 8> kReasons = {
        "age",           "death",        "total_disability", "stopped_working",
        "left_employer", "left_country", "housing",          "other"};
    Add("programme", Pick(kProgrammeCodes));
    for (std::int64_t i = Below(5); i > 0; --i) {
      std::string text = std::to_string(1 + Below(3));
      text += " " + Span();
      text += " " + DateText(2018, 12);
      Add("payment", text);
    }
    for (std::int64_t i = Below(4); i > 0; --i) {
      Add("alive", Pick(kRelations));
    }
    Add("event", DateText(2018, 12));
    Add("by-work", Below(2) == 0 ? "yes" : "no");
    if (!scheme.scholarships.empty()) {
      Add("level", Pick(scheme.scholarships.back().levels).code);
    }
    Add("years-paid", std::to_string(Below(6)));
    Add("reason", Pick(kReasons));
    Add("balance", std::to_string(Below(200'000'000)));
    Add("left", DateText(2018, 12));
    Add("complete", DateText(2018, 12));
    Add("amount", Rupiah());
  }

  std::mt19937_64 random_;
  std::string lines_;
};

/// FNV-1a, 64 bits.
void Hash(std::uint64_t& hash, std::string_view text) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  }
}

}  // namespace

std::vector<std::string> RunRandom(const Scheme& scheme, const RandomRound& round) {
  constexpr std::int64_t kLineEvery = 1'000;
  Asker asker(round.seed);
  std::vector<std::string> lines;
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  std::int64_t refused = 0;
  for (std::int64_t i = 1; i <= round.count; ++i) {
    const Answers answers = asker.AskNext(scheme);
    refused += !answers.empty() && answers[0].first == "error" ? 1 : 0;
    Hash(hash, AnswersJson(answers));
    if (i % kLineEvery == 0 || i == round.count) {
      lines.push_back("random " + std::to_string(round.seed) + " to " + std::to_string(i) + ": " +
                      std::to_string(refused) + " refused, hash " + std::to_string(hash));
    }
  }
  return lines;
}

}  // namespace jaring
