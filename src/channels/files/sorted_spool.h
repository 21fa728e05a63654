#pragma once

// Many small rows put in order with bounded memory: sorted runs on the disk, then merged.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace jaring {

/// A file of a folder that has no name and is gone with the program, however that ends.
///
/// Errors: spool.unwritable (Open, Append), spool.unreadable (ReadAt).
class RunFile {
 public:
  static Result<RunFile> Open(const std::string& folder) {
    std::string path = folder + "/jaring-spool-XXXXXX";
    const int file = mkostemp(path.data(), O_CLOEXEC);
    if (file < 0 || unlink(path.c_str()) != 0) {
      return Error{ErrorCode::kUnavailable, "spool.unwritable", folder};
    }
    return RunFile(file);
  }
  RunFile(RunFile&& other) noexcept : file_(std::exchange(other.file_, -1)), size_(other.size_) {}
  RunFile& operator=(RunFile&&) = delete;
  ~RunFile() {
    if (file_ >= 0) {
      close(file_);
    }
  }

  std::int64_t size() const { return size_; }

  Result<Done> Append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t wrote = write(file_, bytes.data(), bytes.size());
      if (wrote < 0 && errno == EINTR) {
        continue;
      }
      if (wrote <= 0) {
        return Error{ErrorCode::kUnavailable, "spool.unwritable", std::strerror(errno)};
      }
      size_ += wrote;
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return Done{};
  }

  /// Fewer bytes than asked only at the end.
  Result<std::size_t> ReadAt(std::int64_t from, char* out, std::size_t size) const {
    std::size_t got = 0;
    while (got < size) {
      const ssize_t part = pread(file_, out + got, size - got, from + static_cast<off_t>(got));
      if (part < 0 && errno == EINTR) {
        continue;
      }
      if (part < 0) {
        return Error{ErrorCode::kUnavailable, "spool.unreadable", std::strerror(errno)};
      }
      if (part == 0) {
        break;
      }
      got += static_cast<std::size_t>(part);
    }
    return got;
  }

 private:
  explicit RunFile(int file) : file_(file) {}

  int file_;
  std::int64_t size_ = 0;
};

/// Rows are a `Head`, plain data with a `text_size`, and so many bytes of text. `Less` orders
/// (head, text) pairs, no two of them alike, so that the order does not depend on how they came in.
///
/// Rows are added through writers, each used by one thread; then Finish is called once, and Next
/// gives the rows in order.
///
/// Limit:  memory_bytes for each writer, a block for each of its runs while merging; text of 65,535
///         bytes a row.
/// Errors: those of RunFile.
template <typename Head, typename Less>
class SortedSpool {
  static_assert(std::is_trivially_copyable_v<Head>);

 public:
  struct Item {
    Head head;
    std::string_view text;  // Valid until the next call of Next.
  };

  explicit SortedSpool(std::string folder) : folder_(std::move(folder)) {}

  /// Sorts and writes what is full beside whoever adds more.
  class Writer {
   public:
    Writer(SortedSpool& spool, std::size_t memory_bytes)
        : spool_(spool), limit_(memory_bytes / 2) {}
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() {
      if (writing_.valid()) {
        writing_.wait();
      }
    }

    Result<Done> Add(Head head, std::string_view text) {
      head.text_size = static_cast<decltype(head.text_size)>(text.size());
      filling_.rows.push_back({head, filling_.texts.size()});
      filling_.texts += text;
      return filling_.bytes() < limit_ ? Result<Done>(Done{}) : WriteOut();
    }

    /// Must be called before Finish.
    Result<Done> Flush() {
      JARING_RETURN_IF_ERROR(WriteOut());
      return Wait();
    }

   private:
    struct Waiting {
      Head head;
      std::size_t text;
    };
    struct Buffer {
      std::vector<Waiting> rows;
      std::string texts;

      std::size_t bytes() const { return rows.size() * sizeof(Waiting) + texts.size(); }
      std::string_view text_of(const Waiting& w) const {
        return std::string_view(texts).substr(w.text, w.head.text_size);
      }
    };

    Result<Done> Wait() { return writing_.valid() ? writing_.get() : Result<Done>(Done{}); }

    Result<Done> WriteOut() {
      JARING_RETURN_IF_ERROR(Wait());
      std::swap(filling_, full_);
      filling_.rows.clear();
      filling_.texts.clear();
      writing_ = std::async(std::launch::async, [this] { return SortAndWrite(full_); });
      return Done{};
    }

