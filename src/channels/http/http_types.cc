#include "channels/http/http_types.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace jaring {

bool SameHeaderName(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view HttpMethodName(HttpMethod method) {
  switch (method) {
    case HttpMethod::kGet:
      return "GET";
    case HttpMethod::kHead:
      return "HEAD";
    case HttpMethod::kPost:
      return "POST";
    case HttpMethod::kPut:
      return "PUT";
    case HttpMethod::kPatch:
      return "PATCH";
    case HttpMethod::kDelete:
      return "DELETE";
    case HttpMethod::kOptions:
      return "OPTIONS";
    case HttpMethod::kOther:
      return "OTHER";
  }
  JARING_CHECK(false);
}

std::string_view HttpRequest::Header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (SameHeaderName(header.name, name)) {
      return header.value;
    }
  }
  return {};
}

std::string_view HttpRequest::Parameter(std::string_view name) const {
  for (const PathParameter& parameter : parameters) {
    if (parameter.name == name) {
      return parameter.value;
    }
  }
  JARING_CHECK(false);
}

std::string_view HttpRequest::Cookie(std::string_view name) const {
  for (const std::string_view pair : Split(Header("Cookie"), ';')) {
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && Trim(pair.substr(0, equals)) == name) {
      return Trim(pair.substr(equals + 1));
    }
  }
  return {};
}

void HttpResponse::AddHeader(std::string_view name, std::string_view value) {
  JARING_CHECK(std::none_of(value.begin(), value.end(),
                            [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  headers.append(name).append(": ").append(value).append("\r\n");
}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Drop();
    sink_ = std::move(other.sink_);
  }
  return *this;
}

void Responder::NoteCaller(std::string_view kind, std::int64_t id) {
  JARING_CHECK(sink_ != nullptr);
  sink_->NoteCaller(kind, id);
}

void Responder::Send(HttpResponse response) {
  JARING_CHECK(sink_ != nullptr);
  std::exchange(sink_, nullptr)->Deliver(std::move(response));
}

void Responder::Drop() {
  if (sink_ != nullptr) {
    std::exchange(sink_, nullptr)->Deliver(std::nullopt);
  }
}

HttpHandler AtOnce(std::function<HttpResponse(const HttpRequest&)> answer) {
  return [answer = std::move(answer)](const HttpRequest& request, Responder responder) {
    responder.Send(answer(request));
  };
}

}  // namespace jaring
