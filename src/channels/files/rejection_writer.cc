#include "channels/files/rejection_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "channels/files/column_map.h"
#include "channels/files/csv_writer.h"

namespace jaring {
namespace {

constexpr std::string_view kAddedColumns[] = {"row", "column", "rule", "keterangan", "explanation"};

/// A row that was refused for its bytes must still make a file that every program opens.
std::string Utf8Only(std::string_view value) {
  std::string kept(value);
  if (!IsUtf8(kept)) {
    for (char& c : kept) {
      c = static_cast<unsigned char>(c) >= 0x80 ? '?' : c;
    }
  }
  for (char& c : kept) {
    c = c == '\0' ? '?' : c;
  }
  return kept;
}

}  // namespace

std::string RejectionPath(const std::string& input_path) {
  return input_path + ".rejected.csv";
}

RejectionWriter::RejectionWriter(const std::string& input_path, const TableReader& input,
                                 const Messages& messages)
    : messages_(messages),
      path_(RejectionPath(input_path)),
      partial_path_(path_ + ".partial-" + std::to_string(::getpid())),
      header_(input.header().begin(), input.header().end()),
      separator_(input.separator()) {
  for (const std::string& name : header_) {
    kept_.push_back(!IsRejectionColumn(name));
  }
}

RejectionWriter::~RejectionWriter() {
  if (file_ != nullptr) {
    file_.reset();
    ::unlink(partial_path_.c_str());
  }
}

Error RejectionWriter::Unwritable() const {
  return {ErrorCode::kUnavailable, "rejections.unwritable", path_ + ": " + std::strerror(errno)};
}

void RejectionWriter::AppendInput(std::string_view value) {
  if (!line_.empty()) {
    line_ += separator_;
  }
  AppendCsvField(line_, Utf8Only(value), separator_);
}

void RejectionWriter::AppendAdded(std::string_view value) {
  const bool formula =
      !value.empty() && std::string_view("=+-@\t\r").find(value[0]) != std::string_view::npos;
  line_ += separator_;
  AppendCsvField(line_, (formula ? "'" : "") + std::string(value), separator_);
}

Result<Done> RejectionWriter::WriteLine() {
  line_ += '\n';
  if (std::fwrite(line_.data(), 1, line_.size(), file_.get()) != line_.size()) {
    return Unwritable();
  }
  return Done{};
}

Result<Done> RejectionWriter::Begin() {
  // The rows hold personal data: nobody but the owner reads them. A partial file of this name can
  // only be left over from a process that is gone.
  ::unlink(partial_path_.c_str());
  const int fd =
      ::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return Unwritable();
  }
  file_.reset(::fdopen(fd, "wb"));
  if (file_ == nullptr) {
    ::close(fd);
    return Unwritable();
  }
  line_.clear();
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (kept_[i]) {
      AppendInput(header_[i]);
    }
  }
  for (const std::string_view name : kAddedColumns) {
    AppendAdded(name);
  }
  return WriteLine();
}

Result<Done> RejectionWriter::Add(const TableRow& row, const RowProblem& problem) {
  if (file_ == nullptr) {
    JARING_RETURN_IF_ERROR(Begin());
  }
  line_.clear();
  bool first = true;
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (!kept_[i]) {
      continue;
    }
    std::string value(i < row.fields.size() ? row.fields[i] : std::string_view());
    if (i + 1 == header_.size()) {
      // More fields than columns: they stay with the last one, so that nothing is lost.
      for (std::size_t extra = header_.size(); extra < row.fields.size(); ++extra) {
        value += separator_;
        value += row.fields[extra];
      }
    }
    if (!first) {
      line_ += separator_;
    }
    first = false;
    AppendCsvField(line_, Utf8Only(value), separator_);
  }
  AppendAdded(std::to_string(problem.row));
  AppendAdded(problem.column);
  AppendAdded(problem.rule);
  AppendAdded(messages_.Text(problem.rule, Language::kIndonesian));
  AppendAdded(messages_.Text(problem.rule, Language::kEnglish));
  JARING_RETURN_IF_ERROR(WriteLine());
  ++rows_;
  return Done{};
}

Result<Done> RejectionWriter::Finish() {
  if (file_ == nullptr) {
    return Done{};
  }
  const bool written = std::fflush(file_.get()) == 0 && ::fsync(::fileno(file_.get())) == 0;
  const Error failed = Unwritable();
  if (!written) {
    return failed;  // The destructor removes what there is.
  }
  file_.reset();
  if (std::rename(partial_path_.c_str(), path_.c_str()) != 0) {
    const Error not_renamed = Unwritable();
    ::unlink(partial_path_.c_str());
    return not_renamed;
  }
  return Done{};
}

}  // namespace jaring
