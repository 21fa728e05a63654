#include "channels/cli/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"
#include "channels/http/http_fetch.h"

namespace jaring {
namespace {

constexpr std::int64_t kMegabyte = 1'048'576;
constexpr std::int64_t kMostAMinute = 10'000'000;

// The order is that of `jaring config show` and of the example.
constexpr std::array kKeys = {
    SettingKey{"", "db", &Settings::db, "Where the data is: sqlite:FILE or postgresql://…",
               "sqlite:/var/lib/jaring/jaring.db"},
    SettingKey{"", "key_file", &Settings::key_file,
               "Key that seals identities; without it the data cannot be read. Not in backups",
               "/etc/jaring/keys/jaring.key"},
    SettingKey{"", "data_root", &Settings::data_root,
               "Folder with schemes/, data/ and migrations/; else found from the program"},
    SettingKey{"", "scheme", &Settings::scheme,
               "Folder of the scheme; else schemes/id-bpu of data_root"},

    SettingKey{"server", "listen", &Settings::listen,
               "Address and port. 127.0.0.1 is this machine only; others need TLS or a proxy"},
    SettingKey{"server", "public_url", &Settings::public_url,
               "The address as people type it, such as https://jaring.example.id"},
    SettingKey{"server", "tls_certificate", &Settings::tls_certificate,
               "Certificate chain, PEM; read again when it changes and on SIGHUP"},
    SettingKey{"server", "tls_key", &Settings::tls_key, "Its private key, PEM, mode 0600 or 0640"},
    SettingKey{"server", "behind_proxy", &Settings::behind_proxy,
               "Addresses or networks of proxies that do TLS and say who calls; spaces between"},
    SettingKey{"server", "upload_folder", &Settings::upload_folder,
               "Where large files lie while they come in; they have no names there"},

    SettingKey{"log", "file", &Settings::log_file,
               "Where to; opened anew on SIGHUP; else standard error (the journal)"},
    SettingKey{
        "log", "requests", &Settings::log_requests,
        "Which requests have a line, without personal data; notable: refused, slow, changing", "",
        0, 0, "all notable none"},

    SettingKey{"limits", "body_bytes", &Settings::body_bytes, "Largest body of a request", "",
               1'024, 64 * kMegabyte},
    SettingKey{"limits", "header_bytes", &Settings::header_bytes,
               "Largest request line and headers", "", 1'024, kMegabyte},
    SettingKey{"limits", "connections", &Settings::connections,
               "Connections at a time; needs as many open files", "", 16, 1'000'000},
    SettingKey{"limits", "header_seconds", &Settings::header_seconds, "Time to send the headers",
               "", 1, 300},
    SettingKey{"limits", "body_seconds", &Settings::body_seconds, "Time to send the body", "", 1,
               3'600},
    SettingKey{"limits", "idle_seconds", &Settings::idle_seconds, "Time between two requests", "",
               1, 3'600},
    SettingKey{"limits", "write_seconds", &Settings::write_seconds, "Time to take the answer", "",
               1, 3'600},
    SettingKey{"limits", "stop_seconds", &Settings::stop_seconds,
               "Time for running requests when told to stop", "", 0, 600},

    SettingKey{"rates", "user_reads", &Settings::user_reads,
               "Looks of one user (staff or worker) a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "user_writes", &Settings::user_writes,
               "Changes by one user (staff or worker) a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "user_payments", &Settings::user_payments,
               "Single payments by one user (staff or worker) a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "user_files", &Settings::user_files,
               "Files, exports and reports of one user (staff or worker) a minute", "", 1,
               kMostAMinute},
    SettingKey{"rates", "device_reads", &Settings::device_reads, "Looks of one device a minute", "",
               1, kMostAMinute},
    SettingKey{"rates", "device_writes", &Settings::device_writes, "Changes by one device a minute",
               "", 1, kMostAMinute},
    SettingKey{"rates", "device_payments", &Settings::device_payments,
               "Single payments by one device a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "device_files", &Settings::device_files,
               "Files, exports and reports of one device a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "partner_reads", &Settings::partner_reads,
               "Looks of one partner's client a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "partner_writes", &Settings::partner_writes,
               "Changes by one partner's client a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "partner_payments", &Settings::partner_payments,
               "Single payments by one partner's client a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "partner_files", &Settings::partner_files,
               "Files, exports and reports of one partner's client a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "stranger_reads", &Settings::stranger_reads,
               "Looks of all together who have not logged in, a minute", "", 1, kMostAMinute},
    SettingKey{"rates", "stranger_writes", &Settings::stranger_writes,
               "Notices and papers of all together who have not logged in, a minute", "", 1,
               kMostAMinute},

    SettingKey{"oidc", "issuer", &Settings::oidc_issuer,
               "Login of the agency's own (OpenID Connect): the issuer's https address"},
    SettingKey{"oidc", "client_id", &Settings::oidc_client_id, "Our name at the issuer"},
    SettingKey{"oidc", "client_secret_file", &Settings::oidc_client_secret_file,
               "File with the secret the issuer gave us, mode 0600 or 0640"},
    SettingKey{"oidc", "second_factor", &Settings::oidc_second_factor,
               "The provider asks for a second factor itself and says so (amr)"},

    SettingKey{"sms", "channel", &Settings::sms_channel,
               "How messages leave: kannel (the SMS gateway), or they stay in the outbox", "", 0, 0,
               "outbox kannel"},
    SettingKey{"sms", "url", &Settings::sms_url, "Kannel's sendsms; https when on another machine"},
    SettingKey{"sms", "user", &Settings::sms_user, "Our name in Kannel's group sendsms-user"},
    SettingKey{"sms", "password_file", &Settings::sms_password_file,
               "File with its password, mode 0600 or 0640"},
    SettingKey{"sms", "sender", &Settings::sms_sender, "What phones show as the sender"},

    SettingKey{"claims", "papers", &Settings::papers_folder,
               "Folder of the papers of claims; else FILE-papers beside the SQLite file"},
    SettingKey{"claims", "papers_s3_url", &Settings::papers_s3_url,
               "Instead of the folder: bucket of an S3 store by its path, https://store/bucket"},
    SettingKey{"claims", "papers_s3_region", &Settings::papers_s3_region, "Its region"},
    SettingKey{"claims", "papers_s3_key_id", &Settings::papers_s3_key_id, "Our access key there"},
    SettingKey{"claims", "papers_s3_secret_file", &Settings::papers_s3_secret_file,
               "File with the secret of that key, mode 0600 or 0640"},
    SettingKey{"claims", "account_name", &Settings::claims_account_name,
               "Whose account claims are paid from, as the bank has it"},
    SettingKey{"claims", "account", &Settings::claims_account, "Its number"},
    SettingKey{"claims", "bank", &Settings::claims_bank, "Code of its bank"},

    SettingKey{
        "transfer", "url", &Settings::transfer_url,
        "The bank that `jaring payout transfer` hands payouts to (SNAP): https address, no path"},
    SettingKey{"transfer", "token_path", &Settings::transfer_token_path, "Where it gives tokens"},
    SettingKey{"transfer", "path", &Settings::transfer_path, "Where it takes transfers"},
    SettingKey{"transfer", "status_path", &Settings::transfer_status_path,
               "Where it says what became of them"},
    SettingKey{"transfer", "client_key", &Settings::transfer_client_key,
               "Our X-CLIENT-KEY at the bank"},
    SettingKey{"transfer", "key_file", &Settings::transfer_key_file,
               "File with our private RSA key (PEM), mode 0600 or 0640"},
    SettingKey{"transfer", "secret_file", &Settings::transfer_secret_file,
               "File with the client secret the bank gave us, mode 0600 or 0640"},
    SettingKey{"transfer", "partner_id", &Settings::transfer_partner_id,
               "Our X-PARTNER-ID at the bank"},
    SettingKey{"transfer", "channel_id", &Settings::transfer_channel_id,
               "Our CHANNEL-ID at the bank"},
    SettingKey{"transfer", "at_once", &Settings::transfer_at_once,
               "Transfers under way to the bank at the same time", "", 1, 64},

    SettingKey{"backup", "folder", &Settings::backup_folder,
               "Where `jaring backup` writes when not told; best on another disk",
               "/var/backups/jaring"},
    SettingKey{"backup", "keep", &Settings::backup_keep,
               "How many backups stay in the folder; 0 keeps all", "", 0, 10'000},
    SettingKey{"backup", "max_age_hours", &Settings::backup_max_age_hours,
               "From this age on `jaring doctor` warns", "", 1, std::int64_t{24} * 366},
};

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + '"';
}

/// What may stand there, for the example.
std::string BoundsText(const SettingKey& key) {
  if (!key.choices.empty()) {
    return fmt::format(" ({})", key.choices);
  }
  return key.most > 0 ? fmt::format(" ({} to {})", key.least, key.most) : "";
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      corner = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string WithoutPassword(std::string text) {
  constexpr std::string_view kMask = "***";
  const std::size_t scheme = text.find("://");
  const std::size_t at = text.rfind('@');
  if (scheme != std::string::npos && at != std::string::npos && at > scheme) {
    const std::size_t colon = text.find(':', scheme + 3);
    if (colon < at) {
      text.replace(colon + 1, at - colon - 1, kMask);
    }
  }
  constexpr std::string_view kPassword = "password=";
  for (std::size_t i = text.find(kPassword); i != std::string::npos;
       i = text.find(kPassword, i + kPassword.size())) {
    const std::size_t begin = i + kPassword.size();
    const std::size_t end = std::min(text.find('&', begin), text.size());
    text.replace(begin, end - begin, kMask);
  }
  return text;
}

std::span<const SettingKey> SettingKeys() {
  return kKeys;
}

std::string SettingKey::full_name() const {
  return section.empty() ? std::string(name) : fmt::format("{}.{}", section, name);
}

std::string SettingText(const Settings& settings, const SettingKey& key) {
  if (const auto* text = std::get_if<std::string Settings::*>(&key.place)) {
    return Quoted(WithoutPassword(settings.**text));
  }
  if (const auto* number = std::get_if<std::int64_t Settings::*>(&key.place)) {
    return std::to_string(settings.**number);
  }
  return settings.*std::get<bool Settings::*>(key.place) ? "true" : "false";
}

std::string NearestSetting(std::string_view name) {
  constexpr std::size_t kLongest = 100;  // A longer name is no slip of the hand.
  name = name.substr(0, kLongest);
  std::string nearest;
  std::size_t least = kLongest * 2;
  for (const SettingKey& key : kKeys) {
    // A key in the wrong section is nearer than one that only looks alike.
    const std::size_t distance =
        std::min(EditDistance(name, key.full_name()), EditDistance(name, key.name) + 1);
    if (distance < least) {
      least = distance;
      nearest = key.full_name();
    }
  }
  return nearest;
}

std::string ExampleSettings() {
  const Settings defaults;
  std::string text =
      "# Settings of Jaring. A key that is a comment has the default shown. Unknown keys are\n"
      "# refused. `jaring --config FILE config show` prints what holds and where it comes from.\n";
  std::string_view section;
  for (const SettingKey& key : kKeys) {
    if (key.section != section) {
      section = key.section;
      text += fmt::format("\n[{}]\n", section);
    } else if (section.empty()) {
      text += '\n';
    }
    text += fmt::format("# {}{}.\n", key.help, BoundsText(key));
    text += key.example.empty() ? fmt::format("#{} = {}\n", key.name, SettingText(defaults, key))
                                : fmt::format("{} = {}\n", key.name, Quoted(key.example));
  }
  return text;
}

namespace {

/// Of an address; what is signed of a call is its whole path, so that stands in one place.
bool HasPath(std::string_view url) {
  constexpr std::size_t kWithinHost = 8;  // Of "http://" and "https://".
  const std::size_t path = url.find('/', kWithinHost);
  return path < url.size() && path + 1 < url.size();
}

}  // namespace

std::vector<Error> SettingsBook::Check() const {
  std::vector<Error> problems;
  if (values_.tls_certificate.empty() != values_.tls_key.empty()) {
    problems.push_back(Invalid("config.tls_incomplete"));
  }
  const bool has_login = !values_.oidc_issuer.empty();
  if (has_login != !values_.oidc_client_id.empty() ||
      has_login != !values_.oidc_client_secret_file.empty()) {
    problems.push_back(Invalid("config.oidc_incomplete"));
  }
  if (values_.sms_channel == "kannel" &&
      (values_.sms_user.empty() || values_.sms_password_file.empty() ||
       !IsSafeUrl(values_.sms_url))) {
    problems.push_back(Invalid("config.sms_incomplete"));
  }
  if (!values_.papers_s3_url.empty() &&
      (!IsSafeUrl(values_.papers_s3_url) || values_.papers_s3_region.empty() ||
       values_.papers_s3_key_id.empty() || values_.papers_s3_secret_file.empty() ||
       !values_.papers_folder.empty())) {
    problems.push_back(Invalid("config.papers_incomplete"));
  }
  if (!values_.transfer_url.empty() &&
      (!IsSafeUrl(values_.transfer_url) || HasPath(values_.transfer_url) ||
       values_.transfer_client_key.empty() || values_.transfer_key_file.empty() ||
       values_.transfer_secret_file.empty() || values_.transfer_partner_id.empty() ||
       values_.transfer_channel_id.empty() || values_.claims_account.empty())) {
    problems.push_back(Invalid("config.transfer_incomplete"));
  }
  return problems;
}

}  // namespace jaring
