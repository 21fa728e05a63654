// Who asked, by which way, and what is written down of it: proxies, traces, the log.

#include "channels/http/http_server_fixture.h"
#include "channels/http/json_body.h"
#include "channels/http/trace_context.h"
#include "channels/http/trusted_proxies.h"

namespace jaring {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class HttpLogTest : public HttpServerTest {
 protected:
  HttpLogTest() {
    options_.log_requests = LogRequests::kAll;
    options_.threads = 1;  // Each has lines of its own; so they come in order.
    router_.Add(
        HttpMethod::kGet, "/v1/people/{person_id}",
        Open([](const HttpRequest& request, Responder responder) {
          responder.NoteCaller("staff-user", 17);
          responder.Send({404, "text/plain",
                          std::string(request.trace_parent) + "|" + std::string(request.peer) +
                              "|" + (request.secure ? "secure" : "plain"),
                          "", "member.unknown"});
        }));
  }

  void StartLogged() {
    log_ = *ServerLog::Open((folder_ / "log").string());
    options_.log = log_.get();
    Start();
  }

  /// The lines of the log, each as JSON, once the server has ended.
  std::vector<std::string> LogAfterStop() {
    Stop();
    server_.reset();
    log_.reset();
    std::vector<std::string> lines;
    std::istringstream text(ReadFile(folder_ / "log"));
    for (std::string line; std::getline(text, line);) {
      EXPECT_TRUE(ParseJson(line)) << line;
      lines.push_back(line);
    }
    return lines;
  }

  std::unique_ptr<ServerLog> log_;
};

TEST_F(HttpLogTest, TellsTheRouteAndNeverWhatWasAsked) {
  StartLogged();
  const std::string secret = "3372015708850000";
  const std::string answer =
      Ask("GET /v1/people/" + secret + "?nik=" + secret +
          " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: token=" + secret +
          "\r\nAuthorization: Bearer " + secret + "\r\nUser-Agent: " + secret + "\r\n\r\n");
  Ask("POST /nothing/" + secret +
      " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Content-Length: 16\r\n\r\n" +
      secret);
  Ask(secret + " /" + secret + " HTTP/1.1\r\n" + secret + "\r\n\r\n");
  const std::vector<std::string> lines = LogAfterStop();
  ASSERT_EQ(lines.size(), 3U);
  const std::string id = answer.substr(answer.find("X-Request-Id: ") + 14, 32);
  EXPECT_THAT(lines[0], MatchesRegex("\\{\"ts\":\"1994-11-06T08:49:37.000000Z\",\"level\":\"warn\","
                                     "\"event\":\"request\",\"request_id\":\"" +
                                     id +
                                     "\",\"trace_id\":\"[0-9a-f]{32}\",\"method\":\"GET\","
                                     "\"route\":\"/v1/people/\\{person_id\\}\",\"status\":404,"
                                     "\"micros\":[0-9]+,\"bytes\":[0-9]+,\"caller\":\"staff-user\","
                                     "\"caller_id\":17,\"rule\":\"member.unknown\"\\}"));
  EXPECT_THAT(lines[1], HasSubstr("\"method\":\"POST\",\"route\":\"none\",\"status\":404"));
  EXPECT_THAT(lines[1], HasSubstr("\"rule\":\"request.path_unknown\"}"));
  EXPECT_THAT(lines[1], Not(HasSubstr("caller")));
  EXPECT_THAT(lines[2], HasSubstr("\"method\":\"OTHER\",\"route\":\"none\",\"status\":400"));
  for (const std::string& line : lines) {
    EXPECT_THAT(line, Not(HasSubstr(secret)));
  }
}

TEST_F(HttpLogTest, TellsNotableRequestsOnlyWhenAskedTo) {
  options_.log_requests = LogRequests::kNotable;
  StartLogged();
  Ask(Get("/ping", kClose));
  Ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  Ask(Get("/drop", kClose));
  const std::vector<std::string> lines = LogAfterStop();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr("\"route\":\"/echo\",\"status\":201"));
  EXPECT_THAT(lines[1], HasSubstr("\"rule\":\"request.internal\""));
}

