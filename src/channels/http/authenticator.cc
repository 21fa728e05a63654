#include "channels/http/authenticator.h"

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kMaxToken = 256;

bool IsSafe(HttpMethod method) {
  return method == HttpMethod::kGet || method == HttpMethod::kHead;
}

bool IsToken(std::string_view text) {
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    if (!IsDigit(c) && (lower < 'a' || lower > 'z') && c != '-' && c != '_') {
      return false;
    }
  }
  return !text.empty() && text.size() <= kMaxToken;
}

}  // namespace

bool IsFromOurPages(const HttpRequest& request) {
  const std::string_view site = request.Header("Sec-Fetch-Site");
  if (!site.empty()) {
    return site == "same-origin";
  }
  const std::string_view origin = request.Header("Origin");
  const std::size_t host = origin.find("://");
  return host != std::string_view::npos && !request.Header("Host").empty() &&
         ToLower(origin.substr(host + 3)) == ToLower(request.Header("Host"));
}

std::string SessionCookie(std::string_view token, std::int64_t lifetime_micros) {
  return std::string(kSessionCookie) + "=" + std::string(token) +
         "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(lifetime_micros / 1'000'000);
}

std::string EndedSessionCookie() {
  return std::string(kSessionCookie) + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
}

Authenticator::Authenticator(Database& database, std::function<Instant()> now)
    : database_(database), now_(std::move(now)), seen_(database) {}

Result<Principal> Authenticator::Identify(const HttpRequest& request) {
  Principal who;
  ShownBy shown_by = ShownBy::kToken;
  if (signature_check_) {
    JARING_ASSIGN_OR_RETURN(const auto signer, signature_check_(request));
    if (signer) {
      who = *signer;
      shown_by = ShownBy::kSignature;
    }
  }
  if (shown_by == ShownBy::kToken) {
    JARING_ASSIGN_OR_RETURN(who, IdentifyByToken(request));
  } else if (!request.Header("Authorization").empty()) {
    // Two credentials that disagree are somebody's mistake or trick.
    JARING_ASSIGN_OR_RETURN(const Principal bearer, IdentifyByToken(request));
    if (!bearer.IsSameActor(who.kind, who.id)) {
      return Invalid("login.credentials_malformed");
    }
  }
  if (machine_check_ != nullptr) {
    JARING_RETURN_IF_ERROR(machine_check_->Check(request, who, shown_by));
  }
  return who;
}

Result<Principal> Authenticator::IdentifyByToken(const HttpRequest& request) {
  const std::string_view authorization = request.Header("Authorization");
  if (!authorization.empty()) {
    if (ToLower(authorization.substr(0, kBearer.size())) != ToLower(kBearer)) {
      return Invalid("login.credentials_malformed");
    }
    return FindByToken(Trim(authorization.substr(kBearer.size())));
  }
  const std::string_view cookie = request.Cookie(kSessionCookie);
  if (cookie.empty()) {
    return Principal{};
  }
  if (!IsSafe(request.method) && !IsFromOurPages(request)) {
    return Invalid("request.cross_site");
  }
  return FindByToken(cookie);
}

Result<Principal> Authenticator::FindByToken(std::string_view token) {
  if (!IsToken(token)) {
    return Invalid("login.credentials_malformed");
  }
  const std::string hash = TokenHash(token);
  const Instant now = now_();
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = generation_;
    const auto found = by_hash_.find(hash);
    if (found != by_hash_.end() && now.micros() < found->second.until_micros) {
      return found->second.principal;
    }
  }
  std::optional<Session> session;
  JARING_RETURN_IF_ERROR(database_.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(session, FindSession(tx, hash, now));
    return Done{};
  }));
  const std::lock_guard lock(mutex_);
  if (!session) {
    by_hash_.erase(hash);
    return Invalid("login.token_unknown");
  }
  // Noted ten times in the time it may be left alone: a write for each request would be too many.
  if (session->idle_micros > 0 &&
      now.micros() - session->seen_at.micros() >= session->idle_micros / 10) {
    seen_.Post(session->session_id, now);
  }
  if (generation != generation_) {
    return session->principal;  // Something ended meanwhile: the next request looks again.
  }
  if (by_hash_.size() >= kMostRemembered) {
    by_hash_.clear();  // Rare; each comes back with one look-up.
  }
  by_hash_[hash] = {session->principal,
                    std::min(now.micros() + kRememberMicros, session->ends_at().micros())};
  return session->principal;
}

void Authenticator::ForgetAll() {
  {
    const std::lock_guard lock(mutex_);
    ++generation_;
    by_hash_.clear();
  }
  if (machine_check_ != nullptr) {
    machine_check_->ForgetAll();
  }
  if (on_forget_) {
    on_forget_();
  }
}

}  // namespace jaring
