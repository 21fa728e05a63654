#include "channels/http/cover_form.h"

#include "base/text.h"
#include "channels/http/form.h"

namespace jaring {
namespace {

std::string WithoutSeparators(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != ' ' && c != '.' && c != '-') {
      kept += c;
    }
  }
  return kept;
}

std::optional<Date> ReadBirthDate(const CoverForm& form) {
  const auto day = ParseInteger(Trim(form.day));
  const auto month = ParseInteger(Trim(form.month));
  const auto year = ParseInteger(Trim(form.year));
  if (!day || !month || !year || *day < 1 || *day > 31 || *month < 1 || *month > 12 ||
      *year < 1900 || *year > 2999) {
    return std::nullopt;
  }
  const auto date = Date::ParseNumber(*year * 10'000 + *month * 100 + *day);
  return date ? std::optional(*date) : std::nullopt;
}

const FormProblem* ProblemOf(const std::vector<FormProblem>& problems, std::string_view field) {
  for (const FormProblem& problem : problems) {
    if (problem.field == field) {
      return &problem;
    }
  }
  return nullptr;
}

std::string ProblemText(const PageWords& words, const Messages& messages,
                        const FormProblem* problem) {
  if (problem == nullptr) {
    return "";
  }
  return "<p class=\"wrong-text\" id=\"" + std::string(problem->field) + "-problem\">" +
         EscapeHtml(messages.Text(problem->rule, words.language())) + "</p>";
}

std::string DescribedBy(std::string_view field, const FormProblem* problem) {
  std::string html = " aria-describedby=\"" + std::string(field) + "-hint";
  if (problem != nullptr) {
    html += " " + std::string(field) + "-problem\" aria-invalid=\"true";
  }
  return html + "\"";
}

std::string DatePart(const PageWords& words, std::string_view name, std::string_view autocomplete,
                     const std::string& value, const FormProblem* problem) {
  const std::string id(name);
  const bool year = name == "year";
  return "<div class=\"" + id + "\"><label for=\"" + id + "\">" + words("cover/" + id) +
         "</label><input id=\"" + id + "\" name=\"" + id + "\" inputmode=\"numeric\" maxlength=\"" +
         (year ? "4" : "2") + "\" autocomplete=\"" + std::string(autocomplete) + "\" value=\"" +
         EscapeHtml(value) + "\"" + (problem == nullptr ? "" : " aria-invalid=\"true\"") +
         "></div>";
}

}  // namespace

std::string ProblemSummaryHtml(const PageWords& words, const Messages& messages,
                               const std::vector<FormProblem>& problems) {
  std::string html = "<div class=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>" +
                     words("cover/errors_title") + "</h2><ul>";
  for (const FormProblem& problem : problems) {
    const std::string text = EscapeHtml(messages.Text(problem.rule, words.language()));
    if (problem.field.empty()) {
      html += "<li>" + text + "</li>";
    } else {
      html += "<li><a href=\"#" + std::string(problem.field == "birth" ? "day" : problem.field) +
              "\">" + text + "</a></li>";
    }
  }
  return html + "</ul></div>";
}

CoverForm ReadCoverForm(std::string_view body) {
  constexpr std::size_t kLongest = 40;
  const auto fields = ParseForm(body);
  const auto value = [&](std::string_view name) {
    const auto found = fields ? FindField(*fields, name) : std::nullopt;
    return std::string(found.value_or("").substr(0, kLongest));
  };
  return {value("nik"), value("day"), value("month"), value("year")};
}

CoverQuery CheckCoverForm(const CoverForm& form, bool allow_fake) {
  CoverQuery query;
  if (auto nik = Nik::Parse(WithoutSeparators(form.nik), allow_fake)) {
    query.nik = std::move(nik).value();
  } else {
    query.problems.push_back({"nik", nik.error().rule});
  }
  query.birth_date = ReadBirthDate(form);
  if (!query.birth_date) {
    query.problems.push_back({"birth", "cover.birth_date_malformed"});
  }
  return query;
}

std::string IdentityFieldsHtml(const PageWords& words, const Messages& messages,
                               const CoverForm& form, const std::vector<FormProblem>& problems) {
  const FormProblem* nik = ProblemOf(problems, "nik");
  const FormProblem* birth = ProblemOf(problems, "birth");
  std::string html =
      std::string("<div class=\"field") + (nik == nullptr ? "" : " wrong") +
      "\"><label for=\"nik\">" + words("cover/nik_label") + "</label><p class=\"hint\" " +
      "id=\"nik-hint\">" + words("cover/nik_hint") + "</p>" + ProblemText(words, messages, nik) +
      "<input class=\"nik\" id=\"nik\" name=\"nik\" inputmode=\"numeric\" autocomplete=\"off\" " +
      "maxlength=\"24\" value=\"" + EscapeHtml(form.nik) + "\"" + DescribedBy("nik", nik) +
      "></div>";
  html += std::string("<fieldset class=\"field") + (birth == nullptr ? "" : " wrong") + "\"" +
          DescribedBy("birth", birth) + "><legend>" + words("cover/birth_label") +
          "</legend><p class=\"hint\" id=\"birth-hint\">" + words("cover/birth_hint") + "</p>" +
          ProblemText(words, messages, birth) + "<div class=\"parts\">";
  html += DatePart(words, "day", "bday-day", form.day, birth);
  html += DatePart(words, "month", "bday-month", form.month, birth);
  html += DatePart(words, "year", "bday-year", form.year, birth);
  return html + "</div></fieldset>";
}

std::string CoverFormHtml(const PageWords& words, const Messages& messages, const CoverForm& form,
                          const std::vector<FormProblem>& problems) {
  std::string html = "<div class=\"narrow\">";
  if (!problems.empty()) {
    html += ProblemSummaryHtml(words, messages, problems);
  }
  html += "<h1>" + words("cover/title") + "</h1><p class=\"lead\">" + words("cover/lead") + "</p>";
  html += "<form class=\"card\" method=\"post\" action=\"/cover?lang=" +
          std::string(LanguageCode(words.language())) + "\" novalidate>" +
          IdentityFieldsHtml(words, messages, form, problems) + "<button>" + words("cover/submit") +
          "</button></form>";
  html += "<section class=\"card\"><h2>" + words("cover/no_data_title") + "</h2><p>" +
          words("cover/no_data_text") + "</p></section></div>";
  return html;
}

}  // namespace jaring
