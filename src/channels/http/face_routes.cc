#include "channels/http/face_routes.h"

#include "channels/http/page_shell.h"
#include "rules/scheme_text.h"

namespace jaring {
namespace {

// Not a name a built file can have: it has a slash.
constexpr std::string_view kSchemeFile = "v1/scheme";

struct Page {
  std::string_view path;
  std::string_view file;
};

// A new face is a line here and an entry in web/vite.config.ts.
constexpr Page kPages[] = {{"/app/", "worker.html"},
                           {"/design", "design.html"},
                           {"/desk/", "desk.html"},
                           {"/figures/", "director.html"}};

HttpResponse MissingPage(const SiteParts& parts, const HttpRequest& request,
                         std::string_view path) {
  const PageWords words(parts.page_texts, LanguageOf(request));
  const std::string lang = "?lang=" + std::string(LanguageCode(words.language()));
  const std::string body = "<div class=\"narrow\"><h1>" + words("faces/missing_title") +
                           "</h1><p class=\"lead\">" + words("faces/missing_text") +
                           "</p><p><a class=\"button\" href=\"/cover" + lang + "\">" +
                           words("page/nav_cover") + "</a></p></div>";
  HttpResponse page = PageResponse(
      503, words, {words("faces/missing_title"), path, "", body, parts.agency.is_demo});
  page.rule = "faces.not_built";
  return page;
}

HttpResponse NoSuchFile(const SiteParts& parts, const HttpRequest& request) {
  return ProblemResponse(NotFound("request.path_unknown"), parts.messages, LanguageOf(request));
}

/// "/app" is where people type; everything of the app, its offline helper too, lies under "/app/".
/// So it is with the other faces.
HttpResponse ToFolder(const HttpRequest& request, std::string_view folder) {
  HttpResponse response{302, "text/plain; charset=utf-8", "", ""};
  const bool has_language = request.query.find("lang=") != std::string_view::npos;
  const std::string query =
      has_language ? "?lang=" + std::string(LanguageCode(LanguageOf(request))) : "";
  response.AddHeader("Location", std::string(folder) + query);
  return response;
}

}  // namespace

FaceFiles LoadFaces(const SiteParts& parts) {
  FaceFiles faces = FaceFiles::Load(parts.faces, parts.agency);
  if (!faces.empty()) {
    faces.Add(std::string(kSchemeFile), "text/plain; charset=utf-8",
              SerializeScheme(parts.agency.scheme), parts.agency);
  }
  return faces;
}

void AddFaceRoutes(Router& router, const SiteParts& parts, const FaceFiles& faces) {
  const auto file = [&](std::string path, std::string_view name) {
    router.Add(HttpMethod::kGet, std::move(path),
               Open(AtOnce([&parts, &faces, name](const HttpRequest& request) {
                 auto answer = faces.Answer(request, name, FaceKeeping::kAskAlways);
                 return answer ? *std::move(answer) : NoSuchFile(parts, request);
               })));
  };
  for (const Page& page : kPages) {
    router.Add(HttpMethod::kGet, std::string(page.path),
               Open(AtOnce([&parts, &faces, &page](const HttpRequest& request) {
                 auto answer = faces.Answer(request, page.file, FaceKeeping::kAskAlways);
                 return answer ? *std::move(answer) : MissingPage(parts, request, page.path);
               })));
  }
  for (const std::string_view folder : {"/app/", "/desk/", "/figures/"}) {
    router.Add(HttpMethod::kGet, std::string(folder.substr(0, folder.size() - 1)),
               Open(AtOnce([folder](const HttpRequest& r) { return ToFolder(r, folder); })));
  }
  file("/app/sw.js", "sw.js");
  file("/app/app.webmanifest", "app.webmanifest");
  file("/app/scheme.txt", kSchemeFile);
  router.Add(
      HttpMethod::kGet, "/web/{file}", Open(AtOnce([&parts, &faces](const HttpRequest& request) {
        const std::string_view name = request.Parameter("file");
        // Pages and what changes under its name are at their own paths only.
        const bool is_page =
            name.ends_with(".html") || name == "sw.js" || name.ends_with(".webmanifest");
        auto answer = is_page ? std::nullopt : faces.Answer(request, name, FaceKeeping::kForever);
        return answer ? *std::move(answer) : NoSuchFile(parts, request);
      })));
}

}  // namespace jaring
