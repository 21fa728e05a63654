#include "channels/http/readiness.h"

namespace jaring {
namespace {

/// What a probe may know of an error: its rule, never its detail.
std::string Told(std::string_view what, const Error& error) {
  return std::string(what) + ": " + error.rule;
}

}  // namespace

std::vector<std::string> FindUnready(const ReadinessParts& parts) {
  std::vector<std::string> unready;
  if (parts.is_stopping && parts.is_stopping()) {
    unready.emplace_back("stopping");
  }
  const auto look = [&](Tx& tx) -> Result<Done> {
    if (!parts.migrations.empty()) {
      if (const auto schema = CheckAgencySchema(tx, parts.migrations); !schema) {
        unready.push_back(Told("schema", schema.error()));
        return Done{};
      }
    }
    if (const auto fits = CheckAgency(tx, parts.agency.scheme, parts.agency.sealer); !fits) {
      unready.push_back(Told("key", fits.error()));
    }
    // While it is being moved it can be read, which is better than nothing.
    if (const auto open = CheckOpenForWriting(tx); !open && open.error().rule == "db.moved") {
      unready.push_back(Told("database", open.error()));
    }
    return Done{};
  };
  if (const auto read = parts.database.Read(look); !read) {
    unready.push_back(Told("database", read.error()));
  }
  if (!parts.data_folder.empty()) {
    std::error_code failed;
    const auto space = std::filesystem::space(parts.data_folder, failed);
    if (failed || space.available < kLeastRoom) {
      unready.emplace_back("disk: no room");
    }
  }
  return unready;
}

HttpResponse ReadinessAnswer(const ReadinessParts& parts) {
  constexpr std::string_view kPlain = "text/plain; charset=utf-8";
  std::string text;
  for (const std::string& line : FindUnready(parts)) {
    text += line + "\n";
  }
  return text.empty() ? HttpResponse{200, kPlain, "ready\n", ""}
                      : HttpResponse{503, kPlain, text, "Retry-After: 1\r\n"};
}

}  // namespace jaring
