// Any bytes as a form, a Basic header, a network list or a public key: no crash, and what is read
// is read again in its plain form.

#include "channels/http/form.h"

#include <cstddef>
#include <cstdint>

#include "access/address_list.h"
#include "access/signing_key.h"
#include "base/base64.h"
#include "base/check.h"
#include "channels/http/oauth_api.h"
#include "channels/http/oidc_provider.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto fields = ParseForm(text)) {
    std::string plain;
    for (const FormField& field : *fields) {
      plain += (plain.empty() ? "" : "&") + EncodeForm(field.name) + "=" + EncodeForm(field.value);
    }
    const auto again = ParseForm(plain);
    JARING_CHECK(again && again->size() == fields->size());
    for (std::size_t i = 0; i < fields->size(); ++i) {
      JARING_CHECK((*again)[i].name == (*fields)[i].name);
      JARING_CHECK((*again)[i].value == (*fields)[i].value);
    }
  }
  static_cast<void>(ParseBasic(text));
  static_cast<void>(IsSafeUrl(text));
  if (const auto bytes = FromBase64(text)) {
    JARING_CHECK(ToBase64(*bytes) == text);
  }
  if (const auto bytes = FromBase64Url(text)) {
    JARING_CHECK(ToBase64Url(*bytes) == text);
  }
  if (const auto list = AddressList::Parse(text)) {
    JARING_CHECK(AddressList::Parse(list->text())->text() == list->text());
  }
  if (const auto key = ParsePublicKey(text)) {
    JARING_CHECK(*ParsePublicKey(ToBase64(*key)) == *key);
  }
  return 0;
}
