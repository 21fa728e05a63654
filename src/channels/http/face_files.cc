#include "channels/http/face_files.h"

#include <zlib.h>

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMostFiles = 500;
constexpr std::uintmax_t kMostBytes = std::uintmax_t{4} << 20;

// Only these are ever served; a stray file in the folder is not.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes = {{
    {".html", kHtmlType},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", kJsonType},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".wasm", "application/wasm"},
    {".webmanifest", "application/manifest+json"},
    {".opus", "audio/ogg"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view TypeOf(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) {
      return type;
    }
  }
  return {};
}

std::optional<std::string> ReadFile(const std::filesystem::path& path) {
  std::error_code failed;
  // A link could lead anywhere.
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, failed)) ||
      std::filesystem::file_size(path, failed) > kMostBytes) {
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? std::optional(text.str()) : std::nullopt;
}

/// Nothing when it would not get smaller.
std::optional<std::string> Gzip(const std::string& body) {
  constexpr int kGzipWindow = 15 + 16;
  constexpr int kMemory = 9;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(body.size())), '\0');
  // zlib takes a mutable pointer and only reads.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return done && packed.size() < body.size() ? std::optional(std::move(packed)) : std::nullopt;
}

// Scripts, styles and calls from here only. 'wasm-unsafe-eval' lets the rules be compiled; it lets
// no text become script.
constexpr std::string_view kFacePolicy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' "
    "data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

}  // namespace

bool TakesCoding(std::string_view accept_encoding, std::string_view coding) {
  for (const std::string_view item : Split(accept_encoding, ',')) {
    const std::size_t semicolon = item.find(';');
    if (!SameHeaderName(Trim(item.substr(0, semicolon)), coding)) {
      continue;
    }
    const std::string_view weight =
        semicolon == std::string_view::npos ? std::string_view() : Trim(item.substr(semicolon + 1));
    return weight.find_first_of("123456789") != std::string_view::npos || weight.empty();
  }
  return false;
}

FaceFiles FaceFiles::Load(const std::filesystem::path& folder, const Agency& agency) {
  FaceFiles faces;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    std::string name = entry.path().filename().string();
    const std::string_view type = TypeOf(name);
    if (type.empty() || faces.files_.size() == kMostFiles) {
      continue;
    }
    auto body = ReadFile(entry.path());
    if (!body) {
      continue;
    }
    const auto form = [&](std::optional<std::string> bytes) {
      return bytes ? std::optional(Form{*bytes, EtagOf(agency, *bytes)}) : std::nullopt;
    };
    File file{type, *form(std::move(body)), form(ReadFile(entry.path().string() + ".gz")),
              form(ReadFile(entry.path().string() + ".br"))};
    faces.files_.emplace(std::move(name), std::move(file));
  }
  return faces;
}

void FaceFiles::Add(std::string name, std::string_view content_type, std::string body,
                    const Agency& agency) {
  File file{content_type, {}, {}, {}};
  if (auto packed = Gzip(body)) {
    file.gzip = Form{*packed, EtagOf(agency, *packed)};
  }
  file.plain.etag = EtagOf(agency, body);
  file.plain.body = std::move(body);
  files_.insert_or_assign(std::move(name), std::move(file));
}

std::optional<HttpResponse> FaceFiles::Answer(const HttpRequest& request, std::string_view name,
                                              FaceKeeping keeping) const {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    return std::nullopt;
  }
  const File& file = found->second;
  const std::string_view accepted = request.Header("Accept-Encoding");
  const Form* form = &file.plain;
  std::string_view coding;
  if (file.brotli && TakesCoding(accepted, "br")) {
    form = &*file.brotli;
    coding = "br";
  } else if (file.gzip && TakesCoding(accepted, "gzip")) {
    form = &*file.gzip;
    coding = "gzip";
  }
  const bool known = HasVersion(request, form->etag);
  HttpResponse response{known ? 304 : 200, file.content_type, known ? "" : form->body, ""};
  response.AddHeader("ETag", form->etag);
  response.AddHeader("Vary", "Accept-Encoding");
  response.AddHeader("Cache-Control", keeping == FaceKeeping::kForever
                                          ? "public, max-age=31536000, immutable"
                                          : "no-cache");
  if (!coding.empty() && !known) {
    response.AddHeader("Content-Encoding", coding);
  }
  if (file.content_type == kHtmlType || name.ends_with(".js")) {
    response.AddHeader("Content-Security-Policy", kFacePolicy);
  }
  return response;
}

}  // namespace jaring