TEST_F(HttpLogTest, TellsNothingWhenTold) {
  options_.log_requests = LogRequests::kNone;
  StartLogged();
  Ask(Get("/drop", kClose));
  EXPECT_TRUE(LogAfterStop().empty());
}

TEST_F(HttpLogTest, OpensItsFileAnewWhenItWasMovedAway) {
  StartLogged();
  log_->Write("before\n");
  while (ReadFile(folder_ / "log").empty()) {
    std::this_thread::yield();
  }
  std::filesystem::rename(folder_ / "log", folder_ / "log.1");
  log_->Reopen();
  while (!std::filesystem::exists(folder_ / "log")) {
    std::this_thread::yield();
  }
  log_->Write("after\n");
  Stop();
  server_.reset();
  log_.reset();
  EXPECT_EQ(ReadFile(folder_ / "log"), "after\n");
  EXPECT_EQ(ReadFile(folder_ / "log.1"), "before\n");
}

TEST_F(HttpLogTest, CountsLinesThatAFullDiskTakesAway) {
  const auto log = ServerLog::Open("/dev/full");
  ASSERT_TRUE(log);
  (*log)->Write("one\ntwo\n");
  while ((*log)->dropped() < 2) {
    std::this_thread::yield();
  }
  (*log)->Write(std::string(9 << 20U, 'x') + "\n");
  EXPECT_GE((*log)->dropped(), 3);
  EXPECT_EQ(ServerLog::Open((folder_ / "none" / "log").string()).error().rule, "log.unwritable");
}

TEST_F(HttpLogTest, GoesOnWithTheCallersTrace) {
  StartLogged();
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string answer =
      Ask(Get("/v1/people/1",
              "traceparent: 00-" + trace + "-00f067aa0ba902b7-00\r\n" + std::string(kClose)));
  EXPECT_THAT(answer, MatchesRegex(".*\r\n\r\n00-" + trace + "-[0-9a-f]{16}-00\\|.*"));
  EXPECT_THAT(answer, Not(HasSubstr("00f067aa0ba902b7")));
  EXPECT_THAT(LogAfterStop()[0], HasSubstr("\"trace_id\":\"" + trace + "\""));
}

TEST_F(HttpLogTest, BelievesForwardedHeadersOfItsProxiesOnly) {
  options_.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
  Start();
  const auto ask = [&](const std::string& headers) {
    const std::string answer = Ask("GET /v1/people/1 HTTP/1.1\r\nHost: jaring.example\r\n" +
                                   headers + "Connection: close\r\n\r\n");
    return answer.substr(answer.find('|') + 1) +
           (answer.find("Strict-Transport-Security") != std::string::npos ? "+hsts" : "");
  };
  EXPECT_EQ(ask(""), "127.0.0.1|plain");
  EXPECT_EQ(ask("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"),
            "203.0.113.9|secure+hsts");
  // What stands to the left of the last stranger anybody may have written.
  EXPECT_EQ(ask("X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.1.2.3\r\n"), "203.0.113.9|plain");
  EXPECT_EQ(ask("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.9\r\n"),
            "203.0.113.9|plain");
  EXPECT_EQ(ask("X-Forwarded-For: 203.0.113.9, <script>\r\n"), "127.0.0.1|plain");
  EXPECT_EQ(ask("X-Forwarded-For: 2001:db8::7\r\nX-Forwarded-Proto: http, HTTPS\r\n"),
            "2001:db8::7|secure+hsts");
  EXPECT_EQ(ask("X-Forwarded-Proto: https, http\r\n"), "127.0.0.1|plain");
}

