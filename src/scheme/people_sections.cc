#include <fmt/format.h>

#include "scheme/section_readers.h"
#include "scheme/span_check.h"

namespace jaring {

void ReadSource(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  SourceEntry source;
  source.id = reader.Text("id");
  if (source.id.find_first_of(":, ") != std::string::npos) {
    reader.Problem("a source id holds no ':', ',' or space");
  }
  source.kind = reader.Choice<std::string>("kind", {{"law", "law"},
                                                    {"agency", "agency"},
                                                    {"public-code", "public-code"},
                                                    {"press", "press"},
                                                    {"site", "site"}});
  source.title = reader.Text("title");
  source.articles = reader.OptionalText("articles");
  source.address = reader.Text("address");
  source.read_on = reader.OptionalMonth("read_on");
  source.note = reader.OptionalText("note");
  loading.Once("source", source.id, reader.place());
  loading.source_ids.insert(source.id);
  loading.scheme.sources.push_back(std::move(source));
}

void ReadSchemeHead(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Scheme& scheme = loading.scheme;
  if (!scheme.code.empty()) {
    reader.Problem("[scheme] is there twice");
  }
  loading.scheme_place = reader.place();
  scheme.code = reader.Slug("code");
  scheme.name_id = reader.Text("name_id");
  scheme.name_en = reader.Text("name_en");
  scheme.begins = reader.OneMonth("begins");
  scheme.compulsory = reader.Programmes("compulsory");
  scheme.optional = reader.Programmes("optional");
  if ((scheme.compulsory.bits() & scheme.optional.bits()) != 0) {
    reader.Problem("a programme is both compulsory and optional");
  }
  scheme.mark = reader.ReadMark();
}

void ReadSector(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Sector sector;
  sector.code = reader.Slug("code");
  sector.name_id = reader.Text("name_id");
  sector.name_en = reader.Text("name_en");
  sector.mark = reader.ReadMark();
  loading.Once("sector", sector.code, reader.place());
  // Reliefs name sectors by the bits of 32.
  if (loading.scheme.sectors.size() == 32) {
    reader.Problem("there can be no more than 32 sectors");
    return;
  }
  loading.scheme.sectors.push_back(std::move(sector));
}

namespace {

/// Two trades must not answer to the same words, or a list would be read by luck.
void CheckTradeWords(SchemeLoading& loading, const Trade& trade, SchemeTable& reader) {
  std::set<std::string> words = {FoldWords(trade.code), FoldWords(trade.name_id),
                                 FoldWords(trade.name_en)};
  for (const std::string& alias : trade.aliases) {
    if (!words.insert(FoldWords(alias)).second) {
      reader.Problem(fmt::format("\"{}\" is there twice for this trade", alias));
    }
  }
  for (const std::string& word : words) {
    const Trade* other = FindTradeByWords(loading.scheme, word);
    if (other == nullptr || word.empty()) {
      continue;
    }
    // A sector's name means its general trade; before that is read Find gives no trade at all.
    reader.Problem(fmt::format("\"{}\" already means the trade \"{}\"", word, other->code));
  }
}

}  // namespace

void ReadTrade(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Trade trade;
  trade.number = reader.Count("number", 1, 999'999);
  trade.code = reader.Slug("code");
  const std::string sector = reader.Text("sector");
  trade.name_id = reader.Text("name_id");
  trade.name_en = reader.Text("name_en");
  trade.aliases = reader.Texts("aliases");
  trade.mark = reader.ReadMark();
  loading.Once("trade number", std::to_string(trade.number), reader.place());
  loading.Once("trade", trade.code, reader.place());
  const std::optional<std::size_t> place = FindSector(loading.scheme, sector);
  if (!place) {
    reader.Problem(fmt::format("the sector \"{}\" is not known", sector));
    return;
  }
  trade.sector = *place;
  const std::optional<std::size_t> general = FindSector(loading.scheme, trade.code);
  if (general && *general != trade.sector) {
    reader.Problem(fmt::format("\"{}\" is the code of another sector", trade.code));
  }
  CheckTradeWords(loading, trade, reader);
  loading.scheme.trades.push_back(std::move(trade));
}

void ReadParticipantKind(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  ParticipantKind kind;
  kind.code = reader.Slug("code");
  kind.name_id = reader.Text("name_id");
  kind.name_en = reader.Text("name_en");
  kind.compulsory = reader.Programmes("compulsory");
  kind.optional = reader.Programmes("optional");
  kind.months = reader.Months();
  kind.mark = reader.ReadMark();
  loading.Once("participant kind", kind.code, reader.place());
  if (!kind.compulsory.Includes(loading.scheme.compulsory)) {
    reader.Problem("what the scheme makes compulsory must be compulsory for every participant");
  }
  if ((kind.compulsory.bits() & kind.optional.bits()) != 0) {
    reader.Problem("a programme is both compulsory and optional");
  }
  loading.scheme.participant_kinds.push_back(std::move(kind));
}

void ReadIdentifier(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Identifier identifier;
  identifier.id = reader.Slug("id");
  identifier.name_id = reader.Text("name_id");
  identifier.name_en = reader.Text("name_en");
  identifier.digits = reader.Count("digits", 1, 40);
  identifier.mark = reader.ReadMark();
  loading.Once("identifier", identifier.id, reader.place());
  loading.scheme.identifiers.push_back(std::move(identifier));
}

void ReadStatement(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Statement statement;
  statement.id = reader.Slug("id");
  statement.days = reader.Days();
  statement.text_id = reader.Text("text_id");
  statement.text_en = reader.Text("text_en");
  statement.mark = reader.ReadMark();
  loading.Once("statement", statement.id, reader.place());
  loading.scheme.statements.push_back(std::move(statement));
}

void ReadFigure(SchemeLoading& loading, const TomlNode& table) {
  SchemeTable reader(loading, table);
  Figure figure;
  figure.id = reader.Slug("id");
  figure.unit = reader.Text("unit");
  figure.name_id = reader.Text("name_id");
  figure.name_en = reader.Text("name_en");
  loading.Once("figure", figure.id, reader.place());
  std::vector<std::pair<DateSpan, SchemePlace>> spans;
  for (const TomlNode* node : reader.Tables("rows")) {
    SchemeTable row(loading, *node);
    FigureRow read;
    read.days = row.Days();
    read.value = row.Number("value", 0, Money::kMaxRupiah);
    read.mark = row.ReadMark();
    spans.emplace_back(read.days, row.place());
    figure.rows.push_back(std::move(read));
  }
  CheckSpansMeet(spans, figure.id, loading.problems);
  loading.scheme.figures.push_back(std::move(figure));
}

}  // namespace jaring
