#include "registry/region_files.h"

#include <zlib.h>

#include <array>
#include <functional>
#include <memory>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxRows = 1'000'000;
constexpr std::size_t kMaxLineBytes = std::size_t{64} * 1024;

/// Calls `on_line` for every line after the header; plain text and gzip alike.
Result<Done> EachLine(const std::filesystem::path& file, std::string_view header,
                      const std::function<bool(std::string_view)>& on_line) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), &gzclose);
  if (!in) {
    return NotFound("region_file.unreadable", file.string());
  }
  std::string buffer(kMaxLineBytes, '\0');
  bool first = true;
  std::size_t rows = 0;
  while (gzgets(in.get(), buffer.data(), static_cast<int>(buffer.size())) != nullptr) {
    const std::string_view line = Trim(buffer.c_str());
    const bool good = first ? line == header : line.empty() || on_line(line);
    first = false;
    if (!good || ++rows > kMaxRows) {
      return Internal("region_file.malformed", file.string() + ": " + std::string(line));
    }
  }
  int error = Z_OK;
  gzerror(in.get(), &error);
  if (error != Z_OK && error != Z_STREAM_END) {
    return Internal("region_file.unreadable", file.string());
  }
  return Done{};
}

/// The last column may hold commas: it is the rest of the line, quoted or not.
std::string Unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

/// First field, second field, rest.
std::array<std::string_view, 3> ThreeFields(std::string_view line) {
  const std::size_t first = line.find(',');
  const std::size_t second = first == std::string_view::npos ? first : line.find(',', first + 1);
  if (second == std::string_view::npos) {
    return {};
  }
  return {line.substr(0, first), line.substr(first + 1, second - first - 1),
          line.substr(second + 1)};
}

}  // namespace

Result<std::vector<RegionRow>> ReadRegionFiles(const std::filesystem::path& folder) {
  std::vector<RegionRow> rows;
  const auto on_line = [&rows](std::string_view line) {
    const auto [code, parent, name] = ThreeFields(line);
    const auto code_number = ParseInteger(code);
    const auto parent_number = parent.empty() ? 0 : ParseInteger(parent);
    if (!code_number || !parent_number || name.empty()) {
      return false;
    }
    rows.push_back({*code_number, *parent_number, Unquoted(name)});
    return true;
  };
  for (const char* name : {"provinces.csv", "regencies.csv", "districts.csv", "villages.csv"}) {
    std::filesystem::path file = folder / name;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
      file += ".gz";
    }
    JARING_RETURN_IF_ERROR(EachLine(file, "code,parent,name", on_line));
  }
  return rows;
}

Result<std::vector<BranchRow>> ReadBranchFile(const std::filesystem::path& file) {
  std::vector<BranchRow> rows;
  const auto on_line = [&rows](std::string_view line) {
    const auto fields = Split(line, ',');  // code, name, regencies, status
    if (fields.size() != 4 || !IsSlug(fields[0]) || fields[1].empty()) {
      return false;
    }
    BranchRow row{std::string(fields[0]), std::string(fields[1]), {}};
    for (const std::string_view regency : Split(fields[2], ' ')) {
      const auto number = ParseInteger(regency);
      if (!number) {
        return false;
      }
      row.regency_codes.push_back(*number);
    }
    rows.push_back(std::move(row));
    return true;
  };
  JARING_RETURN_IF_ERROR(EachLine(file, "code,name,regencies,status", on_line));
  return rows;
}

}  // namespace jaring
