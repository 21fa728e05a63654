// Bodies: their bounds for each route and for all together, and the files of the large ones.

#include <sys/stat.h>

#include "channels/http/http_message_reader.h"
#include "channels/http/http_server_fixture.h"
#include "channels/http/request_body.h"

namespace jaring {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class HttpBodyTest : public HttpServerTest {
 protected:
  HttpBodyTest() {
    options_.spool_folder = folder_.string();
    options_.body_limit = 1000;
    router_.Add(HttpMethod::kPost, "/upload", Open(AtOnce([](const HttpRequest& request) {
                  return HttpResponse{201, "text/plain", Describe(request), ""};
                })),
                {.run_on = RunOn::kWorker, .body_limit = 64 << 20U, .spool_body = true});
    router_.Add(HttpMethod::kPost, "/wide", Open(AtOnce([](const HttpRequest& request) {
                  return HttpResponse{201, "text/plain", std::to_string(request.body.size()), ""};
                })),
                {.body_limit = 5000});
  }

  /// What a handler finds in the file of a body.
  static std::string Describe(const HttpRequest& request) {
    struct stat status = {};
    if (request.body_file < 0 || fstat(request.body_file, &status) != 0) {
      return "no file";
    }
    std::uint64_t sum = 0;
    std::uint64_t size = 0;
    std::vector<unsigned char> bytes(65'536);
    for (ssize_t got = 0; (got = read(request.body_file, bytes.data(), bytes.size())) > 0;) {
      for (ssize_t i = 0; i < got; ++i) {
        sum = sum * 31 + bytes[static_cast<std::size_t>(i)];
      }
      size += static_cast<std::uint64_t>(got);
    }
    return "size " + std::to_string(request.body_size) + " read " + std::to_string(size) +
           " links " + std::to_string(status.st_nlink) + " mode " +
           std::to_string(status.st_mode & 0777U) + " sum " + std::to_string(sum) + " memory " +
           std::to_string(request.body.size());
  }

  static std::string Expected(const std::string& body) {
    std::uint64_t sum = 0;
    for (const char c : body) {
      sum = sum * 31 + static_cast<unsigned char>(c);
    }
    const std::string size = std::to_string(body.size());
    return "size " + size + " read " + size + " links 0 mode 384 sum " + std::to_string(sum) +
           " memory 0";
  }

  static std::string Noise(std::size_t size) {
    std::string noise(size, ' ');
    std::uint32_t state = 1;
    for (char& c : noise) {
      state = state * 1'664'525U + 1'013'904'223U;
      c = static_cast<char>(state >> 24U);
    }
    return noise;
  }

  static std::string Post(const std::string& path, const std::string& body,
                          std::string_view more = kClose) {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::size_t FilesInFolder() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
};

TEST_F(HttpBodyTest, PutsTheBodiesOfSomeRoutesIntoFilesWithoutNames) {
  Start();
  for (const std::size_t size : {0U, 1U, 1000U, 131'071U, 131'072U, 131'073U, 5'000'000U}) {
    const std::string body = Noise(size);
    if (size == 0) {
      EXPECT_THAT(Ask(Post("/upload", body)), EndsWith("no file"));  // There was no body at all.
    } else {
      EXPECT_THAT(Ask(Post("/upload", body)), EndsWith(Expected(body))) << size;
    }
    EXPECT_EQ(FilesInFolder(), 0U);
  }
}

TEST_F(HttpBodyTest, KeepsTheConnectionAfterAnUpload) {
  Start();
  Client client(server_->port());
  const std::string body = Noise(300'000);
  client.Send(Post("/upload", body, "") + Get("/ping") + Post("/upload", "short", "") +
              Get("/ping", kClose));
  const std::string answers = client.ReadAll();
  EXPECT_THAT(answers, HasSubstr(Expected(body)));
  EXPECT_THAT(answers, HasSubstr(Expected("short")));
  EXPECT_THAT(answers, EndsWith("pong"));
}

TEST_F(HttpBodyTest, TakesAnUploadInChunksOfUnknownLength) {
  Start();
  std::string request =
      "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  std::string body;
  for (int i = 0; i < 100; ++i) {
    const std::string chunk = Noise(4096);
    body += chunk;
    request += "1000\r\n" + chunk + "\r\n";
  }
  EXPECT_THAT(Ask(request + "0\r\n\r\n"), EndsWith(Expected(body)));
}

TEST_F(HttpBodyTest, AsksWhoMayUploadBeforeTheBodyIsRead) {
  std::atomic<int> asked = 0;
  options_.admit = [&](const HttpRequest& request,
                       const Route& route) -> std::optional<HttpResponse> {
    ++asked;
    EXPECT_EQ(route.path, "/upload");
    if (request.Header("Authorization").empty()) {
      return HttpResponse{401, "text/plain", "who are you", "", "login.required"};
    }
    return std::nullopt;
  };
  Start();
  Client stranger(server_->port());
  stranger.Send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n");
  const std::string refused = stranger.ReadAll();
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(refused, EndsWith("who are you"));
  Client known(server_->port());
  known.Send(
      "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
      "Authorization: Bearer x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(known.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  known.Send("abc");
  EXPECT_THAT(known.ReadAll(), EndsWith(Expected("abc")));
  EXPECT_EQ(asked, 2);
}

TEST_F(HttpBodyTest, BoundsEachRouteByItsOwnLimit) {
  Start();
  EXPECT_THAT(Ask(Post("/echo", std::string(1000, 'b'))), StartsWith("HTTP/1.1 201"));
  EXPECT_THAT(Ask(Post("/echo", std::string(1001, 'b'))), EndsWith("request.body_too_large\n"));
  EXPECT_THAT(Ask(Post("/wide", std::string(5000, 'b'))), EndsWith("5000"));
  EXPECT_THAT(Ask(Post("/wide", std::string(5001, 'b'))), EndsWith("request.body_too_large\n"));
  EXPECT_THAT(Ask("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108865\r\n\r\n"),
              EndsWith("request.body_too_large\n"));
  EXPECT_THAT(Ask("POST /wide HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "1389\r\n" +
                  std::string(5001, 'b')),
              EndsWith("request.body_too_large\n"));
}

TEST_F(HttpBodyTest, BoundsTheMemoryOfAllBodiesTogether) {
  options_.body_limit = 1'000'000;
  options_.body_memory = 500'000;
  router_.Add(HttpMethod::kPost, "/hold", Open([this](const HttpRequest&, Responder responder) {
                const std::lock_guard lock(mutex_);
                later_.push_back(std::move(responder));
                arrived_.set_value();
              }));
  Start();
  const std::string part(400'000, 'b');
  Client first(server_->port());
  first.Send(Post("/hold", part));
  arrived_.get_future().wait();  // Its body is there and stays until it is answered.
  const std::string refused = Ask(Post("/echo", part));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(refused, EndsWith("request.unavailable\n"));
  EXPECT_THAT(Ask(Post("/echo", "small")), EndsWith("|small"));
  {
    const std::lock_guard lock(mutex_);
    later_.front().Send({200, "text/plain", "held", ""});
  }
  EXPECT_THAT(first.ReadAll(), EndsWith("held"));
  Client again(server_->port());
  for (int i = 0; i < 3; ++i) {
    again.Send(Post("/echo", part, ""));
    EXPECT_THAT(again.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 201"));  // Given back each time.
    EXPECT_EQ(again.ReadUntil(part).size(), part.size() + 1);
  }
}

TEST_F(HttpBodyTest, BoundsTheDiskOfAllUploadsTogether) {
  options_.spool_limit = 1'000'000;
  Start();
  EXPECT_THAT(Ask(Post("/upload", Noise(1'000'001))), EndsWith("request.unavailable\n"));
  const std::string body = Noise(999'999);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Ask(Post("/upload", body)), EndsWith(Expected(body)));
  }
}

TEST_F(HttpBodyTest, SaysSoWhenThereIsNowhereToPutAnUpload) {
  options_.spool_folder = (folder_ / "gone").string();
  Start();
  EXPECT_THAT(Ask(Post("/upload", "abc")), EndsWith("request.unavailable\n"));
  EXPECT_THAT(Ask(Post("/echo", "abc")), EndsWith("|abc"));
}

TEST_F(HttpBodyTest, EndsAnUploadThatTrickles) {
  options_.body_timeout = milliseconds(60);
  options_.slowest_bytes_per_second = 1'000'000;
  Start();
  Client client(server_->port());
  client.Send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n");
  std::atomic<bool> done = false;
  std::thread drip([&] {
    while (!done) {
      client.Send("aaaaaaaaaa");
      std::this_thread::sleep_for(milliseconds(5));  // What a slow attacker does.
    }
  });
  EXPECT_THAT(client.ReadUntil("timed_out\n"), EndsWith("request.timed_out\n"));
  done = true;
  drip.join();
}

TEST_F(HttpBodyTest, GivesALargeUploadTimeWhileItComes) {
  options_.body_timeout = milliseconds(30);
  options_.slowest_bytes_per_second = 1'000'000;  // 100 KB give 100 ms more.
  Start();
  Client client(server_->port());
  const std::string body = Noise(1'000'000);
  client.Send(
      "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Content-Length: 1000000\r\n\r\n");
  for (std::size_t at = 0; at < body.size(); at += 100'000) {
    client.Send(std::string_view(body).substr(at, 100'000));
    std::this_thread::sleep_for(milliseconds(20));  // Longer in all than body_timeout.
  }
  EXPECT_THAT(client.ReadAll(), EndsWith(Expected(body)));
}

TEST(MessageReader, TakesBodiesInChunksByteByByte) {
  for (const std::string& body :
       {std::string("0\r\n\r\n"), std::string("0\r\nT: t\r\n\r\n"), std::string("000;x=y\r\n\r\n"),
        std::string("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")}) {
    MessageReader reader(1000, std::make_shared<ByteBudget>(1000));
    const std::string text =
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    std::size_t parsed = 0;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      for (std::size_t used = 1; used > 0 && parsed < size;) {
        const auto outcome =
            reader.Put(text.data(), std::string_view(text).substr(parsed, size - parsed));
        ASSERT_EQ(outcome.rule, "");
        used = outcome.used;
        parsed += used;
        if (reader.has_headers() && !reader.is_done() && reader.body().empty()) {
          reader.AllowBody(3);
        }
      }
      ASSERT_EQ(reader.is_done(), size == text.size()) << body << " " << size;
    }
    EXPECT_EQ(reader.body(), body.front() == '1' ? "abc" : "");
  }
}

TEST(SpoolFile, IsPrivateAndNameless) {
  const auto budget = std::make_shared<ByteBudget>(10);
  {
    const auto file = SpoolFile::Create("/tmp", budget);
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->Append("12345"));
    EXPECT_TRUE((*file)->Append("67890"));
    EXPECT_EQ((*file)->size(), 10U);
    EXPECT_FALSE((*file)->Append("x"));
    EXPECT_EQ(budget->used(), 10U);
    EXPECT_TRUE((*file)->Rewind());
  }
  EXPECT_EQ(budget->used(), 0U);
  EXPECT_FALSE(SpoolFile::Create("/nowhere", budget));
}

}  // namespace
}  // namespace jaring
