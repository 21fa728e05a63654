#include "channels/http/cover_page.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "base/text.h"
#include "channels/http/cover_answer.h"
#include "channels/http/cover_form.h"
#include "channels/http/cover_json.h"
#include "channels/http/page_shell.h"
#include "channels/json/member_json.h"
#include "registry/group.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

constexpr std::string_view kCookie = "jaring_device";
constexpr std::size_t kIdBytes = 16;

std::string NewDeviceId() {
  return ToHex(RandomBytes(kIdBytes));
}

/// "14.05" in Asia/Jakarta.
std::string ClockTime(Instant at) {
  const std::int64_t minutes =
      (at.micros() - Instant::StartOfDay(at.JakartaDate()).micros() + 59'999'999) / 60'000'000;
  return std::to_string(minutes / 60 % 24) + "." + std::to_string(100 + minutes % 60).substr(1);
}

Result<std::optional<MemberView>> FindMember(Tx& tx, const SiteParts& parts,
                                             const CoverQuery& query, Date on) {
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonByNik(tx, parts.agency, *query.nik));
  if (!person) {
    return std::optional<MemberView>();
  }
  JARING_ASSIGN_OR_RETURN(MemberView view, ViewMember(tx, parts.agency, {{*person, 1}, on, {}}));
  if (view.birth_date != *query.birth_date) {
    return std::optional<MemberView>();
  }
  return std::optional(std::move(view));
}

}  // namespace

Result<std::string> FindBranchName(Tx& tx, const MemberView& view) {
  JARING_ASSIGN_OR_RETURN(const auto id, FindBranchOfRegency(tx, RegencyOf(view.village_code)));
  JARING_ASSIGN_OR_RETURN(const std::vector<Branch> branches, ListBranches(tx));
  for (const Branch& branch : branches) {
    if (branch.branch_id == id) {
      return branch.name;
    }
  }
  return std::string();
}

std::string DeviceCookie::Make(std::string_view id) const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(id.data()), id.size(), digest, &size);
  return std::string(id) + "." + ToHex({reinterpret_cast<const char*>(digest), kIdBytes});
}

std::string_view DeviceCookie::Read(std::string_view value) const {
  const std::string_view id = value.substr(0, value.find('.'));
  const std::string expected = Make(id);
  const bool same = id.size() == 2 * kIdBytes && value.size() == expected.size() &&
                    CRYPTO_memcmp(value.data(), expected.data(), expected.size()) == 0;
  return same ? id : std::string_view();
}

/// What to do when one asked too often.
std::string CoverPage::WaitHtml(const PageWords& words, Instant until) const {
  return "<div class=\"narrow\"><section class=\"state\"><h1>" + words("cover/wait_title") +
         "</h1><p>" +
         EscapeHtml(parts_.messages.Text("cover.too_many_attempts", words.language())) +
         "</p><p><b>" + words("cover/wait_until", {ClockTime(until)}) +
         "</b></p></section><section class=\"card\"><h2>" + words("cover/ask_title") + "</h2><p>" +
         words("cover/ask_any") + "</p></section></div>";
}

CoverPage::CoverPage(const SiteParts& parts)
    : parts_(parts),
      cookie_(parts.secret),
      by_person_({.free_attempts = 5}, parts.secret),
      // A kiosk or a helper asks for many people from one device, one after the other.
      by_device_({.free_attempts = 30}, parts.secret) {}

std::string CoverPage::DeviceOf(const HttpRequest& request) const {
  return std::string(cookie_.Read(request.Cookie(kCookie)));
}

HttpResponse CoverPage::Show(const HttpRequest& request) {
  const PageWords words(parts_.page_texts, LanguageOf(request));
  HttpResponse response =
      PageResponse(200, words,
                   {words("cover/title"), "/cover", "cover",
                    CoverFormHtml(words, parts_.messages, {}, {}), parts_.agency.is_demo});
  if (DeviceOf(request).empty()) {
    response.AddHeader("Set-Cookie", std::string(kCookie) + "=" + cookie_.Make(NewDeviceId()) +
                                         "; Path=/cover; HttpOnly; SameSite=Strict; "
                                         "Max-Age=31536000" +
                                         (request.secure ? "; Secure" : ""));
  }
  return response;
}

/// When the next attempt is allowed, if this one comes too soon. All browsers without our cookie
/// count as one device: who throws it away gains nothing.
std::optional<Instant> CoverPage::TooSoon(std::string_view device, std::string_view nik) {
  const Instant now = parts_.now();
  const std::int64_t servers = parts_.servers_now();
  if (const auto wait = by_device_.Attempt(device, now, servers)) {
    return wait;
  }
  return by_person_.Attempt(nik, now, servers);
}

HttpResponse CoverPage::Refuse(const HttpRequest& request, const CoverForm& form,
                               const std::vector<FormProblem>& problems) const {
  const PageWords words(parts_.page_texts, LanguageOf(request));
  if (WantsCoverJson(request)) {
    return CoverProblemsJson(parts_.messages, words.language(), problems);
  }
  // A screen reader says the title first.
  const std::string refused = words("cover/errors_title") + ": " + words("cover/title");
  return PageResponse(
      422, words,
      {refused, "/cover", "cover", CoverFormHtml(words, parts_.messages, form, problems),
       parts_.agency.is_demo});
}

HttpResponse CoverPage::Wait(const HttpRequest& request, Instant until) const {
  const PageWords words(parts_.page_texts, LanguageOf(request));
  const std::int64_t seconds = (until.micros() - parts_.now().micros()) / 1'000'000 + 1;
  if (WantsCoverJson(request)) {
    return ProblemResponse({ErrorCode::kUnavailable, "cover.too_many_attempts", ""},
                           parts_.messages, words.language(), {}, {.retry_after_seconds = seconds});
  }
  HttpResponse response = PageResponse(429, words,
                                       {words("cover/wait_title"), "/cover", "cover",
                                        WaitHtml(words, until), parts_.agency.is_demo});
  response.AddHeader("Retry-After", std::to_string(seconds));
  return response;
}

HttpResponse CoverPage::Answer(const HttpRequest& request) {
  const CoverForm form = ReadCoverForm(request.body);
  CoverQuery query = CheckCoverForm(form, parts_.agency.is_demo);
  if (!query.problems.empty()) {
    return Refuse(request, form, query.problems);
  }
  if (const auto until = TooSoon(DeviceOf(request), query.nik->Reveal())) {
    return Wait(request, *until);
  }
  std::optional<MemberView> view;
  std::string branch;
  const auto read = parts_.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(view, FindMember(tx, parts_, query, parts_.now().JakartaDate()));
    if (view) {
      JARING_ASSIGN_OR_RETURN(branch, FindBranchName(tx, *view));
    }
    return Done{};
  });
  if (!read) {
    return WantsCoverJson(request)
               ? ProblemResponse(read.error(), parts_.messages, LanguageOf(request))
               : ErrorPage(parts_, read.error(), request);
  }
  if (!view) {
    query.problems.push_back({"nik", "cover.not_matched"});
    return Refuse(request, form, query.problems);
  }
  by_person_.Succeed(query.nik->Reveal());
  if (WantsCoverJson(request)) {
    return CoverFoundJson(*view, branch);
  }
  const PageWords words(parts_.page_texts, LanguageOf(request));
  const std::string state(CoverageStateCode(OverallState(*view)));
  return PageResponse(200, words,
                      {words("cover/state_" + state), "/cover", "cover",
                       CoverAnswerHtml(words, *view, branch), parts_.agency.is_demo});
}

}  // namespace jaring
