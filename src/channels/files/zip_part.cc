#include "channels/files/zip_part.h"

#include <libxml/xmlreader.h>

#include <algorithm>

namespace jaring {
namespace {

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

Result<ZipArchive> Checked(zip_t* zip) {
  ZipArchive archive(zip);
  if (zip_get_num_entries(zip, 0) > ZipLimits::kMaxParts) {
    return Invalid("file.not_a_table", "too many parts in the zip");
  }
  return archive;
}

Result<ZipArchive> FromSource(zip_source_t* source, zip_error_t& error) {
  if (source == nullptr) {
    return Invalid("file.not_a_table", zip_error_strerror(&error));
  }
  zip_stat_t status;
  zip_stat_init(&status);
  if (zip_source_stat(source, &status) == 0 &&
      status.size > static_cast<zip_uint64_t>(ZipLimits::kMaxArchiveBytes)) {
    zip_source_free(source);
    return Invalid("file.too_large", "zip archive");
  }
  zip_t* zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (zip == nullptr) {
    const std::string why = zip_error_strerror(&error);
    zip_source_free(source);
    return Invalid("file.not_a_table", why);
  }
  return Checked(zip);
}

// Nothing may be printed by the library: the error travels as a value.
void Silent(void*, const char*, xmlParserSeverities, xmlTextReaderLocatorPtr) {}

}  // namespace

Result<ZipArchive> OpenZip(const std::string& path) {
  zip_error_t error;
  zip_error_init(&error);
  auto archive = FromSource(zip_source_file_create(path.c_str(), 0, -1, &error), error);
  zip_error_fini(&error);
  return archive;
}

Result<ZipArchive> OpenZipBytes(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  auto archive = FromSource(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), error);
  zip_error_fini(&error);
  return archive;
}

Result<std::unique_ptr<XmlPart>> XmlPart::Open(zip_t* zip, const std::string& name) {
  std::unique_ptr<XmlPart> part(new XmlPart());
  zip_stat_t status;
  zip_stat_init(&status);
  if (zip_stat(zip, name.c_str(), ZIP_FL_NOCASE, &status) != 0) {
    return Invalid("file.not_a_table", "no part " + name);
  }
  const auto known = [](zip_uint64_t size) {
    return static_cast<std::int64_t>(std::min<zip_uint64_t>(size, INT64_MAX));
  };
  part->packed_bytes_ = known(status.comp_size);
  part->unpacked_total_ = known(status.size);
  part->file_ = zip_fopen_index(zip, status.index, 0);
  if (part->file_ == nullptr) {
    return Invalid("file.not_a_table", "cannot open part " + name);
  }
  part->reader_ = xmlReaderForIO(&XmlPart::ReadBytes, nullptr, part.get(), nullptr, nullptr,
                                 XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
  if (part->reader_ == nullptr) {
    return Invalid("file.not_a_table", "cannot read part " + name);
  }
  xmlTextReaderSetErrorHandler(part->reader_, &Silent, nullptr);
  return part;
}

XmlPart::~XmlPart() {
  if (reader_ != nullptr) {
    xmlFreeTextReader(reader_);
  }
  if (file_ != nullptr) {
    zip_fclose(file_);
  }
}

int XmlPart::ReadBytes(void* self, char* out, int size) {
  auto& part = *static_cast<XmlPart*>(self);
  const std::int64_t got = zip_fread(part.file_, out, static_cast<zip_uint64_t>(size));
  if (got < 0) {
    return -1;
  }
  part.unpacked_bytes_ += got;
  const bool bomb = part.unpacked_bytes_ > ZipLimits::kRatioFreeBytes &&
                    part.unpacked_bytes_ / ZipLimits::kMaxRatio > part.packed_bytes_;
  if (bomb || part.unpacked_bytes_ > ZipLimits::kMaxPartBytes) {
    part.too_large_ = true;
    return -1;
  }
  return static_cast<int>(got);
}

Result<bool> XmlPart::Next() {
  const int step = xmlTextReaderRead(reader_);
  if (too_large_) {
    return Invalid("file.too_large", "unpacked part of the workbook");
  }
  if (step < 0) {
    return Invalid("xlsx.broken", "the XML or the zip part cannot be read");
  }
  if (step == 1 && xmlTextReaderNodeType(reader_) == XML_READER_TYPE_DOCUMENT_TYPE) {
    // No spreadsheet program writes one; entities are only good for attacks here.
    return Invalid("xlsx.broken", "document type in a part");
  }
  return step == 1;
}

bool XmlPart::is_start() const {
  return xmlTextReaderNodeType(reader_) == XML_READER_TYPE_ELEMENT;
}
bool XmlPart::is_end() const {
  return xmlTextReaderNodeType(reader_) == XML_READER_TYPE_END_ELEMENT;
}
bool XmlPart::is_empty() const {
  return xmlTextReaderIsEmptyElement(reader_) == 1;
}

bool XmlPart::is_text() const {
  const int type = xmlTextReaderNodeType(reader_);
  return type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
         type == XML_READER_TYPE_WHITESPACE || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

int XmlPart::depth() const {
  return xmlTextReaderDepth(reader_);
}
std::string_view XmlPart::name() const {
  return View(xmlTextReaderConstLocalName(reader_));
}
std::string_view XmlPart::text() const {
  return View(xmlTextReaderConstValue(reader_));
}

std::string XmlPart::Attribute(std::string_view local_name) {
  std::string value;
  for (int more = xmlTextReaderMoveToFirstAttribute(reader_); more == 1;
       more = xmlTextReaderMoveToNextAttribute(reader_)) {
    if (name() == local_name) {
      value = text();
      break;
    }
  }
  xmlTextReaderMoveToElement(reader_);
  return value;
}

}  // namespace jaring
