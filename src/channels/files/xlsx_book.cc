#include "channels/files/xlsx_book.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "channels/files/xlsx_value.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxRelations = 10'000;
constexpr std::size_t kMaxStyles = 70'000;

struct Relation {
  std::string id;
  std::string type;
  std::string part;
};

/// Targets are written relative to `folder`, or from the root with a '/'.
Result<std::vector<Relation>> ReadRelations(zip_t* zip, const std::string& part_name,
                                            std::string_view folder) {
  JARING_ASSIGN_OR_RETURN(const auto part, XmlPart::Open(zip, part_name));
  std::vector<Relation> relations;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, part->Next());
    if (!more || relations.size() > kMaxRelations) {
      return relations;
    }
    if (part->is_start() && part->name() == "Relationship") {
      const std::string target = part->Attribute("Target");
      relations.push_back(
          {part->Attribute("Id"), part->Attribute("Type"),
           target.starts_with('/') ? target.substr(1) : std::string(folder) + target});
    }
  }
}

std::optional<std::string> PartOfType(const std::vector<Relation>& relations,
                                      std::string_view type_end) {
  for (const Relation& relation : relations) {
    if (relation.type.ends_with(type_end)) {
      return relation.part;
    }
  }
  return std::nullopt;
}

/// Sets dates_from_1904; returns the relation id of the first visible sheet.
Result<std::string> ReadWorkbook(zip_t* zip, const std::string& part_name, XlsxBook& book) {
  JARING_ASSIGN_OR_RETURN(const auto part, XmlPart::Open(zip, part_name));
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, part->Next());
    if (!more) {
      return Invalid("file.not_a_table", "a workbook without a visible sheet");
    }
    if (!part->is_start()) {
      continue;
    }
    if (part->name() == "workbookPr") {
      const std::string flag = part->Attribute("date1904");
      book.dates_from_1904 = flag == "1" || flag == "true";
    } else if (part->name() == "sheet") {
      const std::string state = part->Attribute("state");
      if (state.empty() || state == "visible") {
        return part->Attribute("id");
      }
    }
  }
}

Result<Done> ReadStyles(zip_t* zip, const std::string& part_name, XlsxBook& book) {
  JARING_ASSIGN_OR_RETURN(const auto part, XmlPart::Open(zip, part_name));
  std::map<std::int64_t, std::string> codes;
  bool in_cell_styles = false;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, part->Next());
    if (!more) {
      return Done{};
    }
    const std::string_view name = part->name();
    if (name == "cellXfs") {
      in_cell_styles = part->is_start() && !part->is_empty();
    } else if (part->is_start() && name == "numFmt" && codes.size() < kMaxStyles) {
      codes[ParseInteger(part->Attribute("numFmtId")).value_or(0)] = part->Attribute("formatCode");
    } else if (part->is_start() && name == "xf" && in_cell_styles &&
               book.style_is_date.size() < kMaxStyles) {
      const std::int64_t id = ParseInteger(part->Attribute("numFmtId")).value_or(0);
      const auto code = codes.find(id);
      book.style_is_date.push_back(
          IsDateFormat(static_cast<int>(std::clamp<std::int64_t>(id, 0, 1'000'000)),
                       code == codes.end() ? std::string_view() : std::string_view(code->second)));
    }
  }
}

Result<Done> ReadSharedStrings(zip_t* zip, const std::string& part_name, SharedStrings& strings) {
  JARING_ASSIGN_OR_RETURN(const auto part, XmlPart::Open(zip, part_name));
  bool in_text = false;
  bool in_reading_aid = false;  // How to pronounce East Asian text: not part of the value.
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, part->Next());
    if (!more) {
      return Done{};
    }
    if (part->is_text()) {
      if (in_text && !in_reading_aid) {
        JARING_RETURN_IF_ERROR(strings.Append(part->text()));
      }
      continue;
    }
    const bool opens = part->is_start() && !part->is_empty();
    if (part->name() == "t") {
      in_text = opens;
    } else if (part->name() == "rPh") {
      in_reading_aid = opens;
    } else if (part->name() == "si" && !opens) {
      JARING_RETURN_IF_ERROR(strings.End());
    }
  }
}

}  // namespace

Result<Done> SharedStrings::Append(std::string_view text) {
  if (text_.size() + text.size() > kMaxBytes) {
    return Invalid("file.too_large", "shared strings");
  }
  text_ += text;
  return Done{};
}

Result<Done> SharedStrings::End() {
  if (ends_.size() >= kMaxStrings) {
    return Invalid("file.too_large", "shared strings");
  }
  ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  return Done{};
}

Result<XlsxBook> ReadXlsxBook(zip_t* zip) {
  XlsxBook book;
  JARING_ASSIGN_OR_RETURN(const auto roots, ReadRelations(zip, "_rels/.rels", ""));
  const auto workbook = PartOfType(roots, "/officeDocument");
  if (!workbook || !workbook->ends_with(".xml")) {
    return Invalid("file.not_a_table", "a zip that is no workbook");
  }
  const std::size_t slash = workbook->rfind('/');
  const std::string folder = slash == std::string::npos ? "" : workbook->substr(0, slash + 1);
  JARING_ASSIGN_OR_RETURN(
      const auto relations,
      ReadRelations(zip, folder + "_rels/" + workbook->substr(folder.size()) + ".rels", folder));
  JARING_ASSIGN_OR_RETURN(const std::string sheet_id, ReadWorkbook(zip, *workbook, book));
  for (const Relation& relation : relations) {
    if (relation.id == sheet_id) {
      book.sheet_part = relation.part;
    }
  }
  if (book.sheet_part.empty()) {
    return Invalid("file.not_a_table", "the first sheet is missing");
  }
  if (const auto styles = PartOfType(relations, "/styles")) {
    JARING_RETURN_IF_ERROR(ReadStyles(zip, *styles, book));
  }
  if (const auto strings = PartOfType(relations, "/sharedStrings")) {
    JARING_RETURN_IF_ERROR(ReadSharedStrings(zip, *strings, book.strings));
  }
  return book;
}

}  // namespace jaring
