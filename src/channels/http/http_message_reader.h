#pragma once

// Reads one HTTP/1.1 request out of bytes as they come. Boost.Beast does the work and stays inside
// the .cc: its headers take seconds to compile.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "channels/http/http_types.h"
#include "channels/http/request_body.h"

namespace jaring {

/// Texts of the head are told as places in the caller's buffer, which may move while the rest is
/// read; the body is kept here.
///
/// Limit: 100 headers.
class MessageReader {
 public:
  struct Place {
    std::size_t begin;
    std::size_t size;
  };
  struct Field {
    Place name;
    Place value;
  };
  struct Outcome {
    std::size_t used = 0;   // Bytes taken; the rest must be handed in again, with more behind it.
    std::string_view rule;  // Why the message is refused; empty when it is not.
  };

  /// `memory`: what the bodies of all readers together may take; shared by them.
  MessageReader(std::size_t header_bytes, std::shared_ptr<ByteBudget> memory);
  ~MessageReader();
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  /// Takes the next bytes; at most up to the end of the headers, a part of the body or the end.
  /// `bytes` lies in the buffer that begins at `buffer`.
  ///
  /// Errors: request.malformed, request.headers_too_large, request.body_too_large,
  ///         request.unavailable: there is no memory for the body.
  Outcome Put(const char* buffer, std::string_view bytes);

  /// How long the body may be; none before this is called, so call it once the headers are there.
  void AllowBody(std::uint64_t bytes);
  /// The body so far, taken out; its bytes still count against AllowBody.
  std::string TakeBody();
  /// Ready for the next message.
  void Reset();

  bool has_headers() const;
  bool is_done() const;
  bool keep_alive() const;
  HttpMethod method() const;
  Place target() const;
  int version() const;  // 10 or 11.
  int hosts() const;    // Number of Host headers.
  bool expects_continue() const;
  std::optional<std::uint64_t> content_length() const;  // Absent when it is not told.
  std::span<const Field> fields() const;
  std::string_view body() const;

 private:
  class Parser;
  class Message;

  std::unique_ptr<Message> message_;
};

}  // namespace jaring
