#include "channels/files/claim_letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "channels/files/letter_pdf.h"
#include "channels/text/date_words.h"
#include "channels/text/masking.h"

namespace jaring {
namespace {

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

std::string Rupiah(Money amount) {
  return "Rp " + FormatRupiah(amount);
}

bool IsDecided(ClaimState state) {
  return state == ClaimState::kApproved || state == ClaimState::kPaying ||
         state == ClaimState::kPaid || state == ClaimState::kReturned;
}

bool IsLacking(const ClaimView& view) {
  return std::any_of(view.findings.begin(), view.findings.end(), [](const ClaimFinding& finding) {
    return finding.kind == FindingKind::kMissing;
  });
}

/// Which of the sentences on the state of a claim is said.
std::string_view StateSentence(const ClaimView& view) {
  switch (view.claim.state) {
    case ClaimState::kDraft:
    case ClaimState::kReported:
      return IsLacking(view) ? "letter.state_lacking" : "letter.state_reported";
    case ClaimState::kComplete:
    case ClaimState::kProposed:
      return "letter.state_complete";
    case ClaimState::kApproved:
    case ClaimState::kPaying:
      return "letter.state_approved";
    case ClaimState::kRefused:
      return "letter.state_refused";
    case ClaimState::kPaid:
      return "letter.state_paid";
    case ClaimState::kReturned:
      return "letter.state_returned";
    case ClaimState::kWithdrawn:
      return "letter.state_withdrawn";
  }
  return "letter.state_reported";
}

/// One language's half of the letter.
class Half {
 public:
  Half(const Scheme& scheme, const Messages& texts, const ClaimLetter& letter, Language language,
       LetterPdf& pdf)
      : scheme_(scheme), texts_(texts), letter_(letter), language_(language), pdf_(pdf) {}

  void Write() {
    Facts();
    pdf_.Text(Say(StateSentence(view())));
    const ClaimState state = view().claim.state;
    if (state == ClaimState::kReported) {
      Papers();
    }
    if (IsDecided(state)) {
      Amounts();
      Payees();
    }
    if (state == ClaimState::kRefused) {
      Refusal();
    }
    pdf_.Text(Say("letter.whom_to_ask"));
  }

 private:
  const ClaimView& view() const { return letter_.view; }
  std::string Say(std::string_view key) const { return texts_.Text(key, language_); }
  std::string Say(std::string_view head, std::string_view code) const {
    std::string key = std::string(head) + std::string(code);
    std::replace(key.begin(), key.end(), '-', '_');
    return Say(key);
  }
  std::string Name(const std::string& name) const {
    return letter_.is_masked ? MaskedName(name) : name;
  }
  std::string Day(Date date) const { return DateWords(date, language_); }
  /// Words of the law are there in two languages.
  const std::string& OfScheme(const std::string& id, const std::string& en) const {
    return language_ == Language::kEnglish ? en : id;
  }

  void Facts() {
    const Claim& claim = view().claim;
    pdf_.Heading(Say("letter.title"));
    pdf_.Fact(Say("letter.number"), claim.number.ToString());
    pdf_.Fact(Say("letter.member"), Name(view().name));
    pdf_.Fact(Say("letter.kind"), Say("letter.kind_", ClaimKindCode(claim.kind)));
    pdf_.Fact(Say("letter.event_on"), Day(claim.event_on));
    pdf_.Fact(Say("letter.written_on"), Day(letter_.written_on));
    if (claim.due_on &&
        (claim.state == ClaimState::kComplete || claim.state == ClaimState::kProposed ||
         claim.state == ClaimState::kApproved || claim.state == ClaimState::kPaying)) {
      pdf_.Fact(Say("letter.due_on"), Day(*claim.due_on));
    }
    pdf_.Text("");
  }

  void Papers() {
    for (const PaperNeed& need : view().papers) {
      if (!need.is_there) {
        pdf_.Item(OfScheme(need.paper->name_id, need.paper->name_en) + ". " +
                  OfScheme(need.paper->why_id, need.paper->why_en) + ".");
      }
    }
  }