    Result<Done> SortAndWrite(Buffer& buffer) {
      if (buffer.rows.empty()) {
        return Done{};
      }
      std::sort(buffer.rows.begin(), buffer.rows.end(), [&](const Waiting& a, const Waiting& b) {
        return Less{}(Item{a.head, buffer.text_of(a)}, Item{b.head, buffer.text_of(b)});
      });
      JARING_ASSIGN_OR_RETURN(RunFile run, RunFile::Open(spool_.folder_));
      std::string block;
      for (const Waiting& waiting : buffer.rows) {
        block.append(reinterpret_cast<const char*>(&waiting.head), sizeof(Head));
        block += buffer.text_of(waiting);
        if (block.size() >= kBlockBytes) {
          JARING_RETURN_IF_ERROR(run.Append(block));
          block.clear();
        }
      }
      JARING_RETURN_IF_ERROR(run.Append(block));
      const std::lock_guard lock(spool_.mutex_);
      spool_.runs_.push_back(std::move(run));
      return Done{};
    }

    SortedSpool& spool_;
    const std::size_t limit_;
    Buffer filling_;
    Buffer full_;
    std::future<Result<Done>> writing_;
  };

  Result<Done> Finish() {
    for (const RunFile& run : runs_) {
      sources_.push_back(std::make_unique<Source>(run));
    }
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      JARING_RETURN_IF_ERROR(Push(i));
    }
    return Done{};
  }

  /// Gives the disk space and the files back; nothing can be read afterwards.
  void Close() {
    sources_.clear();
    runs_.clear();
    heap_.clear();
    given_ = kNone;
  }

  /// The next row in order; false at the end.
  Result<bool> Next(Item& item) {
    if (given_ != kNone) {
      const std::size_t from = std::exchange(given_, kNone);
      JARING_RETURN_IF_ERROR(Push(from));
    }
    if (heap_.empty()) {
      return false;
    }
    std::pop_heap(heap_.begin(), heap_.end(), Later{*this});
    given_ = heap_.back();
    heap_.pop_back();
    item = sources_[given_]->item;
    return true;
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{256} * 1024;
  static constexpr std::size_t kNone = SIZE_MAX;

  /// One run being read.
  struct Source {
    explicit Source(const RunFile& run) : file(run) {}

    /// Reads the next row into `item`; false at the end.
    Result<bool> Advance() {
      JARING_ASSIGN_OR_RETURN(const bool more, Need(sizeof(Head)));
      if (!more && at == block.size()) {
        return false;
      }
      if (!more) {
        return Error{ErrorCode::kUnavailable, "spool.unreadable", "cut off"};
      }
      std::memcpy(&item.head, block.data() + at, sizeof(Head));
      JARING_ASSIGN_OR_RETURN(const bool whole, Need(sizeof(Head) + item.head.text_size));
      if (!whole) {
        return Error{ErrorCode::kUnavailable, "spool.unreadable", "cut off"};
      }
      item.text = std::string_view(block).substr(at + sizeof(Head), item.head.text_size);
      at += sizeof(Head) + item.head.text_size;
      return true;
    }

    Result<bool> Need(std::size_t bytes) {
      if (block.size() - at < bytes) {
        block.erase(0, at);
        at = 0;
        const std::size_t kept = block.size();
        block.resize(kept + kBlockBytes);
        JARING_ASSIGN_OR_RETURN(const std::size_t got,
                                file.ReadAt(position, block.data() + kept, kBlockBytes));
        position += static_cast<std::int64_t>(got);
        block.resize(kept + got);
      }
      return block.size() >= bytes;
    }

    const RunFile& file;
    std::int64_t position = 0;
    std::string block;
    std::size_t at = 0;
    Item item;
  };

  struct Later {
    const SortedSpool& spool;
    bool operator()(std::size_t a, std::size_t b) const {
      return Less{}(spool.sources_[b]->item, spool.sources_[a]->item);
    }
  };

  Result<Done> Push(std::size_t source) {
    JARING_ASSIGN_OR_RETURN(const bool more, sources_[source]->Advance());
    if (more) {
      heap_.push_back(source);
      std::push_heap(heap_.begin(), heap_.end(), Later{*this});
    }
    return Done{};
  }

  const std::string folder_;
  std::mutex mutex_;
  std::vector<RunFile> runs_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::size_t> heap_;  // Places of sources_; the smallest item first.
  std::size_t given_ = kNone;      // The source whose item was given last.
};

}  // namespace jaring
