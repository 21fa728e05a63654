#include "channels/http/http_message_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <functional>
#include <vector>

namespace jaring {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxHeaders = 100;
constexpr std::size_t kKeptBody =
    std::size_t{8} * 1024;  // Larger ones are given back after the message.

}  // namespace

/// Beast's events, kept. It cannot be used twice, so each message has a new one.
class MessageReader::Parser final : public http::basic_parser<true> {
 public:
  Parser(std::vector<Field>& fields, std::string& body, ByteShare& share)
      : fields_(fields), body_(body), share_(share) {}

  void SetBuffer(const char* buffer, std::string_view bytes) {
    buffer_ = buffer;
    end_ = bytes.data() + bytes.size();
  }
  void AllowBody(std::uint64_t bytes) { body_left_ = bytes; }
  HttpMethod method() const { return method_; }
  Place target() const { return target_; }
  int version() const { return version_; }
  int hosts() const { return hosts_; }
  bool expects_continue() const { return expects_continue_; }

 private:
  using Text = boost::beast::string_view;

  Place PlaceOf(Text text, error_code& error) const {
    const std::less<> before;
    if (!text.empty() && (before(text.data(), buffer_) || before(end_, text.data()))) {
      // Only a header folded over lines is not where it was read; RFC 9112 5.2 lets us refuse it.
      error = make_error_code(http::error::bad_obs_fold);
      return {0, 0};
    }
    return {text.empty() ? 0 : static_cast<std::size_t>(text.data() - buffer_), text.size()};
  }

  void on_request_impl(http::verb verb, Text, Text target, int version,
                       error_code& error) override {
    method_ = MethodOf(verb);
    version_ = version;
    target_ = PlaceOf(target, error);
  }
  void on_response_impl(int, Text, int, error_code&) override {}
  void on_field_impl(http::field field, Text name, Text value, error_code& error) override {
    if (headers_done_) {
      return;  // A trailer; we promise nothing about those.
    }
    if (fields_.size() == kMaxHeaders) {
      error = make_error_code(http::error::header_limit);
      return;
    }
    if (field == http::field::transfer_encoding &&
        (transfer_encoded_ || !boost::beast::iequals(value, "chunked"))) {
      // Read otherwise by somebody between us and the client, it would hide a second request.
      error = make_error_code(http::error::bad_transfer_encoding);
      return;
    }
    transfer_encoded_ = transfer_encoded_ || field == http::field::transfer_encoding;
    hosts_ += field == http::field::host ? 1 : 0;
    expects_continue_ = expects_continue_ || field == http::field::expect;
    fields_.push_back({PlaceOf(name, error), PlaceOf(value, error)});
  }
  void on_header_impl(error_code&) override { headers_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Text body, error_code& error) override {
    if (body.size() > body_left_) {
      error = make_error_code(http::error::body_limit);
      return 0;
    }
    if (!share_.Grow(body.size())) {
      error = make_error_code(http::error::buffer_overflow);
      return 0;
    }
    body_left_ -= body.size();
    body_.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code&) override {}

  static HttpMethod MethodOf(http::verb verb) {
    switch (verb) {
      case http::verb::get:
        return HttpMethod::kGet;
      case http::verb::head:
        return HttpMethod::kHead;
      case http::verb::post:
        return HttpMethod::kPost;
      case http::verb::put:
        return HttpMethod::kPut;
      case http::verb::patch:
        return HttpMethod::kPatch;
      case http::verb::delete_:
        return HttpMethod::kDelete;
      case http::verb::options:
        return HttpMethod::kOptions;
      default:
        return HttpMethod::kOther;
    }
  }

  const char* buffer_ = nullptr;
  const char* end_ = nullptr;
  std::vector<Field>& fields_;
  std::string& body_;
  ByteShare& share_;
  std::uint64_t body_left_ = 0;
  HttpMethod method_ = HttpMethod::kOther;
  Place target_ = {0, 0};
  int version_ = 11;
  int hosts_ = 0;
  bool headers_done_ = false;
  bool transfer_encoded_ = false;
  bool expects_continue_ = false;
};

class MessageReader::Message {
 public:
  Message(std::size_t header_bytes, std::shared_ptr<ByteBudget> memory)
      : share(std::move(memory)), header_bytes_(header_bytes) {
    Reset();
  }

  void Reset() {
    fields.clear();
    body.clear();
    if (body.capacity() > kKeptBody) {
      body = std::string();
    }
    share.Clear();
    parser.emplace(fields, body, share);
    parser->header_limit(static_cast<std::uint32_t>(header_bytes_));
    parser->body_limit(boost::none);  // Ours is known only with the route.
  }

  std::vector<Field> fields;
  std::string body;
  ByteShare share;
  std::optional<Parser> parser;

 private:
  std::size_t header_bytes_;
};

MessageReader::MessageReader(std::size_t header_bytes, std::shared_ptr<ByteBudget> memory)
    : message_(std::make_unique<Message>(header_bytes, std::move(memory))) {}
MessageReader::~MessageReader() = default;

MessageReader::Outcome MessageReader::Put(const char* buffer, std::string_view bytes) {
  // The shortest end of a body in chunks is "0\r\n\r\n", so with fewer bytes more must follow.
  // Beast 1.81 stops the program when it is asked for less than that at the last chunk of an empty
  // body.
  constexpr std::size_t kShortestEnd = 5;
  Parser& parser = *message_->parser;
  if (parser.is_header_done() && parser.chunked() && bytes.size() < kShortestEnd) {
    return {};
  }
  parser.SetBuffer(buffer, bytes);
  error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (!error || error == http::error::need_more) {
    return {used, {}};
  }
  if (error == http::error::body_limit) {
    return {used, "request.body_too_large"};
  }
  if (error == http::error::buffer_overflow) {
    return {used, "request.unavailable"};
  }
  if (error == http::error::header_limit) {
    return {used, "request.headers_too_large"};
  }
  return {used, "request.malformed"};
}

void MessageReader::AllowBody(std::uint64_t bytes) {
  message_->parser->AllowBody(bytes);
}
std::string MessageReader::TakeBody() {
  message_->share.Clear();
  return std::exchange(message_->body, {});
}
void MessageReader::Reset() {
  message_->Reset();
}
bool MessageReader::has_headers() const {
  return message_->parser->is_header_done();
}
bool MessageReader::is_done() const {
  return message_->parser->is_done();
}
bool MessageReader::keep_alive() const {
  return message_->parser->keep_alive();
}
HttpMethod MessageReader::method() const {
  return message_->parser->method();
}
MessageReader::Place MessageReader::target() const {
  return message_->parser->target();
}
int MessageReader::version() const {
  return message_->parser->version();
}
int MessageReader::hosts() const {
  return message_->parser->hosts();
}
bool MessageReader::expects_continue() const {
  return message_->parser->expects_continue();
}
std::optional<std::uint64_t> MessageReader::content_length() const {
  const auto length = message_->parser->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}
std::span<const MessageReader::Field> MessageReader::fields() const {
  return message_->fields;
}
std::string_view MessageReader::body() const {
  return message_->body;
}

}  // namespace jaring
