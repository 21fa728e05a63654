#pragma once

// Where the bodies of requests lie while they are read: how much of them there may be in all, and
// the files of those too large for memory.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// Bytes that all connections together may hold.
///
/// Thread: any.
class ByteBudget {
 public:
  explicit ByteBudget(std::uint64_t limit) : limit_(limit) {}
  bool Take(std::uint64_t bytes);
  void Give(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const std::uint64_t limit_;
  std::atomic<std::uint64_t> used_ = 0;
};

/// What one connection holds of a budget; given back at its end. Budgets are shared by the server
/// and its connections, of which one may live on until a late answer is dropped.
///
/// Thread: one owner at a time.
class ByteShare {
 public:
  explicit ByteShare(std::shared_ptr<ByteBudget> budget) : budget_(std::move(budget)) {}
  ~ByteShare() { Clear(); }
  ByteShare(const ByteShare&) = delete;
  ByteShare& operator=(const ByteShare&) = delete;

  bool Grow(std::uint64_t bytes);
  void Clear();

 private:
  std::shared_ptr<ByteBudget> budget_;
  std::uint64_t held_ = 0;
};

/// A file without a name, mode 0600: gone when it is closed, whatever happens to the program.
///
/// Thread: one caller at a time.
class SpoolFile {
 public:
  /// Errors: request.unavailable.
  static Result<std::unique_ptr<SpoolFile>> Create(const std::string& folder,
                                                   std::shared_ptr<ByteBudget> budget);
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  /// Errors: request.unavailable: the disk or the budget is full.
  Result<Done> Append(std::string_view bytes);
  /// To the beginning, for who reads it.
  Result<Done> Rewind();

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }

 private:
  SpoolFile(int descriptor, std::shared_ptr<ByteBudget> budget)
      : descriptor_(descriptor), share_(std::move(budget)) {}

  int descriptor_;
  std::uint64_t size_ = 0;
  ByteShare share_;
};

}  // namespace jaring
