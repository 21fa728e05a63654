#include "channels/http/router.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

HttpHandler Nothing() {
  return AtOnce([](const HttpRequest&) { return HttpResponse{}; });
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.Add(HttpMethod::kGet, "/", Open(Nothing()));
    router_.Add(HttpMethod::kGet, "/v1/people/{person_id}", {Action::kReadPerson, Nothing()});
    router_.Add(HttpMethod::kPatch, "/v1/people/{person_id}", {Action::kChangePerson, Nothing()});
    router_.Add(HttpMethod::kPost, "/v1/people/search", {Action::kSearchPeople, Nothing()});
    router_.Add(HttpMethod::kGet, "/v1/payments/{partner}/{reference}",
                {Action::kReadPayment, Nothing()});
  }

  /// "GET /v1/people/{person_id} person_id=7"
  std::string Find(HttpMethod method, std::string_view path) {
    const Router::Match match = router_.Find(method, path);
    if (match.route == nullptr) {
      return match.allow.empty() ? "nothing" : "allow " + match.allow;
    }
    std::string found = match.route->path;
    for (const PathParameter& parameter : match.parameters) {
      found.append(" ").append(parameter.name).append("=").append(parameter.value);
    }
    return found;
  }

  Router router_;
};

TEST_F(RouterTest, FindsPlainPathsAndParameters) {
  EXPECT_EQ(Find(HttpMethod::kGet, "/"), "/");
  EXPECT_EQ(Find(HttpMethod::kHead, "/"), "/");
  EXPECT_EQ(Find(HttpMethod::kGet, "/v1/people/7"), "/v1/people/{person_id} person_id=7");
  EXPECT_EQ(Find(HttpMethod::kPatch, "/v1/people/7"), "/v1/people/{person_id} person_id=7");
  EXPECT_EQ(Find(HttpMethod::kPost, "/v1/people/search"), "/v1/people/search");
  EXPECT_EQ(Find(HttpMethod::kGet, "/v1/payments/pos/A%201%2B+x"),
            "/v1/payments/{partner}/{reference} partner=pos reference=A 1++x");
}

TEST_F(RouterTest, TellsWhatIsAllowedElse) {
  EXPECT_EQ(Find(HttpMethod::kDelete, "/v1/people/7"), "allow GET, HEAD, PATCH");
  EXPECT_EQ(Find(HttpMethod::kPost, "/"), "allow GET, HEAD");
  // A word goes before a parameter, also when only the other method is there.
  EXPECT_EQ(Find(HttpMethod::kGet, "/v1/people/search"), "allow POST");
}

TEST_F(RouterTest, FindsNothingElse) {
  for (const char* path :
       {"", "x", "/v1", "/v1/", "/v1/people", "/v1/people/", "/v1/people/7/", "/v1/people/7/8",
        "/v1/people//7", "//v1/people/7", "/V1/people/7", "/v1/people/%2F", "/v1/people/%00",
        "/v1/people/%zz", "/v1/people/%", "/v1/payments/pos/a%2fb", "/v1/people/%0d%0a"}) {
    EXPECT_EQ(Find(HttpMethod::kGet, path), "nothing") << path;
  }
}

TEST_F(RouterTest, NamesEveryRouteInOrder) {
  ASSERT_EQ(router_.routes().size(), 5);
  EXPECT_EQ(router_.Names()[1], "GET /v1/people/{person_id}");
  EXPECT_EQ(router_.routes()[2]->action, Action::kChangePerson);
  EXPECT_EQ(router_.routes()[0]->action, std::nullopt);
}

TEST(RouterDeathTest, RefusesTheSameTwice) {
  Router router;
  router.Add(HttpMethod::kGet, "/a/{b}", Open(Nothing()));
  EXPECT_DEATH(router.Add(HttpMethod::kGet, "/a/{c}", Open(Nothing())), "");
}

}  // namespace
}  // namespace jaring
