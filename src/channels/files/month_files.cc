#include <algorithm>
#include <filesystem>

#include "channels/files/month_run.h"
#include "registry/group.h"

namespace jaring {
namespace {

namespace fs = std::filesystem;

/// The partner whose code a file's name begins with, up to one of ".-_"; of several the longest.
const Partner* PartnerOfName(const std::vector<Partner>& partners, std::string_view name) {
  const Partner* found = nullptr;
  for (const Partner& partner : partners) {
    const std::string_view code = partner.code;
    const bool fits = name.size() > code.size() && name.starts_with(code) &&
                      std::string_view(".-_").find(name[code.size()]) != std::string_view::npos;
    if (fits && (found == nullptr || found->code.size() < code.size())) {
      found = &partner;
    }
  }
  return found;
}

bool IsPaymentFile(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  // Refused rows of an earlier run, also those of one that was killed while it wrote them.
  const bool is_ours = name.find(".rejected.csv") != std::string::npos;
  return entry.is_regular_file() && !name.starts_with('.') && !is_ours;
}

Result<MonthFile> FileOf(const std::vector<Partner>& partners, const std::string& asked) {
  std::string path = asked;
  const Partner* partner = nullptr;
  const std::size_t equals = asked.find('=');
  std::error_code ignored;
  if (equals != std::string::npos && !fs::exists(asked, ignored)) {
    path = asked.substr(equals + 1);
    const auto at = std::find_if(partners.begin(), partners.end(), [&](const Partner& p) {
      return p.code == std::string_view(asked).substr(0, equals);
    });
    partner = at == partners.end() ? nullptr : &*at;
  } else {
    partner = PartnerOfName(partners, fs::path(path).filename().string());
  }
  if (!fs::exists(path, ignored)) {
    return NotFound("file.not_found", path);
  }
  if (partner == nullptr) {
    return Invalid("partner.unknown", asked);
  }
  return MonthFile{path, partner->partner_id, partner->code};
}

}  // namespace

Result<std::vector<MonthFile>> FindMonthFiles(Tx& tx, const std::vector<std::string>& paths) {
  JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
  std::vector<MonthFile> files;
  for (const std::string& path : paths) {
    std::error_code problem;
    std::vector<std::string> found;
    if (!fs::is_directory(path, problem)) {
      found.push_back(path);
    } else {
      for (const fs::directory_entry& entry : fs::directory_iterator(path, problem)) {
        if (IsPaymentFile(entry)) {
          found.push_back(entry.path().string());
        }
      }
      if (problem) {
        return Error{ErrorCode::kUnavailable, "file.unreadable", path};
      }
    }
    for (const std::string& file : found) {
      JARING_ASSIGN_OR_RETURN(MonthFile known, FileOf(partners, file));
      files.push_back(std::move(known));
    }
  }
  if (files.empty()) {
    return Invalid("month.no_files");
  }
  return files;
}

}  // namespace jaring