TEST_F(HttpLogTest, BelievesNobodyWhenThereIsNoProxy) {
  Start();
  const std::string answer =
      Ask(Get("/v1/people/1", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n" +
                                  std::string(kClose)));
  EXPECT_THAT(answer, EndsWith("||plain"));  // Nor is it 127.0.0.1 that asks.
  EXPECT_THAT(answer, Not(HasSubstr("Strict-Transport-Security")));
  EXPECT_THAT(Ask(Get("/v1/people/1", kClose)), EndsWith("|127.0.0.1|plain"));
}

TEST_F(HttpLogTest, AFloodOfRefusalsIsNotToldLineByLine) {
  const auto lines_of = [&](LogRequests which, const std::string& name) {
    {
      const auto log = *ServerLog::Open((folder_ / name).string());
      RequestLog lines(log.get(), which, 1'000'000);
      for (int second = 0; second < 2; ++second) {
        for (int i = 0; i < 1'000; ++i) {
          lines.Add({.at = Instant::FromMicros(second * 1'000'000 + i), .status = 429});
        }
        lines.Add({.at = Instant::FromMicros(second * 1'000'000 + 999'999), .status = 403});
      }
      lines.Flush();
    }
    const std::string text = ReadFile(folder_ / name);
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines_of(LogRequests::kNotable, "notable"), 2 * (20 + 1));
  EXPECT_EQ(lines_of(LogRequests::kAll, "all"), 2 * 1'001);
}

TEST(TrustedProxies, ReadsAddressesAndNetworks) {
  const auto proxies =
      TrustedProxies::Parse({"10.0.0.7", "192.168.0.0/22", "2001:db8::/33", "::1"});
  ASSERT_TRUE(proxies);
  for (const char* trusted :
       {"10.0.0.7", "192.168.3.255", "2001:db8:7fff::1", "::1", "::ffff:10.0.0.7"}) {
    EXPECT_TRUE(proxies->Trusts(trusted)) << trusted;
  }
  for (const char* stranger :
       {"10.0.0.8", "192.168.4.0", "2001:db8:8000::", "::2", "", "x", "10.0.0.7 ", "10.0.0.70"}) {
    EXPECT_FALSE(proxies->Trusts(stranger)) << stranger;
  }
  for (const char* bad : {"", "proxy.example", "10.0.0.0/0", "10.0.0.0/33", "10.0.0.0/x", "::/129",
                          "10.0.0", "10.0.0.7/"}) {
    const auto parsed = TrustedProxies::Parse({bad});
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().rule, "listen.proxy_malformed");
  }
}

TEST(ParseTraceParent, TakesTheOneFormOnly) {
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto parent = ParseTraceParent(good);
  ASSERT_TRUE(parent);
  EXPECT_EQ(parent->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(parent->parent_id, "00f067aa0ba902b7");
  EXPECT_EQ(parent->flags, "01");
  for (const std::string& bad :
       {std::string(), good + "-x", good + " ", good.substr(1), "01" + good.substr(2),
        "ff" + good.substr(2), std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736") + good.substr(35),
        "00-" + std::string(32, '0') + good.substr(35),
        good.substr(0, 36) + std::string(16, '0') + "-01", good.substr(0, 53) + "0g",
        good.substr(0, 35) + "_" + good.substr(36), good.substr(0, 10) + "\"" + good.substr(11)}) {
    EXPECT_FALSE(ParseTraceParent(bad)) << bad;
  }
}

TEST(RequestNames, AreNewEachTimeAndWellFormed) {
  HexSource source;
  std::vector<std::string> seen;
  RequestNames names;
  for (int i = 0; i < 1000; ++i) {
    names.Renew(source, "");
    EXPECT_TRUE(ParseTraceParent(names.trace_parent())) << names.trace_parent();
    EXPECT_THAT(std::string(names.request_id()), MatchesRegex("[0-9a-f]{32}"));
    seen.emplace_back(names.request_id());
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

}  // namespace
}  // namespace jaring
