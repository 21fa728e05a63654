#include "channels/http/cover_answer.h"

#include "base/text.h"
#include "channels/http/cover_page.h"
#include "channels/json/member_json.h"
#include "channels/text/masking.h"

namespace jaring {
namespace {

/// A shape for each state, for those who do not see its colour.
std::string_view StateIcon(CoverageState state) {
  switch (state) {
    case CoverageState::kActive:
      return R"(<path d="M24 4 41 10v12c0 11-7 18-17 22C14 40 7 33 7 22V10zM16 24l6 6 11-12"/>)";
    case CoverageState::kGrace:
      return R"(<circle cx="24" cy="24" r="19"/><path d="M24 13v12l8 5"/>)";
    case CoverageState::kLapsed:
      return R"(<path d="M24 5 45 42H3zM24 18v11M24 35v.5"/>)";
    case CoverageState::kEnded:
      return R"(<circle cx="24" cy="24" r="19"/><path d="M15 24h18"/>)";
    case CoverageState::kNever:
      return R"(<circle cx="24" cy="24" r="19" stroke-dasharray="6 5"/><path d="M24 15v18M15 24h18"/>)";
  }
  JARING_CHECK(false);
}

std::string StatePanel(const PageWords& words, const MemberView& view) {
  const CoverageState state = OverallState(view);
  const std::string code(CoverageStateCode(state));
  std::optional<Date> until;
  for (const ProgrammeCoverage& cover : view.coverage.programmes) {
    if (cover.state == state && cover.until && (!until || *cover.until < *until)) {
      until = cover.until;
    }
  }
  const std::string until_words = until ? words.Day(*until) : "–";
  return "<section class=\"state " + code +
         "\"><svg viewBox=\"0 0 48 48\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" "
         "stroke-width=\"3.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\">" +
         std::string(StateIcon(state)) + "</svg><h1>" + words("cover/state_" + code) + "</h1><p>" +
         words("cover/about_" + code, {until_words}) + "</p><p class=\"who\">" +
         words("cover/member_of", {MaskedName(view.name), view.member.ToString()}) +
         "</p></section>";
}

std::string ProgrammeList(const PageWords& words, const MemberView& view) {
  std::string html = "<section class=\"card\"><h2>" + words("cover/programmes_title") +
                     "</h2><ul class=\"programmes\">";
  for (const Programme programme : kProgrammes) {
    const ProgrammeCoverage& cover = view.coverage[programme];
    if (!view.terms.programmes.Has(programme) && cover.state == CoverageState::kNever) {
      continue;
    }
    const std::string code = ToLower(ProgrammeCode(programme));
    const std::string state(CoverageStateCode(cover.state));
    html += "<li><b>" + words("cover/" + code + "_name") + "</b><span class=\"what soft\">" +
            words("cover/" + code + "_what") + "</span><span class=\"when\"><span class=\"tag " +
            state + "\">" + words("cover/word_" + state) + "</span>" +
            (cover.until ? words("cover/until", {words.Day(*cover.until)}) : "") + "</span></li>";
  }
  return html + "</ul></section>";
}

/// "1.002.000.001.15" is hard to read aloud; groups of four are not.
std::string InFours(const std::string& digits) {
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    grouped += (i > 0 && i % 4 == 0 ? " " : "") + std::string(1, digits[i]);
  }
  return grouped;
}

std::string PaymentCard(const PageWords& words, const MemberView& view) {
  const Restoration& next = view.restoration;
  std::string html = "<section class=\"card\"><h2>" + words("cover/pay_title") + "</h2>";
  if (next.kind == Restoration::Kind::kNotPossible || next.months.empty()) {
    return html + "<p>" + words("cover/pay_none") + "</p></section>";
  }
  const Money credit = std::min(view.credit, next.total);
  const std::string months = std::to_string(next.months.size());
  html += "<p class=\"amount\">Rp " + words.Number((next.total - credit).rupiah()) + "</p><p>" +
          (next.months.size() == 1 ? words("cover/pay_month_one")
                                   : words("cover/pay_month_many", {months})) +
          ", " +
          words("cover/pay_buys", {words.Day(next.covered_from), words.Day(next.covered_until)}) +
          ".</p>";
  if (view.coverage.next_due) {
    const bool late = *view.coverage.next_due < view.coverage.on;
    html += "<p><b>" +
            words(late ? "cover/pay_late" : "cover/pay_by", {words.Day(*view.coverage.next_due)}) +
            "</b></p>";
  }
  if (!credit.is_zero()) {
    html += "<p>" + words("cover/pay_credit", {words.Number(credit.rupiah())}) + "</p>";
  }
  html += "<p class=\"soft\">" + words("cover/pay_code") + "<span class=\"code\">" +
          InFours(BillCodeOf(view.member)) + "</span></p><p>" + words("cover/pay_where") +
          "</p><p class=\"soft\">" + words("cover/pay_official") + "</p></section>";
  return html;
}

}  // namespace

std::string CoverAnswerHtml(const PageWords& words, const MemberView& view,
                            const std::string& branch) {
  std::string html = "<div class=\"narrow\">" + StatePanel(words, view);
  const bool ended = OverallState(view) == CoverageState::kEnded;
  if (!ended) {
    html += PaymentCard(words, view);
  }
  html += ProgrammeList(words, view);
  html += "<section class=\"card\"><h2>" + words("cover/ask_title") + "</h2><p>" +
          (branch.empty() ? words("cover/ask_any") : words("cover/ask_branch", {branch})) +
          "</p></section><p><a href=\"/cover?lang=" + std::string(LanguageCode(words.language())) +
          "\">" + words("cover/again") + "</a></p></div>";
  return html;
}

}  // namespace jaring
