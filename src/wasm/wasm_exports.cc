// What the browser calls in jaring_rules.wasm. Text goes in and out through linear memory; the
// module keeps no state but what the caller holds: a scheme handle and the texts it has not freed.
//
//   p = jaring_alloc(n)                 n bytes for the caller to write
//   s = jaring_scheme(p, n)             a scheme from SerializeScheme's text, 0 when malformed
//   a = jaring_ask(s, p, n)             first line the kind, then givens (wasm/question.h); the
//                                       answer is JSON, NUL at its end
//   jaring_free(p)                      for what jaring_alloc and jaring_ask gave

#include <cstdlib>
#include <cstring>
#include <memory>

#include "rules/scheme_text.h"
#include "wasm/question.h"

#ifdef __wasm__
#define JARING_EXPORT(name) extern "C" __attribute__((export_name(#name)))
#else
#define JARING_EXPORT(name) extern "C"
#endif

JARING_EXPORT(jaring_alloc) void* jaring_alloc(std::size_t size) {
  return std::malloc(size);
}

JARING_EXPORT(jaring_free) void jaring_free(void* text) {
  std::free(text);
}

JARING_EXPORT(jaring_scheme)
const jaring::Scheme* jaring_scheme(const char* text, std::size_t size) {
  auto scheme = jaring::ParseSchemeText({text, size});
  if (!scheme) {
    return nullptr;
  }
  // Lives as long as the page: a scheme is loaded once.
  return std::make_unique<jaring::Scheme>(*std::move(scheme)).release();
}

JARING_EXPORT(jaring_ask)
char* jaring_ask(const jaring::Scheme* scheme, const char* text, std::size_t size) {
  const std::string_view question(text, size);
  const std::size_t line = question.find('\n');
  const std::string_view kind = question.substr(0, line);
  const std::string_view rest =
      line == std::string_view::npos ? std::string_view() : question.substr(line + 1);
  const std::string json =
      jaring::AnswersJson(jaring::AnswerQuestion(*scheme, kind, jaring::Givens::FromLines(rest)));
  auto* answer = static_cast<char*>(std::malloc(json.size() + 1));
  if (answer != nullptr) {
    std::memcpy(answer, json.c_str(), json.size() + 1);
  }
  return answer;
}
