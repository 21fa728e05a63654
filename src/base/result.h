#pragma once

// A value or an error: how every expected failure travels. Bugs use JARING_CHECK instead.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace jaring {

/// What the caller can do about a failure. channels/http maps each code to one HTTP status.
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,  // The request is wrong; sending it again cannot help.
  kNotFound,
  kConflict,     // The request is well formed but disagrees with what is stored.
  kUnavailable,  // Storage or a partner is down; a retry may help.
  kInternal,     // Our own data or code is wrong; a person must look.
};

struct Error {
  ErrorCode code;
  std::string rule;    // Stable id for clients and translations: "nik.not_sixteen_digits".
  std::string detail;  // English, for the log and the operator. Never personal data.
};

/// For outside data that breaks a rule; sending it again cannot help.
inline Error Invalid(std::string rule, std::string detail = "") {
  return {ErrorCode::kInvalidArgument, std::move(rule), std::move(detail)};
}

inline Error NotFound(std::string rule, std::string detail = "") {
  return {ErrorCode::kNotFound, std::move(rule), std::move(detail)};
}

inline Error Conflict(std::string rule, std::string detail = "") {
  return {ErrorCode::kConflict, std::move(rule), std::move(detail)};
}

inline Error Internal(std::string rule, std::string detail = "") {
  return {ErrorCode::kInternal, std::move(rule), std::move(detail)};
}

/// The value of a call that succeeds with nothing to say.
struct Done {};

/// A value or an Error. Member names follow std::expected, so the class can become an alias when
/// every compiler we use has it (clang 14 hides libstdc++'s).
template <typename T>
class [[nodiscard]] Result {
 public:
  // Both are implicit so that `return value;` and `return Error{...};` read well.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  const T& value() const& {
    JARING_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  T& value() & {
    JARING_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    JARING_CHECK(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const& {
    JARING_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

}  // namespace jaring

#define JARING_CONCAT_INNER(a, b) a##b
#define JARING_CONCAT(a, b) JARING_CONCAT_INNER(a, b)
#define JARING_ASSIGN_INNER(name, declaration, expression) \
  auto name = (expression);                                \
  if (!name) {                                             \
    return name.error();                                   \
  }                                                        \
  declaration = std::move(name).value()

/// `JARING_ASSIGN_OR_RETURN(const Bill bill, MakeBill(…));` hands an error up, else names the
/// value.
#define JARING_ASSIGN_OR_RETURN(declaration, expression) \
  JARING_ASSIGN_INNER(JARING_CONCAT(result_, __LINE__), declaration, expression)

/// Hands an error up; drops the value.
#define JARING_RETURN_IF_ERROR(expression)                   \
  do {                                                       \
    if (auto jaring_result = (expression); !jaring_result) { \
      return jaring_result.error();                          \
    }                                                        \
  } while (false)
