// Any bytes as what a client sends: no crash, the same request however the network cuts it up, and
// nothing in it that could forge a line of an answer or of the log.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "channels/http/http_message_reader.h"
#include "channels/http/http_wire.h"
#include "channels/http/trace_context.h"
#include "channels/http/trusted_proxies.h"

namespace jaring {
namespace {

constexpr std::size_t kHeaderBytes = 4096;
constexpr std::uint64_t kBodyBytes = 1024;

/// What the reader made of the bytes.
struct Reading {
  bool done = false;
  bool refused = false;
  HttpMethod method = HttpMethod::kOther;
  std::string target;
  int hosts = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  bool operator==(const Reading&) const = default;
};

bool IsOneLine(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Reading Taken(const MessageReader& reader, const std::string& buffer) {
  const auto text_at = [&](MessageReader::Place place) {
    JARING_CHECK(place.begin <= buffer.size() && place.size <= buffer.size() - place.begin);
    return buffer.substr(place.begin, place.size);
  };
  Reading reading;
  reading.done = reader.is_done();
  reading.method = reader.method();
  reading.target = text_at(reader.target());
  reading.hosts = reader.hosts();
  for (const MessageReader::Field& field : reader.fields()) {
    reading.fields.emplace_back(text_at(field.name), text_at(field.value));
    JARING_CHECK(!reading.fields.back().first.empty());
    JARING_CHECK(IsOneLine(reading.fields.back().first) && IsOneLine(reading.fields.back().second));
  }
  JARING_CHECK(IsOneLine(reading.target));
  JARING_CHECK(reading.target.find(' ') == std::string::npos);
  reading.body = reader.body();
  JARING_CHECK(reading.body.size() <= kBodyBytes);
  return reading;
}

/// Hands the bytes over as a connection does, `piece` at a time.
Reading Read(std::string_view bytes, std::size_t piece) {
  const auto memory = std::make_shared<ByteBudget>(kBodyBytes * 2);
  MessageReader reader(kHeaderBytes, memory);
  std::string buffer;
  buffer.reserve(bytes.size());  // Places are told relative to it.
  std::size_t parsed = 0;
  while (!reader.is_done() && !bytes.empty()) {
    buffer.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (parsed < buffer.size() && !reader.is_done()) {
      const bool had_headers = reader.has_headers();
      const auto outcome = reader.Put(buffer.data(), std::string_view(buffer).substr(parsed));
      JARING_CHECK(outcome.used <= buffer.size() - parsed);
      parsed += outcome.used;
      if (!outcome.rule.empty()) {
        return {.refused = true};
      }
      if (!had_headers && (reader.has_headers() ? parsed : buffer.size()) > kHeaderBytes) {
        return {.refused = true};  // As the connection does.
      }
      if (!had_headers && reader.has_headers()) {
        JARING_CHECK(reader.content_length().value_or(0) == 0 || !reader.is_done());
        reader.AllowBody(kBodyBytes);
      }
      if (outcome.used == 0) {
        break;
      }
    }
  }
  return reader.has_headers() ? Taken(reader, buffer) : Reading{};
}

void LookAtHeaders(const Reading& reading) {
  static const TrustedProxies kProxies =
      *TrustedProxies::Parse({"10.0.0.0/8", "127.0.0.1", "2001:db8::/32"});
  std::vector<HttpHeader> headers;
  HttpRequest request;
  for (const auto& [name, value] : reading.fields) {
    headers.push_back({name, value});
  }
  request.headers = headers;
  HexSource source;
  RequestNames names;
  names.Renew(source, request.Header("traceparent"));
  JARING_CHECK(ParseTraceParent(names.trace_parent()).has_value());
  const auto client = kProxies.ClientBehind("127.0.0.1", headers);
  JARING_CHECK(client.address.find_first_not_of("0123456789abcdefABCDEF.:[]") ==
               std::string_view::npos);
  IsLocalHost(request.Header("Host"));
  request.Cookie("__Host-jaring");
}

}  // namespace
}  // namespace jaring

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  if (size == 0) {
    return 0;
  }
  const std::size_t piece = 1 + data[0] % 64U;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  Reading whole = Read(bytes, std::max<std::size_t>(bytes.size(), 1));
  Reading in_pieces = Read(bytes, piece);
  if (!whole.done && !in_pieces.done) {
    whole.body = in_pieces.body = "";  // The last bytes of a part may wait for those behind them.
  }
  JARING_CHECK(whole == in_pieces || whole.refused || in_pieces.refused);
  if (whole.done && !in_pieces.refused) {  // Limits are met sooner in one piece.
    JARING_CHECK(whole == in_pieces);
  }
  if (in_pieces.done) {
    LookAtHeaders(in_pieces);
  }
  return 0;
}
