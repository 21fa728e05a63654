#pragma once

// What a test reads back out of a PDF, by the programs of poppler-utils.

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace jaring {

inline std::string OutputOf(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> block{};
  std::size_t got = 0;
  while (pipe != nullptr && (got = std::fread(block.data(), 1, block.size(), pipe)) > 0) {
    output.append(block.data(), got);
  }
  return pipe != nullptr && ::pclose(pipe) == 0 ? output : "failed: " + output;
}

/// A folder that is gone with the test.
class PdfFolder {
 public:
  PdfFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "jaring-pdf-XXXXXX";
    path_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string("/nonexistent");
  }
  PdfFolder(const PdfFolder&) = delete;
  PdfFolder& operator=(const PdfFolder&) = delete;
  ~PdfFolder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  std::string Write(const std::string& pdf) const {
    std::string file = path_ + "/page.pdf";
    std::ofstream(file, std::ios::binary) << pdf;
    return file;
  }
  /// Its words, laid out as on the pages; a page ends with a form feed.
  std::string TextOf(const std::string& pdf) const {
    return OutputOf("pdftotext -layout " + Write(pdf) + " -");
  }

 private:
  std::string path_;
};

}  // namespace jaring
