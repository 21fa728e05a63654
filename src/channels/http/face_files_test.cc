#include "channels/http/face_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "channels/http/face_routes.h"
#include "channels/http/test_site.h"

namespace jaring {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class FaceFilesTest : public testing::Test {
 protected:
  FaceFilesTest() {
    std::string name = (fs::temp_directory_path() / "jaring-faces-XXXXXX").string();
    JARING_CHECK(mkdtemp(name.data()) != nullptr);
    root_ = name;
    folder_ = root_ / "dist";
    fs::create_directories(folder_ / ".vite");
    Write("dist/worker.html", "<p>worker</p>");
    Write("dist/worker.html.br", "BR");
    Write("dist/worker.html.gz", "GZ");
    Write("dist/design.html", "<p>design</p>");
    Write("dist/sw.js", "self");
    Write("dist/app.webmanifest", "{}");
    Write("dist/app-h4sh.js", "code");
    Write("dist/app-h4sh.js.gz", "GZ");
    Write("dist/rules-h4sh.wasm", "wasm");
    Write("dist/notes.md", "ours");
    Write("dist/.vite/manifest.json", "{}");
    Write("secret.js", "secret");
    fs::create_symlink(root_ / "secret.js", folder_ / "link.js");
    Open(folder_);
  }
  ~FaceFilesTest() override { fs::remove_all(root_); }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }

  void Open(const fs::path& folder) {
    parts_.emplace(SiteParts{.database = site_.database(),
                             .agency = site_.agency(),
                             .messages = site_.messages(),
                             .page_texts = site_.page_texts(),
                             .now = [] { return Instant::FromMicros(0); },
                             .secret = std::string(32, 's'),
                             .openapi = {},
                             .faces = folder});
    faces_ = LoadFaces(*parts_);
    router_ = Router();
    AddFaceRoutes(router_, *parts_, faces_);
  }

  /// Status 0: no route.
  HttpResponse Ask(std::string_view path, std::vector<HttpHeader> headers = {},
                   HttpMethod method = HttpMethod::kGet) {
    const Router::Match match = router_.Find(method, path);
    if (match.route == nullptr) {
      return {.status = 0};
    }
    return AnswerTo(
        match.route->handler,
        {.method = method, .path = path, .headers = headers, .parameters = match.parameters});
  }

  fs::path root_;
  fs::path folder_;
  TestSite site_{Database::Engine::kSqlite};
  std::optional<SiteParts> parts_;
  FaceFiles faces_;
  Router router_;
};

TEST_F(FaceFilesTest, KeepsHashedFilesForeverAndAsksForPagesAlways) {
  const HttpResponse page = Ask("/app/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, kHtmlType);
  EXPECT_EQ(page.body, "<p>worker</p>");
  EXPECT_THAT(page.headers, HasSubstr("Cache-Control: no-cache\r\n"));
  EXPECT_THAT(page.headers, HasSubstr("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"));
  EXPECT_THAT(page.headers, Not(HasSubstr("unsafe-inline")));
  const HttpResponse script = Ask("/web/app-h4sh.js");
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
  EXPECT_THAT(script.headers, HasSubstr("Cache-Control: public, max-age=31536000, immutable\r\n"));
  EXPECT_EQ(Ask("/web/rules-h4sh.wasm").content_type, "application/wasm");
  EXPECT_THAT(Ask("/app/sw.js").headers, HasSubstr("Cache-Control: no-cache\r\n"));
  EXPECT_EQ(Ask("/app/app.webmanifest").content_type, "application/manifest+json");
  EXPECT_EQ(Ask("/design").body, "<p>design</p>");
  EXPECT_THAT(Ask("/figures").headers, HasSubstr("Location: /figures/\r\n"));
}

TEST_F(FaceFilesTest, AnswersInTheBestFormTheClientTakes) {
  const auto form = [&](std::string_view accepted) {
    return Ask("/app/", {{"Accept-Encoding", accepted}}).body;
  };
  EXPECT_EQ(form("gzip, deflate, br"), "BR");
  EXPECT_EQ(form("gzip;q=1.0, br;q=0"), "GZ");
  EXPECT_EQ(form("GZIP"), "GZ");
  EXPECT_EQ(form("gzip;q=0.000"), "<p>worker</p>");
  EXPECT_EQ(form("brotli, xgzip"), "<p>worker</p>");
  EXPECT_EQ(form(""), "<p>worker</p>");
  const HttpResponse packed = Ask("/app/", {{"Accept-Encoding", "br"}});
  EXPECT_THAT(packed.headers, HasSubstr("Content-Encoding: br\r\n"));
  EXPECT_THAT(packed.headers, HasSubstr("Vary: Accept-Encoding\r\n"));
  EXPECT_EQ(Ask("/web/app-h4sh.js", {{"Accept-Encoding", "br"}}).body, "code");
}

TEST_F(FaceFilesTest, SendsNothingToWhoHasTheVersionAlready) {
  const std::string headers = Ask("/app/", {{"Accept-Encoding", "gzip"}}).headers;
  const std::size_t at = headers.find("ETag: ") + 6;
  const std::string etag = headers.substr(at, headers.find("\r\n", at) - at);
  const HttpResponse known = Ask("/app/", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag}});
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  // Another form is another version.
  EXPECT_EQ(Ask("/app/", {{"Accept-Encoding", "br"}, {"If-None-Match", etag}}).status, 200);
}

