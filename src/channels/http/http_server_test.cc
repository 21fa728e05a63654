#include "channels/http/http_server.h"

#include "channels/http/http_server_fixture.h"

namespace jaring {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

TEST_F(HttpServerTest, AnswersWithLengthDateAndSafeHeaders) {
  Start();
  const std::string answer = Ask(Get("/ping", kClose));
  const std::size_t id = answer.find("X-Request-Id: ");
  ASSERT_NE(id, std::string::npos) << answer;
  EXPECT_EQ(answer.substr(0, id),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain\r\nContent-Length: 4\r\n"
            "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n"
            "Cache-Control: no-store\r\n"
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
            "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n");
  EXPECT_THAT(answer.substr(id),
              MatchesRegex("X-Request-Id: [0-9a-f]{32}\r\nConnection: close\r\n\r\npong"));
}

TEST_F(HttpServerTest, LeavesTheHeadersThatAnAnswerHasOfItsOwn) {
  router_.Add(HttpMethod::kGet, "/page", Open(AtOnce([](const HttpRequest&) {
                return HttpResponse{200, "text/html", "",
                                    "Content-Security-Policy: default-src 'self'\r\n"
                                    "Cache-Control: max-age=5\r\n"
                                    "Permissions-Policy: camera=(self)\r\n"};
              })));
  Start();
  const std::string answer = Ask(Get("/page", kClose));
  EXPECT_THAT(answer, HasSubstr("default-src 'self'\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("default-src 'none'")));
  EXPECT_THAT(answer, Not(HasSubstr("no-store")));
  EXPECT_THAT(answer, Not(HasSubstr("camera=()")));
}

TEST_F(HttpServerTest, AnswersPreflightsWithoutLettingOtherSitesIn) {
  Start();
  const auto preflight = [&](const std::string& path) {
    return Ask("OPTIONS " + path +
               " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
               "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };
  const std::string answer = preflight("/echo");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(answer, HasSubstr("\r\nAllow: POST, OPTIONS\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Access-Control")));
  EXPECT_THAT(preflight("*"), StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(preflight("/nothing"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(HttpServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  Start();
  Client client(server_->port());
  std::string many;
  for (int i = 0; i < 500; ++i) {
    many += "POST /echo?" + std::to_string(i) +
            " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.Send(many + Get("/worker?w") + Get("/ping", kClose));
  for (int i = 0; i < 500; ++i) {
    ASSERT_THAT(client.ReadUntil("|abc"), EndsWith("\r\n\r\n" + std::to_string(i) + "|abc"));
  }
  EXPECT_THAT(client.ReadUntil("worker w"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(client.ReadAll(), EndsWith("pong"));
}

TEST_F(HttpServerTest, PutsSplitPacketsTogether) {
  Start();
  Client client(server_->port());
  const std::string request =
      "POST /echo?a=1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
      "Connection: close\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
  for (const char byte : request) {
    client.Send({&byte, 1});
  }
  EXPECT_THAT(client.ReadAll(), EndsWith("\r\n\r\na=1|abcde"));
}

TEST_F(HttpServerTest, ReadsALargeBodyAfterItsHeaders) {
  Start();
  Client client(server_->port());
  const std::string body(std::size_t{1} << 20, 'b');
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Expect: 100-continue\r\nContent-Length: 1048576\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send(body);
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 201"));
  EXPECT_EQ(client.ReadAll(), "|" + body);
}

TEST_F(HttpServerTest, WritesAnAnswerLargerThanTheSocketTakes) {
  Start();
  Client client(server_->port());
  client.Send(Get("/big") + Get("/ping", kClose));
  const std::string first = client.ReadUntil("END");
  EXPECT_GT(first.size(), 20'000'000U);
  EXPECT_THAT(client.ReadAll(), EndsWith("pong"));
}

TEST_F(HttpServerTest, TellsHeadWithoutBody) {
  Start();
  const std::string answer =
      Ask("HEAD /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServerTest, KeepsHttp10OnlyWhenAsked) {
  Start();
  EXPECT_THAT(Ask("GET /ping HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close"));
  Client client(server_->port());
  client.Send("GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("pong"), HasSubstr("Connection: keep-alive"));
}

TEST_F(HttpServerTest, RefusesUnknownPathsAndMethods) {
  Start();
  EXPECT_THAT(Ask(Get("/nothing", kClose)), StartsWith("HTTP/1.1 404"));
  const std::string answer =
      Ask("DELETE /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
  EXPECT_THAT(answer, EndsWith("request.method_not_allowed\n"));
  EXPECT_THAT(Ask("GET http://localhost/ping HTTP/1.1\r\nHost: localhost\r\n"
                  "Connection: close\r\n\r\n"),
              EndsWith("pong"));
}

TEST_F(HttpServerTest, RefusesWhatIsNotARequest) {
  Start();
  const std::string host = "Host: localhost\r\n";
  for (const std::string& request : {
           std::string("hello\r\n\r\n"),
           std::string("GET /ping\r\n\r\n"),
           std::string("GET  /ping HTTP/1.1\r\n" + host + "\r\n"),
           std::string("GET /ping HTTP/9.9\r\n" + host + "\r\n"),
           std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
           std::string("GET /ping HTTP/1.1\r\n" + host + "a b: c\r\n\r\n"),
           std::string("GET /ping HTTP/1.1\r\n" + host + "a: b\r\n folded\r\n\r\n"),
           std::string("GET /ping HTTP/1.1\r\n" + host + "a: b\nc: d\r\n\r\n"),
           std::string("GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n"),
           std::string("GET /ping HTTP/1.1\r\nConnection: close\r\n" + host + host + "\r\n"),
           std::string("POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\n" + host +
                       "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
           std::string("POST /echo HTTP/1.1\r\n" + host +
                       "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\n" + host +
                       "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"),
           std::string("POST /echo HTTP/1.1\r\n" + host +
                       "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\n" + host +
                       "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n" +
                       "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
       }) {
    EXPECT_THAT(Ask(request), StartsWith("HTTP/1.1 400 ")) << request;
  }
}

TEST_F(HttpServerTest, AnswersOnlyToItsOwnNameOnLoopback) {
  Start();
  EXPECT_THAT(Ask("GET /ping HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
              EndsWith("request.host_unknown\n"));
  EXPECT_THAT(Ask("GET /ping HTTP/1.1\r\nHost: 127.0.0.1:80\r\nConnection: close\r\n\r\n"),
              EndsWith("pong"));
}

TEST_F(HttpServerTest, BoundsHeadersAndBody) {
  options_.body_limit = 1000;
  Start();
  const std::string filler(900, 'h');
  EXPECT_THAT(Ask(Get("/ping", "A: " + filler + "\r\nConnection: close\r\n")), EndsWith("pong"));
  std::string huge;
  for (int i = 0; i < 20; ++i) {
    huge += "A: " + filler + "\r\n";
  }
  EXPECT_THAT(Ask(Get("/ping", huge)), EndsWith("request.headers_too_large\n"));
  EXPECT_THAT(Ask(Get("/ping", "A: " + std::string(200'000, 'h'))),
              EndsWith("request.headers_too_large\n"));
  std::string many;
  for (int i = 0; i < 101; ++i) {
    many += "a: b\r\n";
  }
  EXPECT_THAT(Ask(Get("/ping", many)), EndsWith("request.headers_too_large\n"));
  const std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_THAT(Ask(post + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'b')),
              EndsWith("request.body_too_large\n"));
  EXPECT_THAT(Ask(post + "Content-Length: 99999999999\r\n\r\n"),
              EndsWith("request.body_too_large\n"));
  EXPECT_THAT(Ask(post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'b')),
              EndsWith("request.body_too_large\n"));
  EXPECT_THAT(
      Ask(post + "Connection: close\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'b')),
      EndsWith("bbb"));
}

TEST_F(HttpServerTest, EndsSlowHeadersSlowBodiesAndIdleConnections) {
  options_.header_timeout = milliseconds(40);
  options_.body_timeout = milliseconds(40);
  options_.idle_timeout = milliseconds(40);
  Start();
  EXPECT_THAT(Ask("GET /ping HTTP/1.1\r\nHost: loc"), EndsWith("request.timed_out\n"));
  EXPECT_THAT(Ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab"),
              EndsWith("request.timed_out\n"));
  EXPECT_EQ(Ask(""), "");
  Client client(server_->port());
  client.Send(Get("/ping"));
  EXPECT_THAT(client.ReadUntil("pong"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(client.ReadAll(), "");
}

TEST_F(HttpServerTest, ByteAfterByteDoesNotStretchTheTimeForHeaders) {
  options_.header_timeout = milliseconds(60);
  Start();
  Client client(server_->port());
  std::atomic<bool> done = false;
  std::thread drip([&] {
    client.Send("GET /ping HTTP/1.1\r\nA: ");
    while (!done) {
      client.Send("a");
      std::this_thread::yield();
      std::this_thread::sleep_for(milliseconds(5));  // What a slow attacker does.
    }
  });
  EXPECT_THAT(client.ReadUntil("timed_out\n"), EndsWith("request.timed_out\n"));
  done = true;
  drip.join();
}

TEST_F(HttpServerTest, TakesAnAnswerLaterFromAnotherThread) {
  Start();
  Client client(server_->port());
  client.Send(Get("/later") + Get("/ping", kClose));
  arrived_.get_future().wait();
  EXPECT_THAT(Ask(Get("/ping", kClose)), EndsWith("pong"));  // Nobody is held up.
  EXPECT_EQ(metrics_->in_flight(), 1);
  std::thread([this] {
    std::lock_guard lock(mutex_);
    later_.front().Send({200, "text/plain", "at last", ""});
  }).join();
  EXPECT_THAT(client.ReadUntil("at last"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(client.ReadAll(), EndsWith("pong"));
}

TEST_F(HttpServerTest, AnswersForAHandlerThatDoesNot) {
  Start();
  EXPECT_THAT(Ask(Get("/drop", kClose)), EndsWith("request.internal\n"));
  EXPECT_THAT(Ask(Get("/throw", kClose)), EndsWith("request.internal\n"));
}

TEST_F(HttpServerTest, StopsOnlyAfterWhatRunsIsAnswered) {
  Start();
  Client idle(server_->port());
  Client waiting(server_->port());
  waiting.Send(Get("/later"));
  arrived_.get_future().wait();
  server_->Stop();
  EXPECT_EQ(idle.ReadAll(), "");
  {
    std::lock_guard lock(mutex_);
    later_.front().Send({200, "text/plain", "last words", ""});
  }
  const std::string answer = waiting.ReadAll();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_THAT(answer, EndsWith("last words"));
  running_.join();
  EXPECT_FALSE(Client(server_->port()).connected());
  EXPECT_EQ(metrics_->connections(), 0);
}

TEST_F(HttpServerTest, StopsWithoutAnAnswerThatNeverComesAndSurvivesOneTooLate) {
  options_.stop_grace = milliseconds(30);
  Start();
  Client waiting(server_->port());
  waiting.Send(Get("/later"));
  arrived_.get_future().wait();
  Stop();
  EXPECT_EQ(waiting.ReadAll(), "");
  EXPECT_EQ(metrics_->in_flight(), 0);
  server_.reset();
  std::lock_guard lock(mutex_);
  later_.front().Send({200, "text/plain", "too late", ""});
}

TEST_F(HttpServerTest, SurvivesAClientThatLeavesBeforeItsAnswer) {
  Start();
  {
    Client client(server_->port());
    client.Send(Get("/later"));
    arrived_.get_future().wait();
  }
  {
    std::lock_guard lock(mutex_);
    later_.front().Send({200, "text/plain", std::string(1'000'000, 'x'), ""});
  }
  EXPECT_THAT(Ask(Get("/ping", kClose)), EndsWith("pong"));
}

TEST_F(HttpServerTest, TellsAClientTooManyToComeBack) {
  options_.max_connections = 1;
  Start();
  Client first(server_->port());
  first.Send(Get("/ping"));
  EXPECT_THAT(first.ReadUntil("pong"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(""), StartsWith("HTTP/1.1 503"));
}

TEST_F(HttpServerTest, CountsRequestsByRouteAndStatus) {
  Start();
  Ask(Get("/ping?nik=3372", kClose));
  Ask(Get("/nothing-personal", kClose));
  metrics_->AddGauge("payments_waiting", "Waiting.", [] { return 7; });
  const std::string text = metrics_->Text();
  EXPECT_THAT(text,
              HasSubstr("jaring_http_requests_total{route=\"GET /ping\",status=\"200\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("jaring_http_requests_total{route=\"none\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("request_seconds_bucket{route=\"GET /ping\",le=\"+Inf\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\njaring_payments_waiting 7\n"));
  EXPECT_THAT(text, Not(HasSubstr("personal\"")));
  EXPECT_THAT(text, Not(HasSubstr("3372")));
}

TEST_F(HttpServerTest, ListensOnLoopbackOnlyUnlessTold) {
  metrics_.emplace(router_.Names());
  const auto listen = [&](const char* address, bool insecure) {
    options_.listen = address;
    options_.insecure = insecure;
    auto server = HttpServer::Listen(options_, router_, *metrics_);
    return server ? "" : server.error().rule;
  };
  EXPECT_EQ(listen("0.0.0.0:0", false), "listen.not_loopback");
  EXPECT_EQ(listen("[::]:0", false), "listen.not_loopback");
  EXPECT_EQ(listen("192.168.1.1:0", false), "listen.not_loopback");
  EXPECT_EQ(listen("0.0.0.0:0", true), "");
  EXPECT_EQ(listen("localhost:0", false), "");
  for (const char* bad : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "x:80"}) {
    EXPECT_EQ(listen(bad, false), "listen.malformed") << bad;
  }
  options_.listen = "127.0.0.1:0";
  Start();
  EXPECT_EQ(listen(("127.0.0.1:" + std::to_string(server_->port())).c_str(), false),
            "listen.failed");
}

}  // namespace
}  // namespace jaring
