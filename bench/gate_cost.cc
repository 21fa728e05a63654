// What the lock on a route costs: finding out who calls and whether she may, of a request like
// those of bench_http_load. The rest of the request is left out: bench/run sets one beside the
// other.
//
// usage: bench_gate_cost DB KEY_FILE ROOT TODAY CLIENT_TOKEN STAFF_TOKEN COUNT
//   →  {"remembered_ns":…,"looked_up_ns":…,"scope_ns":…}
//
// remembered: the session was seen within the last two seconds, as that of nearly every request.
// looked_up: it was not; session and client are read from the database. scope: whether a person
// lies within the branch of STAFF_TOKEN's user, in the request's transaction.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "access/person_place.h"
#include "channels/http/http_site.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

template <typename T>
T OrDie(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_gate_cost: %s %s\n", result.error().rule.c_str(),
                 result.error().detail.c_str());
    std::exit(1);
  }
  return std::move(*result);
}

/// What this thread has used of a processor, in nanoseconds: others may be busy meanwhile.
double UsedNs() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

/// Nanoseconds of one call.
template <typename Call>
double CostOf(std::int64_t count, const Call& call) {
  const double before = UsedNs();
  for (std::int64_t i = 0; i < count; ++i) {
    call(i);
  }
  return (UsedNs() - before) / static_cast<double>(count);
}

struct Costs {
  double remembered_ns = 0;
  double looked_up_ns = 0;
  double scope_ns = 0;
};

class GateCost {
 public:
  GateCost(Database& db, const Agency& agency, const std::string& root, Instant now)
      : db_(db),
        now_(now),
        messages_(OrDie(Messages::Load(root + "/data/messages.toml"))),
        page_texts_(OrDie(Messages::Load(root + "/data/page_texts.toml"))),
        site_({.database = db,
               .agency = agency,
               .messages = messages_,
               .page_texts = page_texts_,
               .now = [this] { return now_; },
               .secret = std::string(32, 's'),
               .openapi = root + "/api/openapi.yaml"}) {}

  Costs Measure(const std::string& client_token, const std::string& staff_token,
                std::int64_t count) {
    constexpr std::int64_t kLongerThanRemembered = 2'100'000;
    const Instant start = now_;
    Costs costs;
    costs.remembered_ns = CostOf(count, [&](std::int64_t) { Admit(client_token); });
    costs.looked_up_ns = CostOf(count / 100, [&](std::int64_t) {
      now_ = Instant::FromMicros(now_.micros() + kLongerThanRemembered);
      Admit(client_token);
    });
    now_ = start;
    const Principal staff = PrincipalOf(staff_token);
    OrDie(db_.Read([&](Tx& tx) -> Result<Done> {
      costs.scope_ns = CostOf(
          count / 10, [&](std::int64_t i) { OrDie(ReachesPerson(tx, staff, i % 10'000 + 1)); });
      return Done{};
    }));
    return costs;
  }

 private:
  void Admit(const std::string& token) {
    const std::string authorization = "Bearer " + token;
    const std::vector<HttpHeader> headers = {{"Host", "localhost"},
                                             {"Accept", "*/*"},
                                             {"Content-Type", "application/json"},
                                             {"Idempotency-Key", "key-1"},
                                             {"Authorization", authorization},
                                             {"Content-Length", "0"}};
    const Router::Match match = site_.router().Find(HttpMethod::kPost, "/v1/payments");
    const HttpRequest request{.method = HttpMethod::kPost,
                              .path = "/v1/payments",
                              .headers = headers,
                              .peer = "127.0.0.1"};
    const auto refused = site_.Admit(request, *match.route);
    JARING_CHECK(!refused.has_value());
  }

  Principal PrincipalOf(const std::string& token) {
    std::optional<Session> session;
    OrDie(db_.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(session, FindSession(tx, TokenHash(token), now_));
      return Done{};
    }));
    JARING_CHECK(session.has_value());
    return session->principal;
  }

  Database& db_;
  Instant now_;  // Stands still, but for what looks later.
  const Messages messages_;
  const Messages page_texts_;
  HttpSite site_;
};

int Main(char** arguments) {
  const std::string root = arguments[3];
  const auto db = OrDie(Database::Connect(arguments[1], Database::Open::kMustExist));
  const LoadedScheme loaded = LoadScheme(root + "/schemes/id-bpu");
  JARING_CHECK(loaded.scheme.has_value());
  const Sealer sealer(OrDie(ReadKeyFile(arguments[2])), arguments[2]);
  const Agency agency{*loaded.scheme, sealer, /*is_demo=*/true};
  constexpr std::int64_t kNoon = 12LL * 3'600 * 1'000'000;
  const Instant now =
      Instant::FromMicros(Instant::StartOfDay(OrDie(Date::Parse(arguments[4]))).micros() + kNoon);
  GateCost gate(*db, agency, root, now);
  const Costs costs = gate.Measure(arguments[5], arguments[6], std::atoll(arguments[7]));
  std::printf("{\"remembered_ns\":%.0f,\"looked_up_ns\":%.0f,\"scope_ns\":%.0f}\n",
              costs.remembered_ns, costs.looked_up_ns, costs.scope_ns);
  return 0;
}

}  // namespace
}  // namespace jaring

int main(int count, char** arguments) {
  if (count != 8) {
    std::fprintf(stderr, "usage: see the head of bench/gate_cost.cc\n");
    return 2;
  }
  return jaring::Main(arguments);
}