TEST_F(FaceFilesTest, ServesNothingButItsOwnFilesWhateverThePathSays) {
  for (const char* path : {"/web/",
                           "/web/..",
                           "/web/../secret.js",
                           "/web/..%2fsecret.js",
                           "/web/%2e%2e%2fsecret.js",
                           "/web/..%5csecret.js",
                           "/web/%2e%2e",
                           "/web/.",
                           "/web/link.js",
                           "/web/notes.md",
                           "/web/.vite",
                           "/web/.vite/manifest.json",
                           "/web/.vite%2fmanifest.json",
                           "/web//app-h4sh.js",
                           "/web/app-h4sh.js/",
                           "/web/app-h4sh.js%00",
                           "/web/app-h4sh.js.gz",
                           "/web/APP-h4sh.js",
                           "/web/%ff",
                           "/web/v1%2fscheme",
                           "/web/v1/scheme",
                           "/web/worker.html",
                           "/web/sw.js",
                           "/web/app.webmanifest",
                           "/app/worker.html",
                           "/app/..",
                           "/app/x",
                           "/design/",
                           "/web"}) {
    const int status = Ask(path).status;
    EXPECT_TRUE(status == 404 || status == 0) << path << " " << status;
  }
}

TEST_F(FaceFilesTest, AnswersOnlyGetAndHead) {
  EXPECT_EQ(Ask("/app/", {}, HttpMethod::kHead).status, 200);
  for (const HttpMethod method : {HttpMethod::kPost, HttpMethod::kPut, HttpMethod::kDelete}) {
    EXPECT_EQ(Ask("/app/", {}, method).status, 0);
    EXPECT_EQ(Ask("/web/app-h4sh.js", {}, method).status, 0);
    EXPECT_EQ(router_.Find(method, "/app/").allow, "GET, HEAD");
  }
}

TEST_F(FaceFilesTest, GivesTheSchemeAsTheRulesReadItCompressed) {
  const HttpResponse plain = Ask("/app/scheme.txt");
  EXPECT_EQ(plain.status, 200);
  EXPECT_THAT(plain.body, testing::StartsWith("jaring-scheme 3\n"));
  const HttpResponse packed = Ask("/app/scheme.txt", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_THAT(packed.headers, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_LT(packed.body.size(), plain.body.size());
}

TEST_F(FaceFilesTest, SaysSoWhenTheFacesAreNotThere) {
  Open(root_ / "nowhere");
  const HttpResponse page = Ask("/app/", {{"Accept-Language", "id"}});
  EXPECT_EQ(page.status, 503);
  EXPECT_EQ(page.rule, "faces.not_built");
  EXPECT_THAT(page.body, HasSubstr("/cover?lang=id"));
  EXPECT_EQ(Ask("/web/app-h4sh.js").status, 404);
  EXPECT_EQ(Ask("/app/sw.js").status, 404);
  EXPECT_EQ(Ask("/app/scheme.txt").status, 404);
}

TEST_F(FaceFilesTest, LeadsToTheAppInTheLanguageThatWasAsked) {
  EXPECT_THAT(Ask("/app").headers, HasSubstr("Location: /app/\r\n"));
  const Router::Match match = router_.Find(HttpMethod::kGet, "/app");
  const auto lead = [&](std::string_view query) {
    return AnswerTo(match.route->handler, {.path = "/app", .query = query}).headers;
  };
  EXPECT_THAT(lead("lang=jv"), HasSubstr("Location: /app/?lang=jv\r\n"));
  EXPECT_THAT(lead("lang=xx"), HasSubstr("Location: /app/?lang=id\r\n"));
  // Nothing of the query itself comes back.
  EXPECT_THAT(lead("lang=jv&x=%0d%0aEvil:1"), HasSubstr("Location: /app/?lang=id\r\n"));
}

TEST(TakesCoding, ReadsTheListAsItIsMeant) {
  EXPECT_TRUE(TakesCoding("gzip", "gzip"));
  EXPECT_TRUE(TakesCoding("deflate , br;q=0.1", "br"));
  EXPECT_FALSE(TakesCoding("br;q=0", "br"));
  EXPECT_FALSE(TakesCoding("bro", "br"));
  EXPECT_FALSE(TakesCoding("", "br"));
}

}  // namespace
}  // namespace jaring
