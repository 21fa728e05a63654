#pragma once

// What all doors to log in through share: the JSON API and the pages.

#include <functional>
#include <optional>
#include <string>

#include "access/oidc_user.h"
#include "access/password.h"
#include "access/staff_account.h"
#include "access/staff_login.h"
#include "access/worker_login.h"
#include "channels/http/gate.h"
#include "channels/http/page_shell.h"

namespace jaring {

/// "Firefox, Android": words of our own for what a browser says of itself.
std::string BrowserLabel(std::string_view user_agent);

/// Six digits are a code of the app; anything else is a recovery code.
SecondFactorProof ReadSecondFactor(std::string_view typed);

/// The page where somebody's work begins; for staff without the second factor the page to show it.
std::string_view HomePath(const Principal& who);

/// The cookie by which a browser that somebody has logged in from is known again.
inline constexpr std::string_view kBrowserCookie = "__Host-jaring-browser";

/// Answers to what one does with one's own account. May take its time.
using AccountHandler = std::function<Result<HttpResponse>(Call& call)>;

/// Thread: any number of requests. What it is given outlives it.
class LoginDesk {
 public:
  /// `wake_sender` is called when a message waits.
  LoginDesk(const SiteParts& parts, Gate& gate, std::function<void()> wake_sender);

  const SiteParts& parts() const { return parts_; }
  Gate& gate() { return gate_; }
  PasswordHasher& hasher() { return hasher_; }
  StaffLogin& staff() { return staff_; }
  StaffAccount& account() { return account_; }

  WorkerLogin& workers() { return workers_; }

  /// Makes a login code, which is then sent. Nobody is told what came of it.
  void MakeCodeAndSend(const WorkerName& who);

  /// Where a request to log in comes from. A browser without our cookie gets a new one.
  LoginPlace PlaceOf(const HttpRequest& request) const;

  /// Checks a password somebody wants to have.
  ///
  /// Errors: those of CheckPassword; password_list.missing.
  Result<Done> CheckNewPassword(std::string_view password, const PasswordOwner& owner) const;

  /// The same for a user we know.
  Result<Done> CheckNewPasswordOf(std::int64_t user_id, std::string_view password) const;

  /// What an authenticator app takes in.
  Result<std::string> OtpauthOf(std::int64_t user_id, std::string_view secret) const;

  /// Whom to turn to; a sentence.
  std::string ContactWords(Language language) const;

  /// A refusal to log in as a problem: it says when to try again and who helps.
  HttpResponse Refuse(const HttpRequest& request, const std::string& rule,
                      std::optional<Instant> open_at) const;

  /// Gives the browser its session and, when it has none, its own cookie; the session it had ends.
  void GiveSession(HttpResponse& response, const HttpRequest& request, const LoginPlace& place,
                   const OpenedSession& opened);

  /// Ends sessions of the caller by `end`, with a note in the audit trail.
  Result<Done> EndSessionsOf(Call& call, const std::function<Result<Done>(Tx&)>& end);

  /// Ends the session of a page and leads to the front page.
  Result<HttpResponse> LogOut(Call& call);

  PageWords WordsFor(const HttpRequest& request) const;

  /// "/masuk?lang=jv": a path of ours in the language of the page.
  static std::string PathIn(const PageWords& words, std::string_view path);

  /// A page that no cache may keep. `title` and `body` are HTML.
  HttpResponse PrivatePage(int status, const PageWords& words, const std::string& title,
                           std::string_view path, std::string body) const;

  /// Why not, when to try again, and who helps: for the top of a form.
  std::string RefusalHtml(const PageWords& words, const std::string& rule,
                          std::optional<Instant> open_at) const;

  /// A page of one's own account. Who is not logged in is led to `login_path` and back again.
  Guarded Page(ActorKind kind, std::string_view login_path, AccountHandler handler);

  /// A page of staff about people, for whoever may do `action`. `handler` sees to the audit trail:
  /// see WriteNoted.
  Guarded StaffPage(Action action, AccountHandler handler);

  /// One transaction with the audit trail of what `call` saw and did in it.
  Result<Done> WriteNoted(Call& call, const std::function<Result<Done>(Tx&)>& work);

  /// The bare session of the caller goes on as another, with the second factor. Tries count.
  ///
  /// Errors: access.not_allowed (not a staff user), login.too_many_attempts, and those of
  /// RaiseSession.
  Result<OpenedSession> Raise(Call& call, const SecondFactorProof& proof);

  /// A route for everybody who is logged in, in the words of the API.
  Guarded Account(AccountHandler handler);

 private:
  /// What every page does once it knows who asks and that she may.
  void AnswerPage(const HttpRequest& request, const Principal& who, Action action,
                  const AccountHandler& handler, Responder& responder);

  const SiteParts& parts_;
  Gate& gate_;
  PasswordHasher hasher_;
  std::optional<PasswordList> passwords_;
  StaffLogin staff_;
  StaffAccount account_;
  WorkerLogin workers_;
  const std::function<void()> wake_sender_;
};

}  // namespace jaring
