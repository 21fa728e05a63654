#include "channels/http/page_shell.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/money.h"
#include "channels/http/page_style.h"
#include "registry/seal.h"

namespace jaring {
namespace {

// A hanging net, drawn so small that it needs no file of its own.
constexpr std::string_view kLogo =
    R"(<svg viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor" )"
    R"(stroke-width="2.2" stroke-linecap="round"><path d="M3 8h26M4 8c0 10 5 17 12 17S28 18 28 8)"
    R"(M9 8l12 15M16 8l9 11M23 8 11 23M16 8 7 19"/></svg>)";

constexpr std::string_view kIcon =
    R"(<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' )"
    R"(viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230b5a47'/%3E%3Cpath )"
    R"(d='M5 9h22M6 9c0 9 4 15 10 15s10-6 10-15M11 9l9 12M21 9l-9 12' fill='none' stroke='white' )"
    R"(stroke-width='2.4'/%3E%3C/svg%3E">)";

/// The policy that lets only our own style in, named by its hash.
std::string ContentPolicy() {
  const std::string digest = Sha256(kPageStyle);
  std::array<unsigned char, 48> base64;
  EVP_EncodeBlock(base64.data(), reinterpret_cast<const unsigned char*>(digest.data()),
                  static_cast<int>(digest.size()));
  return "default-src 'none'; style-src 'sha256-" +
         std::string(reinterpret_cast<const char*>(base64.data())) +
         "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

// The name of a language is written in that language, for those who look for it.
constexpr std::array<std::string_view, kLanguageCount> kLanguageNames = {
    "Bahasa Indonesia", "English", "Basa Jawa", "Basa Sunda", "Basa Madhura"};

std::string LanguageLink(std::string_view path, Language language, std::string_view attributes) {
  const std::string code(LanguageCode(language));
  return "<a " + std::string(attributes) + "lang=\"" + code + "\" hreflang=\"" + code +
         "\" href=\"" + std::string(path) + "?lang=" + code + "\">" +
         std::string(kLanguageNames.at(static_cast<std::size_t>(language))) + "</a>";
}

/// All languages at the foot of the page; the one it is in is only named.
std::string LanguagesHtml(const PageWords& words, std::string_view path) {
  std::string html = "<nav class=\"langs\" aria-label=\"" + words("page/languages") + "\"><ul>";
  for (std::size_t i = 0; i < kLanguageCount; ++i) {
    const auto language = static_cast<Language>(i);
    html +=
        "<li>" +
        LanguageLink(path, language, language == words.language() ? "aria-current=\"true\" " : "") +
        "</li>";
  }
  return html + "</ul></nav>";
}

/// The key of the words as they stand in the file: "cover.title" for "cover/title".
std::string Dotted(std::string_view key) {
  std::string dotted(key);
  std::replace(dotted.begin(), dotted.end(), '/', '.');
  return dotted;
}

std::string NavLink(std::string_view href, Language language, std::string_view words,
                    bool current) {
  return "<a href=\"" + std::string(href) + "?lang=" + std::string(LanguageCode(language)) + "\"" +
         (current ? " aria-current=\"page\"" : "") + ">" + std::string(words) + "</a>";
}

/// Where staff work: small, at the foot of the page that everybody comes to first.
std::string StaffLinks(const PageWords& words) {
  const Language language = words.language();
  return "<p>" + words("faces/for_staff") + " " +
         NavLink("/desk/", language, words("faces/desk"), /*current=*/false) + ", " +
         NavLink("/figures/", language, words("faces/figures"), /*current=*/false) + "</p>";
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string PageWords::operator()(std::string_view key,
                                  std::initializer_list<std::string_view> arguments) const {
  std::string words = EscapeHtml(TextOf(key));
  std::size_t number = 0;
  for (const std::string_view argument : arguments) {
    const std::string place = "{" + std::to_string(number++) + "}";
    if (const std::size_t at = words.find(place); at != std::string::npos) {
      words.replace(at, place.size(), EscapeHtml(argument));
    }
  }
  return words;
}

std::string PageWords::TextOf(std::string_view key) const {
  return texts_.Text(Dotted(key), language_);
}

bool PageWords::Has(std::string_view key) const {
  return texts_.Has(Dotted(key));
}

std::string PageWords::Day(Date date) const {
  return std::to_string(date.day()) + " " + MonthName(date.month());
}

std::string PageWords::MonthName(Month month) const {
  const std::string number = std::to_string(100 + month.month()).substr(1);
  return TextOf("months/m" + number) + " " + std::to_string(month.year());
}

std::string PageWords::Number(std::int64_t number) const {
  std::string text = FormatRupiah(Money::FromRupiah(number));
  if (language_ == Language::kEnglish) {
    for (char& c : text) {
      c = c == '.' ? ',' : c;
    }
  }
  return text;
}

HttpResponse PageResponse(int status, const PageWords& words, const PageFrame& frame) {
  static const std::string policy = ContentPolicy();
  const Language language = words.language();
  const Language other =
      language == Language::kIndonesian ? Language::kEnglish : Language::kIndonesian;
  std::string page = "<!doctype html>\n<html lang=\"" + std::string(LanguageCode(language)) +
                     "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width="
                     "device-width,initial-scale=1\"><title>" +
                     frame.title + " · " + words("page/brand") + "</title>" + std::string(kIcon) +
                     "<style>" + std::string(kPageStyle) + "</style></head><body>";
  page += "<a class=\"skip\" href=\"#content\">" + words("page/skip") + "</a>";
  page += "<header class=\"top\"><div><a class=\"brand\" href=\"/?lang=" +
          std::string(LanguageCode(language)) + "\">" + std::string(kLogo) + words("page/brand") +
          "</a>" + LanguageLink(frame.path, other, "class=\"lang\" ") + "<nav aria-label=\"" +
          words("page/menu") + "\">";
  page += NavLink("/", language, words("page/nav_overview"), frame.current == "overview");
  page += NavLink("/cover", language, words("page/nav_cover"), frame.current == "cover");
  page += NavLink("/masuk", language, words("page/nav_login"), frame.current == "login");
  page += "</nav></div></header><main id=\"content\">" + frame.body + "</main>";
  page += "<footer class=\"foot\"><div>" + LanguagesHtml(words, frame.path) +
          "<p><a href=\"/app/?lang=" + std::string(LanguageCode(language)) + "\">" +
          words("faces/open_app") + "</a></p>" +
          (frame.current == "overview" ? StaffLinks(words) : "") + "<p>" + words("page/tagline") +
          "." + (frame.current == "login" ? "" : " " + words("page/footer")) +
          (frame.is_demo ? " " + words("page/demo") : "") + "</p></div></footer></body></html>\n";
  HttpResponse response{status, kHtmlType, std::move(page), ""};
  response.AddHeader("Content-Security-Policy", policy);
  response.AddHeader("Content-Language", LanguageCode(language));
  return response;
}

}  // namespace jaring
