#pragma once

// Passwords and PINs: how they are kept (Argon2id), and which are too easy to guess.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <semaphore>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// What one hash costs. Raised over the years; older hashes are made anew at the next login.
struct PasswordCost {
  std::uint64_t passes = 2;
  std::size_t memory_bytes = 64U << 20U;
  int at_once = 4;  // Hashes made at the same time; others wait, so that memory is bounded.
};

/// Makes and checks hashes. Each takes tens of milliseconds on purpose: never inside a transaction.
///
/// Thread: any number of callers.
class PasswordHasher {
 public:
  static constexpr int kLongestWaitSeconds = 5;
  static constexpr int kMostWaiting = 8;  // Further ones are told at once that it is busy.

  explicit PasswordHasher(PasswordCost cost);

  /// Argon2id in its own text form, with its salt and cost.
  ///
  /// Errors: login.busy.
  Result<std::string> Hash(std::string_view password);

  /// Takes as long for a wrong password as for an empty `hash`, which nothing matches.
  ///
  /// Errors: login.busy.
  Result<bool> Matches(const std::string& hash, std::string_view password);

  /// True when `hash` was made at another cost than today's.
  bool IsOutdated(const std::string& hash) const;

 private:
  class Turn;

  const PasswordCost cost_;
  std::counting_semaphore<> turns_;
  std::atomic<int> waiting_ = 0;
  std::string dummy_;  // What nothing matches, at today's cost.
};

/// Passwords that are on lists of stolen ones, as the first kEntryBytes of their SHA-256.
///
/// Thread: any number of readers.
class PasswordList {
 public:
  static constexpr std::size_t kEntryBytes = 6;

  /// Reads data/passwords/breached.bin.
  ///
  /// Errors: password_list.missing, password_list.malformed.
  static Result<PasswordList> Load(const std::filesystem::path& path);

  /// True for a listed password, also in other letters, repeated, or with digits and signs at the
  /// end.
  bool Has(std::string_view password) const;
  std::size_t size() const { return entries_.size() / kEntryBytes; }

 private:
  bool HasEntry(std::string_view password) const;

  std::string entries_;  // Sorted.
};

/// Whose password it is to be.
struct PasswordOwner {
  std::string_view email;
  std::string_view name;
};

inline constexpr std::size_t kMinPasswordCharacters = 12;
inline constexpr std::size_t kMaxPasswordCharacters = 256;

/// Errors, first match wins: password.not_text, password.too_short, password.too_long,
/// password.about_owner (the e-mail, a part of it, the name, or Jaring), password.breached.
Result<Done> CheckPassword(const PasswordList& list, std::string_view password,
                           const PasswordOwner& owner);

/// A worker's PIN: six digits that are no pattern and no date of hers.
///
/// Errors: pin.not_six_digits, pin.too_easy.
Result<Done> CheckPin(std::string_view pin, std::int64_t birth_yyyymmdd);

}  // namespace jaring
