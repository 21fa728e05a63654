#pragma once

// Everything an operator can set, in one place: the fields, and the table of keys that reads,
// checks and documents them. A new setting is a field here and a row in settings.cc.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "channels/http/rate_limiter.h"

namespace jaring {

inline constexpr CallerRates kDefaultRates;

/// The values, with their defaults. Empty text: not set.
struct Settings {
  std::string db = "sqlite:jaring.db";
  std::string key_file;
  std::string data_root;
  std::string scheme;

  std::string listen = "127.0.0.1:8080";
  std::string public_url;
  std::string tls_certificate;
  std::string tls_key;
  std::string behind_proxy;
  std::string upload_folder = "/var/tmp";

  std::string log_file;
  std::string log_requests = "notable";

  std::int64_t body_bytes = 1'048'576;
  std::int64_t header_bytes = 16'384;
  std::int64_t connections = 20'000;
  std::int64_t header_seconds = 10;
  std::int64_t body_seconds = 30;
  std::int64_t idle_seconds = 75;
  std::int64_t write_seconds = 30;
  std::int64_t stop_seconds = 10;

  std::int64_t user_reads = kDefaultRates.user.read;
  std::int64_t user_writes = kDefaultRates.user.write;
  std::int64_t user_payments = kDefaultRates.user.payment;
  std::int64_t user_files = kDefaultRates.user.expensive;
  std::int64_t device_reads = kDefaultRates.device.read;
  std::int64_t device_writes = kDefaultRates.device.write;
  std::int64_t device_payments = kDefaultRates.device.payment;
  std::int64_t device_files = kDefaultRates.device.expensive;
  std::int64_t partner_reads = kDefaultRates.partner.read;
  std::int64_t partner_writes = kDefaultRates.partner.write;
  std::int64_t partner_payments = kDefaultRates.partner.payment;
  std::int64_t partner_files = kDefaultRates.partner.expensive;
  std::int64_t stranger_reads = kDefaultRates.strangers.read;
  std::int64_t stranger_writes = kDefaultRates.strangers.write;

  std::string oidc_issuer;
  std::string oidc_client_id;
  std::string oidc_client_secret_file;
  bool oidc_second_factor = false;

  std::string sms_channel = "outbox";
  std::string sms_url = "http://127.0.0.1:13013/cgi-bin/sendsms";
  std::string sms_user;
  std::string sms_password_file;
  std::string sms_sender;

  std::string papers_folder;
  std::string papers_s3_url;
  std::string papers_s3_region = "us-east-1";
  std::string papers_s3_key_id;
  std::string papers_s3_secret_file;
  std::string claims_account_name;
  std::string claims_account;
  std::string claims_bank;

  std::string transfer_url;
  std::string transfer_token_path = "/v1.0/access-token/b2b";
  std::string transfer_path = "/v1.0/transfer-interbank";
  std::string transfer_status_path = "/v1.0/transfer/status";
  std::string transfer_client_key;
  std::string transfer_key_file;
  std::string transfer_secret_file;
  std::string transfer_partner_id;
  std::string transfer_channel_id;
  std::int64_t transfer_at_once = 8;

  std::string backup_folder;
  std::int64_t backup_keep = 14;
  std::int64_t backup_max_age_hours = 26;
};

/// One row of the table of keys.
struct SettingKey {
  using Place = std::variant<std::string Settings::*, std::int64_t Settings::*, bool Settings::*>;

  std::string_view section;  // Empty: before the first section.
  std::string_view name;
  Place place;
  std::string_view help;  // One line.
  std::string_view example =
      {};                  // What the packaged file sets; else the key is shown as a comment.
  std::int64_t least = 0;  // Bounds of a number.
  std::int64_t most = 0;
  std::string_view choices = {};  // Words allowed, with spaces between them; empty: any text.

  /// "server.listen".
  std::string full_name() const;
};

std::span<const SettingKey> SettingKeys();

/// "postgresql://user:secret@host/db" without the secret, and without password=… of its query.
std::string WithoutPassword(std::string text);

/// The value as the file would have it: `"text"`, `12`, `true`. A password in an address is masked.
std::string SettingText(const Settings& settings, const SettingKey& key);

/// Defaults, then a file, then the command line, each over what was before.
class SettingsBook {
 public:
  SettingsBook() : origins_(SettingKeys().size(), "default") {}

  const Settings& values() const { return values_; }
  /// "default", "FILE:LINE" or the name of the option.
  const std::string& origin(std::size_t key) const { return origins_.at(key); }
  const std::filesystem::path& file() const { return file_; }

  /// Reads a file; everything that is wrong with it, or nothing. `detail` names file, line and key,
  /// for an unknown key also the nearest known one, and never a value.
  ///
  /// Limit:  1 MiB.
  /// Errors: config.unreadable, config.malformed, config.key_unknown, config.wrong_type,
  /// config.out_of_range, config.choice_unknown.
  std::vector<Error> ReadFile(const std::filesystem::path& path);

  /// Sets a key from the command line.
  ///
  /// Errors: config.wrong_type, config.out_of_range, config.choice_unknown.
  Result<Done> Override(std::string_view section, std::string_view name, std::string_view text,
                        std::string_view option);

  /// What only shows when all are read.
  ///
  /// Errors: config.tls_incomplete, config.oidc_incomplete, config.sms_incomplete,
  /// config.transfer_incomplete, config.papers_incomplete.
  std::vector<Error> Check() const;

 private:
  friend class SettingsFile;
  Settings values_;
  std::vector<std::string> origins_;
  std::filesystem::path file_;
};

/// The documented file: packaging/jaring.toml.
std::string ExampleSettings();

/// The known key that looks most like `name`.
std::string NearestSetting(std::string_view name);

}  // namespace jaring
