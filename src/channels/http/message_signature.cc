#include "channels/http/message_signature.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxHeader = 1'024;
constexpr std::size_t kMaxComponents = 16;
constexpr std::size_t kMaxLabel = 32;
constexpr std::size_t kMaxKeyId = 100;
constexpr std::size_t kMinNonce = 16;
constexpr std::size_t kMaxNonce = 64;
constexpr std::size_t kMaxSecondsDigits = 11;

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

/// Takes a text apart from the left; whatever does not fit leaves it unwell.
class Taker {
 public:
  explicit Taker(std::string_view text) : rest_(text) {}

  bool Skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) {
      return false;
    }
    rest_.remove_prefix(expected.size());
    return true;
  }
  template <typename Allowed>
  std::string_view While(Allowed allowed) {
    std::size_t size = 0;
    while (size < rest_.size() && allowed(rest_[size])) {
      ++size;
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  /// A string of RFC 8941 without escapes: nothing we accept needs one.
  std::optional<std::string_view> Quoted() {
    if (!Skip("\"")) {
      return std::nullopt;
    }
    const std::string_view inside =
        While([](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
    return Skip("\"") ? std::optional(inside) : std::nullopt;
  }
  /// A key of RFC 8941; empty when there is none.
  std::string_view Key() {
    if (rest_.empty() || !(IsLower(rest_[0]) || rest_[0] == '*')) {
      return {};
    }
    return While([](char c) {
      return IsLower(c) || IsDigit(c) || c == '_' || c == '-' || c == '.' || c == '*';
    });
  }
  /// Bytes of RFC 8941.
  std::optional<std::string> Binary() {
    if (!Skip(":")) {
      return std::nullopt;
    }
    const std::string_view inside = While([](char c) { return c != ':'; });
    return Skip(":") ? FromBase64(inside) : std::nullopt;
  }
  /// Seconds since 1970, without sign or leading zeros.
  std::optional<Instant> Seconds() {
    const std::string_view digits = While(IsDigit);
    if (digits.empty() || digits.size() > kMaxSecondsDigits || digits[0] == '0') {
      return std::nullopt;
    }
    return Instant::FromMicros(*ParseInteger(digits) * 1'000'000);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

bool IsNamed(std::string_view name, std::string_view lower_name) {
  return name.size() == lower_name.size() &&
         std::equal(name.begin(), name.end(), lower_name.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
         });
}

/// Every request passes here: nothing is copied.
std::size_t CountOf(const HttpRequest& request, std::string_view lower_name) {
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [&](const HttpHeader& header) { return IsNamed(header.name, lower_name); }));
}

bool IsComponent(std::string_view name) {
  if (name == "@method" || name == "@path" || name == "@query" || name == "@authority") {
    return true;
  }
  // The signature cannot cover itself.
  return !name.empty() && name != "signature" && name != "signature-input" &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool TakeComponents(Taker& taker, MessageSignature& signature) {
  if (!taker.Skip("(")) {
    return false;
  }
  for (;;) {
    const auto name = taker.Quoted();
    if (!name || !IsComponent(*name) || signature.Covers(*name) ||
        signature.components.size() == kMaxComponents) {
      return false;
    }
    signature.components.emplace_back(*name);
    if (taker.Skip(")")) {
      return true;
    }
    if (!taker.Skip(" ")) {
      return false;
    }
  }
}

bool IsNonce(std::string_view text) {
  return text.size() >= kMinNonce && text.size() <= kMaxNonce &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsLower(static_cast<char>(c | 0x20)) || IsDigit(c) ||
                  std::string_view("-_+/=.").find(c) != std::string_view::npos;
         });
}

/// The five parameters, each once, in any order, and no other.
bool TakeParameters(Taker& taker, MessageSignature& signature) {
  std::vector<std::string_view> seen;
  while (taker.Skip(";")) {
    const std::string_view key = taker.Key();
    if (std::find(seen.begin(), seen.end(), key) != seen.end() || !taker.Skip("=")) {
      return false;
    }
    seen.push_back(key);
    if (key == "created" || key == "expires") {
      const auto moment = taker.Seconds();
      if (!moment) {
        return false;
      }
      (key == "created" ? signature.created : signature.expires) = *moment;
      continue;
    }
    const auto text = taker.Quoted();
    if (!text) {
      return false;
    }
    if (key == "nonce" && IsNonce(*text)) {
      signature.nonce = *text;
    } else if (key == "keyid" && !text->empty() && text->size() <= kMaxKeyId) {
      signature.key_id = *text;
    } else if (key != "alg" || *text != "ed25519") {
      return false;
    }
  }
  constexpr std::size_t kParameters = 5;
  return seen.size() == kParameters && taker.rest().empty();
}

std::string Digest(const EVP_MD* kind, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  JARING_CHECK(EVP_Digest(body.data(), body.size(), bytes.data(), &size, kind, nullptr) == 1);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

bool HasBody(const HttpRequest& request) {
  // A body that went to a file is not here to be verified: it counts, and its digest will not fit.
  const std::string_view length = request.Header("Content-Length");
  return !request.body.empty() || !request.Header("Transfer-Encoding").empty() ||
         !(length.empty() || length == "0");
}

std::optional<std::string> ValueOf(const HttpRequest& request, std::string_view component) {
  if (component == "@method") {
    return std::string(HttpMethodName(request.method));
  }
  if (component == "@path") {
    return std::string(request.path);
  }
  if (component == "@query") {
    return "?" + std::string(request.query);
  }
  if (component == "@authority") {
    return CountOf(request, "host") == 1 ? std::optional(ToLower(request.Header("Host")))
                                         : std::nullopt;
  }
  if (CountOf(request, component) != 1) {
    return std::nullopt;
  }
  return std::string(Trim(request.Header(component)));
}

}  // namespace

bool MessageSignature::Covers(std::string_view component) const {
  return std::find(components.begin(), components.end(), component) != components.end();
}

Result<std::optional<MessageSignature>> ReadMessageSignature(const HttpRequest& request) {
  const std::size_t inputs = CountOf(request, "signature-input");
  const std::size_t signatures = CountOf(request, "signature");
  if (inputs == 0 && signatures == 0) {
    return std::optional<MessageSignature>();
  }
  const std::string_view input = request.Header("Signature-Input");
  const std::string_view given = request.Header("Signature");
  const Error malformed = Invalid("signature.malformed");
  if (inputs != 1 || signatures != 1 || input.size() > kMaxHeader || given.size() > kMaxHeader) {
    return malformed;
  }
  MessageSignature signature;
  Taker taker(input);
  const std::string_view label = taker.Key();
  if (label.empty() || label.size() > kMaxLabel || !taker.Skip("=")) {
    return malformed;
  }
  signature.parameters = taker.rest();
  if (!TakeComponents(taker, signature) || !TakeParameters(taker, signature)) {
    return malformed;
  }
  Taker bytes(given);
  if (bytes.Key() != label || !bytes.Skip("=")) {
    return malformed;
  }
  auto binary = bytes.Binary();
  if (!binary || binary->size() != crypto_sign_BYTES || !bytes.rest().empty()) {
    return malformed;
  }
  signature.signature = std::move(*binary);
  return std::optional(std::move(signature));
}

Result<Done> CheckMessageSignature(const HttpRequest& request, const MessageSignature& signature,
                                   Instant now) {
  for (const std::string_view needed : {"@method", "@path", "@query"}) {
    if (!signature.Covers(needed)) {
      return Invalid("signature.component_missing");
    }
  }
  const bool covers_body = signature.Covers("content-digest");
  if (!covers_body && HasBody(request)) {
    return Invalid("signature.component_missing");
  }
  if (covers_body && (CountOf(request, "content-digest") != 1 ||
                      !IsDigestOf(request.Header("Content-Digest"), request.body))) {
    return Invalid("signature.digest_wrong");
  }
  const std::int64_t lasts = signature.expires.micros() - signature.created.micros();
  if (lasts <= 0 || lasts > kLongestSignatureMicros) {
    return Invalid("signature.lasts_too_long");
  }
  if (signature.created.micros() > now.micros() + kSignatureSkewMicros) {
    return Invalid("signature.clock_differs");
  }
  if (signature.forget_at() <= now) {
    return Invalid("signature.expired");
  }
  return Done{};
}

Result<std::string> SignatureBase(const HttpRequest& request, const MessageSignature& signature) {
  std::string base;
  for (const std::string& component : signature.components) {
    const auto value = ValueOf(request, component);
    if (!value) {
      return Invalid("signature.component_missing");
    }
    base.append("\"").append(component).append("\": ").append(*value).append("\n");
  }
  return base.append("\"@signature-params\": ").append(signature.parameters);
}

Result<Done> VerifyEd25519(std::string_view public_key, std::string_view text,
                           std::string_view signature) {
  JARING_CHECK(public_key.size() == crypto_sign_PUBLICKEYBYTES);
  const auto bytes = [](std::string_view view) {
    return reinterpret_cast<const unsigned char*>(view.data());
  };
  const bool right = signature.size() == crypto_sign_BYTES &&
                     crypto_sign_verify_detached(bytes(signature), bytes(text), text.size(),
                                                 bytes(public_key)) == 0;
  return right ? Result<Done>(Done{}) : Invalid("signature.wrong");
}

bool IsDigestOf(std::string_view header, std::string_view body) {
  if (header.size() > kMaxHeader) {
    return false;
  }
  Taker taker(header);
  std::vector<std::string_view> seen;
  for (;;) {
    const std::string_view kind = taker.Key();
    if ((kind != "sha-256" && kind != "sha-512") || !taker.Skip("=") ||
        std::find(seen.begin(), seen.end(), kind) != seen.end()) {
      return false;
    }
    seen.push_back(kind);
    const auto digest = taker.Binary();
    if (!digest || *digest != Digest(kind == "sha-256" ? EVP_sha256() : EVP_sha512(), body)) {
      return false;
    }
    if (taker.rest().empty()) {
      return true;
    }
    if (!taker.Skip(", ") && !taker.Skip(",")) {
      return false;
    }
  }
}

}  // namespace jaring
