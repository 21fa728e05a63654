#pragma once

// A file that came in, wherever it is kept, and where its refused rows go.

#include <memory>
#include <string>
#include <string_view>

#include "channels/files/table_reader.h"

namespace jaring {

/// Where bytes are written to, once, from the front. Nothing is there until the first Write, and
/// what is there without Finish is thrown away.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// Errors: rejections.unwritable, those of Tx. Nothing more is written after one.
  virtual Result<Done> Write(std::string_view bytes) = 0;
  /// Puts the whole in its place.
  ///
  /// Errors: as Write.
  virtual Result<Done> Finish() = 0;
};

/// Thread: one caller at a time.
class InputFile {
 public:
  virtual ~InputFile() = default;

  /// From the beginning; files are read more than once.
  ///
  /// Errors: file.not_found, file.unreadable, those of Tx.
  virtual Result<std::unique_ptr<ByteSource>> Open() const = 0;

  /// The file as a table: CSV or XLSX by what is in it.
  ///
  /// Limit:  a workbook that is not on the disk is read into memory: at most 64 MB of it.
  /// Errors: those of TableReader::Open and of Open.
  virtual Result<std::unique_ptr<TableReader>> OpenTable() const;

  /// For its refused rows.
  virtual std::unique_ptr<ByteSink> Rejections() const = 0;
  /// Where a person finds them; empty when that is not for the file to say.
  virtual std::string rejection_path() const = 0;
};

/// A file of this machine; refused rows go to FILE.rejected.csv beside it. The sink writes under
/// another name until it is finished, readable by its owner only.
class DiskFile final : public InputFile {
 public:
  explicit DiskFile(std::string path) : path_(std::move(path)) {}

  Result<std::unique_ptr<ByteSource>> Open() const override { return OpenByteSource(path_); }
  Result<std::unique_ptr<TableReader>> OpenTable() const override {
    return TableReader::Open(path_);
  }
  std::unique_ptr<ByteSink> Rejections() const override;
  std::string rejection_path() const override { return path_ + ".rejected.csv"; }

 private:
  const std::string path_;
};

/// Of the file's bytes, 64 hexadecimal digits.
///
/// Errors: those of InputFile::Open.
Result<std::string> Sha256OfFile(const InputFile& file);

}  // namespace jaring
