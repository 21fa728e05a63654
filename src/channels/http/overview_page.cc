#include "channels/http/overview_page.h"

#include "channels/http/form.h"
#include "channels/http/page_shell.h"

namespace jaring {
namespace {

std::string FigureCard(const PageWords& words, std::string_view style, std::string_view name,
                       std::int64_t figure, const std::string& about) {
  const bool is_money = name == "overview/money";
  return "<div class=\"" + std::string(style) + "\"><dt>" + words(name) +
         "</dt><dd class=\"big\">" + (is_money ? "Rp&nbsp;" : "") + words.Number(figure) +
         "</dd><dd class=\"soft\">" + about + "</dd></div>";
}

std::string ShareText(const PageWords& words, std::int64_t part, std::int64_t whole) {
  return words("overview/share",
               {std::to_string(whole == 0 ? 0 : (part * 100 + whole / 2) / whole)});
}

/// A line of its own below the share: who came or went this month.
std::string MovedText(const PageWords& words, std::string_view name, std::int64_t people) {
  return "<br>" + words(name, {words.Number(people)});
}

std::string FigureCards(const PageWords& words, const CoverageFigures& total) {
  std::string html = "<dl class=\"figures\">";
  html += FigureCard(words, "is-money", "overview/money", total.received.rupiah(),
                     words("overview/money_about"));
  html += FigureCard(
      words, "", "overview/registered", total.registered,
      words("overview/registered_about") + MovedText(words, "overview/joined", total.joined));
  html += FigureCard(words, "is-active", "overview/active", total.active,
                     ShareText(words, total.active, total.registered) +
                         MovedText(words, "overview/returned", total.returned));
  html += FigureCard(words, "is-grace", "overview/grace", total.grace,
                     ShareText(words, total.grace, total.registered));
  html += FigureCard(words, "is-lapsed", "overview/lapsed", total.lapsed,
                     ShareText(words, total.lapsed, total.registered) +
                         MovedText(words, "overview/lost", total.lost));
  return html + "</dl>";
}

/// Shares of those registered, in tenths of a per cent; the figures stand beside it in words.
std::string ShareBar(const CoverageFigures& figures) {
  std::string html =
      "<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      "<rect class=\"b-rest\" width=\"1000\" height=\"10\"/>";
  std::int64_t from = 0;
  const auto add = [&](std::string_view style, std::int64_t count) {
    const std::int64_t width = figures.registered == 0 ? 0 : count * 1000 / figures.registered;
    html += "<rect class=\"" + std::string(style) + "\" x=\"" + std::to_string(from) +
            "\" width=\"" + std::to_string(width) + "\" height=\"10\"/>";
    from += width;
  };
  add("b-active", figures.active);
  add("b-grace", figures.grace);
  add("b-lapsed", figures.lapsed);
  return html + "</svg>";
}

/// Carries its column's name, which a phone shows beside the figure.
std::string FigureCell(const PageWords& words, std::string_view column, std::int64_t figure) {
  const std::string name(column);
  return "<td role=\"cell\" class=\"" + name + "\" data-name=\"" + words("overview/" + name) +
         "\">" + words.Number(figure) + "</td>";
}

/// Roles are said outright: on a phone the rows are laid out as blocks, which would hide them.
std::string ReportTable(const PageWords& words, std::string_view title,
                        const CoverageReport& report) {
  std::string html = "<section class=\"card\"><table role=\"table\"><caption>" + words(title) +
                     "</caption><thead role=\"rowgroup\"><tr role=\"row\">";
  for (const std::string_view column :
       {"overview/name", "overview/registered", "overview/active", "overview/grace",
        "overview/lapsed", "overview/money", "overview/bar"}) {
    const std::string name(column.substr(column.find('/') + 1));  // Also the style of its key.
    html += "<th role=\"columnheader\" scope=\"col\"><span class=\"key key-" + name +
            "\"></span>&#8288;" + words(column) + "</th>";
  }
  html += "</tr></thead><tbody role=\"rowgroup\">";
  for (const CoverageReportRow& row : report.rows) {
    const CoverageFigures& figures = row.figures;
    if (figures.registered == 0 && figures.received.is_zero()) {
      continue;
    }
    html += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" +
            EscapeHtml(row.name.empty() ? row.code : row.name) + "</th>";
    html += FigureCell(words, "registered", figures.registered);
    html += FigureCell(words, "active", figures.active);
    html += FigureCell(words, "grace", figures.grace);
    html += FigureCell(words, "lapsed", figures.lapsed);
    html += FigureCell(words, "money", figures.received.rupiah());
    html += "<td role=\"cell\" class=\"bar\">" + ShareBar(figures) + "</td></tr>";
  }
  return html + "</tbody></table></section>";
}

/// Sectors have their names from the scheme, in both languages.
void NameSectors(const Scheme& scheme, Language language, CoverageReport& report) {
  for (CoverageReportRow& row : report.rows) {
    if (const auto sector = FindSector(scheme, row.code)) {
      row.name = language == Language::kEnglish ? scheme.sectors[*sector].name_en
                                                : scheme.sectors[*sector].name_id;
    }
  }
}

}  // namespace

HttpResponse OverviewPage(const SiteParts& parts, const HttpRequest& request,
                          const CoverageFilter& filter) {
  const PageWords words(parts.page_texts, LanguageOf(request));
  const Month month = parts.now().JakartaDate().month();
  CoverageReport by_branch;
  CoverageReport by_sector;
  const auto read = parts.database.Read([&](Tx& tx) -> Result<Done> {
    const Scheme& scheme = parts.agency.scheme;
    JARING_ASSIGN_OR_RETURN(by_branch,
                            ReportCoverage(tx, scheme, month, ReportBy::kBranch, filter));
    JARING_ASSIGN_OR_RETURN(by_sector,
                            ReportCoverage(tx, scheme, month, ReportBy::kSector, filter));
    return Done{};
  });
  if (!read) {
    return ErrorPage(parts, read.error(), request);
  }
  NameSectors(parts.agency.scheme, words.language(), by_sector);
  const auto fields = ParseForm(request.query);
  const bool live = !fields || FindField(*fields, "live") != "0";
  const std::string language(LanguageCode(words.language()));
  const std::string title = words("overview/title", {words.MonthName(month)});
  std::string body = "<h1>" + title + "</h1><p class=\"lead\">" +
                     words(live ? "overview/lead" : "overview/lead_paused") +
                     " <a href=\"/?lang=" + language + (live ? "&amp;live=0\">" : "\">") +
                     words(live ? "overview/pause" : "overview/resume") + "</a></p>";
  body += FigureCards(words, by_branch.total);
  if (by_branch.total.registered == 0) {
    body += "<p class=\"card\">" + words("overview/empty") + "</p>";
  } else {
    body += ReportTable(words, "overview/by_branch", by_branch);
    body += ReportTable(words, "overview/by_sector", by_sector);
  }
  HttpResponse response =
      PageResponse(200, words, {title, "/", "overview", std::move(body), parts.agency.is_demo});
  if (live) {
    response.AddHeader("Refresh", "5");
  }
  return response;
}

}  // namespace jaring
