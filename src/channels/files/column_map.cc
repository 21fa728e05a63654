#include "channels/files/column_map.h"

#include <algorithm>

#include "base/text.h"
#include "channels/files/csv_writer.h"

namespace jaring {
namespace {

constexpr std::array<ColumnSpec, 10> kEnrolColumns = {{
    {"nik", "noktp nomorktp ktp nonik nomornik nomorindukkependudukan", ColumnNeed::kRequired},
    {"name", "nama namalengkap namapeserta fullname", ColumnNeed::kRequired},
    {"birth_date", "tanggallahir tgllahir dateofbirth dob birthdate", ColumnNeed::kRequired},
    {"sex", "jeniskelamin jk kelamin lp gender", ColumnNeed::kOptional},
    {"village_code", "kodedesa desa kelurahan kodekelurahan kodewilayah village",
     ColumnNeed::kRequired},
    {"phone", "telepon telp notelp notelepon nomortelepon nohp hp nomorhp handphone wa phonenumber",
     ColumnNeed::kOptional},
    {"trade", "pekerjaan jenispekerjaan usaha occupation job", ColumnNeed::kRequired},
    {"income", "penghasilan pendapatan penghasilanperbulan upah monthlyincome",
     ColumnNeed::kRequired},
    {"programmes", "program programs programme", ColumnNeed::kOptional},
    {"language", "bahasa", ColumnNeed::kOptional},
}};

constexpr std::array<ColumnSpec, 6> kPaymentColumns = {{
    {"bill_code", "kodeiuran kodebayar kodetagihan nomortagihan billingcode", ColumnNeed::kOneOf},
    {"nik", "noktp nomorktp ktp nonik nomornik nomorindukkependudukan", ColumnNeed::kOneOf},
    {"amount", "jumlah nominal jumlahbayar nilai", ColumnNeed::kRequired},
    {"paid_at", "tanggalbayar waktubayar tglbayar tanggal waktu paiddate", ColumnNeed::kRequired},
    {"reference", "referensi noreferensi nomorreferensi noref ref", ColumnNeed::kRequired},
    {"channel", "kanal saluran", ColumnNeed::kOptional},
}};

constexpr std::array<std::string_view, 5> kRejectionColumns = {"row", "column", "rule",
                                                               "keterangan", "explanation"};

/// "Tgl. Lahir" and "tgl_lahir" are both "tgllahir".
std::string Key(std::string_view name) {
  std::string key;
  for (const char c : ToLower(name)) {
    if (static_cast<unsigned char>(c) > ' ' &&
        std::string_view("_-./()*:\"'").find(c) == std::string_view::npos) {
      key += c;
    }
  }
  return key;
}

bool IsNamed(const ColumnSpec& column, std::string_view key) {
  if (Key(column.name) == key) {
    return true;
  }
  const auto others = Split(column.other, ' ');
  return std::find(others.begin(), others.end(), key) != others.end();
}

Result<Done> CheckNeeds(std::span<const ColumnSpec> columns, std::span<const int> places) {
  std::string choices;
  bool chosen = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].need == ColumnNeed::kRequired && places[i] < 0) {
      return Invalid("file.column_missing", std::string(columns[i].name));
    }
    if (columns[i].need == ColumnNeed::kOneOf) {
      choices += (choices.empty() ? "" : "|") + std::string(columns[i].name);
      chosen = chosen || places[i] >= 0;
    }
  }
  if (!choices.empty() && !chosen) {
    return Invalid("file.column_missing", choices);
  }
  return Done{};
}

}  // namespace

std::span<const ColumnSpec> EnrolColumns() {
  return kEnrolColumns;
}
std::span<const ColumnSpec> PaymentColumns() {
  return kPaymentColumns;
}

std::string_view ColumnName(EnrolColumn column) {
  return kEnrolColumns[static_cast<std::size_t>(column)].name;
}
std::string_view ColumnName(PaymentColumn column) {
  return kPaymentColumns[static_cast<std::size_t>(column)].name;
}

bool IsRejectionColumn(std::string_view header_name) {
  return std::find(kRejectionColumns.begin(), kRejectionColumns.end(), Key(header_name)) !=
         kRejectionColumns.end();
}

Result<ColumnMap> ColumnMap::Match(std::span<const std::string> header,
                                   std::span<const ColumnSpec> columns) {
  JARING_CHECK(columns.size() <= kMaxKnown);
  ColumnMap map;
  map.places_.fill(-1);
  for (std::size_t place = 0; place < header.size(); ++place) {
    const std::string key = Key(header[place]);
    const auto named = std::find_if(columns.begin(), columns.end(),
                                    [&](const ColumnSpec& column) { return IsNamed(column, key); });
    if (named == columns.end()) {
      if (!key.empty() && !IsRejectionColumn(header[place])) {
        map.unknown_.emplace_back(header[place]);
      }
      continue;
    }
    int& known_place = map.places_[static_cast<std::size_t>(named - columns.begin())];
    if (known_place >= 0) {
      return Invalid("file.column_repeated", std::string(named->name));
    }
    known_place = static_cast<int>(place);
  }
  JARING_RETURN_IF_ERROR(CheckNeeds(columns, map.places_));
  return map;
}

std::string_view ColumnMap::Field(const TableRow& row, std::size_t column) const {
  const int place = places_[column];
  if (place < 0 || static_cast<std::size_t>(place) >= row.fields.size()) {
    return {};
  }
  return WithoutFormulaMark(Trim(row.fields[static_cast<std::size_t>(place)]));
}

}  // namespace jaring
