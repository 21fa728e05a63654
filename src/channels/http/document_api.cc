#include "channels/http/document_api.h"

#include <fstream>
#include <sstream>

#include "channels/http/page_shell.h"

namespace jaring {
namespace {

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

void AddDocumentRoutes(Router& router, const SiteParts& parts) {
  router.Add(HttpMethod::kGet, "/openapi.yaml",
             Open(AtOnce([text = ReadText(parts.openapi)](const HttpRequest&) {
               return HttpResponse{200, "application/yaml", text, "Cache-Control: max-age=300\r\n"};
             })));
  const std::filesystem::path page = parts.openapi.parent_path() / "api_page.html";
  router.Add(HttpMethod::kGet, "/docs",
             Open(AtOnce([&parts, body = ReadText(page)](const HttpRequest& request) {
               const PageWords words(parts.page_texts, LanguageOf(request));
               return PageResponse(200, words, {"API", "/docs", "", body, parts.agency.is_demo});
             })));
}

}  // namespace jaring
