#pragma once

// The parts of a zip archive, read as XML streams and bounded against zip bombs.

#include <zip.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct _xmlTextReader;  // NOLINT(bugprone-reserved-identifier): libxml2 names it so.

namespace jaring {

/// Limit: archives to 256 MiB and 10'000 parts; a part to 512 MiB unpacked and, past 16 MiB, to 300
///        times its packed size.
struct ZipLimits {
  static constexpr std::int64_t kMaxArchiveBytes = std::int64_t{256} << 20U;
  static constexpr std::int64_t kMaxParts = 10'000;
  static constexpr std::int64_t kMaxPartBytes = std::int64_t{512} << 20U;
  static constexpr std::int64_t kMaxRatio = 300;
  static constexpr std::int64_t kRatioFreeBytes = std::int64_t{16} << 20U;
};

struct ZipCloser {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};
using ZipArchive = std::unique_ptr<zip_t, ZipCloser>;

/// Errors: file.not_a_table, file.too_large, file.unreadable.
Result<ZipArchive> OpenZip(const std::string& path);

/// `bytes` must outlive the archive.
Result<ZipArchive> OpenZipBytes(std::string_view bytes);

/// One XML part, pulled node by node. No DTD, no entities from outside, no network.
class XmlPart {
 public:
  /// Errors: file.not_a_table when there is no such part or it cannot be opened.
  static Result<std::unique_ptr<XmlPart>> Open(zip_t* zip, const std::string& name);

  XmlPart(const XmlPart&) = delete;
  XmlPart& operator=(const XmlPart&) = delete;
  ~XmlPart();

  /// Steps to the next node; false at the end.
  ///
  /// Errors: xlsx.broken, file.too_large.
  Result<bool> Next();

  bool is_start() const;
  bool is_end() const;
  /// <a/>: a start with no end to come.
  bool is_empty() const;
  bool is_text() const;
  int depth() const;
  /// Without the namespace prefix; valid until Next.
  std::string_view name() const;
  /// Of a text node; valid until Next.
  std::string_view text() const;
  /// Without regard to prefixes; empty when absent.
  std::string Attribute(std::string_view local_name);

  std::int64_t packed_bytes() const { return packed_bytes_; }
  std::int64_t unpacked_bytes() const { return unpacked_bytes_; }
  std::int64_t unpacked_total() const { return unpacked_total_; }

 private:
  XmlPart() = default;
  static int ReadBytes(void* self, char* out, int size);

  zip_file_t* file_ = nullptr;
  _xmlTextReader* reader_ = nullptr;
  std::int64_t packed_bytes_ = 0;
  std::int64_t unpacked_total_ = 0;  // As the archive says; only for progress.
  std::int64_t unpacked_bytes_ = 0;
  bool too_large_ = false;
};

}  // namespace jaring
