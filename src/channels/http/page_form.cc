#include "channels/http/page_form.h"

#include <algorithm>

#include "base/text.h"

namespace jaring {

std::string FieldHtml(const PageField& field) {
  const std::string name(field.name);
  std::string html = "<div class=\"field\"><label for=\"" + name + "\">" + field.label + "</label>";
  if (!field.hint.empty()) {
    html += "<p class=\"hint\" id=\"" + name + "-hint\">" + field.hint + "</p>";
  }
  html += "<input id=\"" + name + "\" name=\"" + name + "\" type=\"" + std::string(field.type) +
          "\" autocomplete=\"" + std::string(field.autocomplete) + "\"";
  if (!field.hint.empty()) {
    html += " aria-describedby=\"" + name + "-hint\"";
  }
  if (!field.more.empty()) {
    html.append(" ").append(field.more);
  }
  if (!field.value.empty()) {
    html += " value=\"" + EscapeHtml(field.value) + "\"";
  }
  return html + "></div>";
}

std::string AlertHtml(const PageWords& words, std::string_view sentence) {
  return "<div class=\"errors\" role=\"alert\"><h2>" + words("cover/errors_title") + "</h2><p>" +
         EscapeHtml(sentence) + "</p></div>";
}

std::string NoticeHtml(std::string_view html) {
  return "<div class=\"card\" role=\"status\"><p><b>" + std::string(html) + "</b></p></div>";
}

std::string FormHtml(const PageWords& words, std::string_view action, const std::string& inner,
                     const std::string& button) {
  return "<form class=\"card\" method=\"post\" action=\"" + std::string(action) +
         "?lang=" + std::string(LanguageCode(words.language())) + "\" novalidate>" + inner +
         "<button>" + button + "</button></form>";
}

std::string QuietHtml(const std::string& form) {
  return "<div class=\"quiet\">" + form + "</div>";
}

std::string TickHtml(std::string_view name, const std::string& label, bool ticked) {
  const std::string id(name);
  return "<div class=\"field tick\"><input type=\"checkbox\" id=\"" + id + "\" name=\"" + id +
         "\" value=\"yes\"" + (ticked ? " checked" : "") + "><label for=\"" + id + "\">" + label +
         "</label></div>";
}

std::string HiddenHtml(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + EscapeHtml(value) +
         "\">";
}

PostedForm::PostedForm(std::string_view body) {
  if (auto fields = ParseForm(body)) {
    fields_ = std::move(fields).value();
  }
}

std::string PostedForm::operator()(std::string_view name) const {
  constexpr std::size_t kLongest = 1000;
  return std::string(FindField(fields_, name).value_or("").substr(0, kLongest));
}

std::string SafePath(std::string_view path, std::string_view otherwise) {
  constexpr std::size_t kLongest = 200;
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
    const char lower = static_cast<char>(c | 0x20);
    return IsDigit(c) || (lower >= 'a' && lower <= 'z') ||
           std::string_view("/-_.?=&").find(c) != std::string_view::npos;
  });
  // "//host" and "/\host" lead browsers to another site.
  const bool local = path.size() > 1 && path[0] == '/' && path[1] != '/';
  return std::string(plain && local && path.size() <= kLongest ? path : otherwise);
}

HttpResponse RedirectTo(std::string_view path) {
  HttpResponse response{303, kHtmlType, "", ""};
  response.AddHeader("Location", path);
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

std::string MomentText(const PageWords& words, Instant at) {
  const Date day = at.JakartaDate();
  const std::int64_t minutes = (at.micros() - Instant::StartOfDay(day).micros()) / 60'000'000;
  return words.Day(day) + ", " + std::to_string(minutes / 60) + "." +
         std::to_string(100 + minutes % 60).substr(1) + " WIB";
}

}  // namespace jaring