  std::string BenefitName(const std::string& id) const {
    const auto found = std::find_if(scheme_.benefits.begin(), scheme_.benefits.end(),
                                    [&](const Benefit& benefit) { return benefit.id == id; });
    return found == scheme_.benefits.end() ? Say("letter.line_", id)
                                           : OfScheme(found->name_id, found->name_en);
  }

  /// "Rp 1.000.000", "80 %", "48", "Mei 2026": a figure of a working, by its term.
  std::string Figure(const std::string& term, std::int64_t value) const {
    if (IsOneOf(term, {"first_month", "last_month"})) {
      return fmt::format("{} {}", MonthName(static_cast<int>(value % 100), language_), value / 100);
    }
    if (IsOneOf(term, {"share", "table", "loss"})) {
      return fmt::format("{:.6g} %", static_cast<double>(value) / 10'000);
    }
    return IsOneOf(term, {"multiple", "months", "days", "days-of-month", "days-late"})
               ? std::to_string(value)
               : Rupiah(Money::FromRupiah(value));
  }

  /// "base 1000000 multiple 48" as words.
  std::string Working(const std::string& words) const {
    std::istringstream input(words);
    std::string text;
    std::string term;
    std::int64_t value = 0;
    while (input >> term >> value) {
      text += (text.empty() ? "" : ", ") + Say("letter.term_", term) + " " + Figure(term, value);
    }
    return text;
  }

  void Amounts() {
    pdf_.Heading(Say("letter.amounts"));
    Money net;
    for (const ClaimLine& line : view().lines) {
      net += line.amount;
      pdf_.Amount(
          {.name = std::string(ProgrammeCode(line.programme)) + ": " + BenefitName(line.benefit),
           .working = Working(line.working),
           .amount = Rupiah(line.amount)});
    }
    pdf_.Amount({.name = Say("letter.net"), .working = "", .amount = Rupiah(net), .is_sum = true});
    for (const Withheld& line : view().withheld) {
      pdf_.Item(Say("letter.not_given") + " " + BenefitName(line.benefit));
    }
  }

  void Payees() {
    pdf_.Heading(Say("letter.payees"));
    for (const Payout& payout : letter_.payouts) {
      const auto place = static_cast<std::size_t>(payout.payee_no) - 1;
      if (payout.state == PayoutState::kFailed || place >= view().payees.size()) {
        continue;
      }
      const ClaimPayee& payee = view().payees[place];
      std::string below = payee.institution + " ****" +
                          payee.account.substr(payee.account.size() - 4) + ", " +
                          payout.reference();
      if (payout.paid_on) {
        below += ", " + Say("letter.paid_on") + " " + Day(*payout.paid_on);
      }
      if (!payout.penalty.is_zero()) {
        below += ", " + Say("letter.penalty") + " " + Rupiah(payout.penalty);
      }
      pdf_.Amount({.name = Name(payee.name), .working = below, .amount = Rupiah(payout.sum())});
    }
  }

  void Refusal() {
    const auto& steps = view().steps;
    const auto refused = std::find_if(steps.rbegin(), steps.rend(), [](const ClaimStep& step) {
      return step.state == ClaimState::kRefused;
    });
    if (refused != steps.rend()) {
      pdf_.Fact(Say("letter.reason"), Say("letter.reason_", refused->reason));
      pdf_.Fact(Say("letter.explanation"), refused->note);
    }
    pdf_.Text("");
    pdf_.Text(Say("letter.objection"));
  }

  const Scheme& scheme_;
  const Messages& texts_;
  const ClaimLetter& letter_;
  Language language_;
  LetterPdf& pdf_;
};

}  // namespace

Result<std::string> MakeClaimLetter(const Scheme& scheme, const Messages& texts,
                                    const ClaimLetter& letter) {
  if (letter.view.claim.state == ClaimState::kDraft) {
    return Conflict("claim.not_reported");
  }
  LetterPdf pdf(scheme.name_id, texts.Text("letter.title", Language::kIndonesian) + " " +
                                    letter.view.claim.number.ToString());
  Half(scheme, texts, letter, Language::kIndonesian, pdf).Write();
  if (letter.language != Language::kIndonesian) {
    pdf.Rule();
    Half(scheme, texts, letter, letter.language, pdf).Write();
  }
  return pdf.Save();
}

}  // namespace jaring
