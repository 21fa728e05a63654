#pragma once

// The faces as they were built from web/: pages, scripts, styles, pictures and the rules as
// WebAssembly. All is read once, at the start: what was not there then does not exist, whatever a
// path says.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "channels/http/etag.h"

namespace jaring {

/// Who may keep a file, and for how long. kForever: its name holds the hash of its content.
enum class FaceKeeping : std::uint8_t { kAskAlways, kForever };

/// Limit: 500 files of at most 4 MiB each, in one folder without folders in it; others are left
/// out. Thread: any number of readers.
class FaceFiles {
 public:
  /// The files of `folder` with their .br and .gz beside them; none when it is not there.
  static FaceFiles Load(const std::filesystem::path& folder, const Agency& agency);

  bool empty() const { return files_.empty(); }
  bool Has(std::string_view name) const { return files_.find(name) != files_.end(); }

  /// Adds a file of our own making, compressed here. `content_type` is a literal.
  void Add(std::string name, std::string_view content_type, std::string body, const Agency& agency);

  /// The file in the best form the client takes, or 304; nothing when there is none of that name.
  std::optional<HttpResponse> Answer(const HttpRequest& request, std::string_view name,
                                     FaceKeeping keeping) const;

 private:
  struct Form {
    std::string body;
    std::string etag;
  };
  struct File {
    std::string_view content_type;
    Form plain;
    std::optional<Form> gzip;
    std::optional<Form> brotli;
  };

  std::map<std::string, File, std::less<>> files_;
};

/// True when an Accept-Encoding takes `coding`, "br" or "gzip"; a weight of 0 refuses it.
bool TakesCoding(std::string_view accept_encoding, std::string_view coding);

}  // namespace jaring
