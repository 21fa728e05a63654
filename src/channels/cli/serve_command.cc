#include "channels/cli/serve_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/text.h"
#include "channels/cli/papers.h"
#include "channels/cli/payout_command.h"
#include "channels/cli/secret_file.h"
#include "channels/cli/transfer_partner.h"
#include "channels/http/http_server.h"
#include "channels/http/http_site.h"
#include "channels/http/kannel_channel.h"

namespace jaring {
namespace {

// A server that sleeps in the middle of a change must not keep all the others waiting.
constexpr std::chrono::seconds kLongestIdleWrite{10};

LogRequests LogRequestsOf(std::string_view word) {
  return word == "all"    ? LogRequests::kAll
         : word == "none" ? LogRequests::kNone
                          : LogRequests::kNotable;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(text, ' ')) {
    if (!word.empty()) {
      words.emplace_back(word);
    }
  }
  return words;
}

HttpServerOptions OptionsOf(const CliContext& context, const ServeRequest& request, bool is_demo) {
  const Settings& settings = context.settings();
  HttpServerOptions options;
  options.listen = settings.listen;
  options.insecure = request.insecure && is_demo;  // Real people's data does not go in the clear.
  options.tls_certificate = settings.tls_certificate;
  options.tls_key = settings.tls_key;
  options.trusted_proxies = WordsOf(settings.behind_proxy);
  options.log_requests = LogRequestsOf(settings.log_requests);
  options.spool_folder = settings.upload_folder;
  options.max_connections = static_cast<std::size_t>(settings.connections);
  options.header_limit = static_cast<std::size_t>(settings.header_bytes);
  options.body_limit = static_cast<std::uint64_t>(settings.body_bytes);
  options.handshake_timeout = std::chrono::seconds(settings.header_seconds);
  options.header_timeout = std::chrono::seconds(settings.header_seconds);
  options.body_timeout = std::chrono::seconds(settings.body_seconds);
  options.idle_timeout = std::chrono::seconds(settings.idle_seconds);
  options.write_timeout = std::chrono::seconds(settings.write_seconds);
  options.stop_grace = std::chrono::seconds(settings.stop_seconds);
  options.stop_on_signals = true;
  options.now = context.environment().clock;
  return options;
}

CallerRates RatesOf(const Settings& s) {
  return {.user = {s.user_reads, s.user_writes, s.user_payments, s.user_files},
          .device = {s.device_reads, s.device_writes, s.device_payments, s.device_files},
          .partner = {s.partner_reads, s.partner_writes, s.partner_payments, s.partner_files},
          .strangers = {s.stranger_reads, s.stranger_writes, 0, 0}};
}

std::string HostName() {
  std::array<char, 256> host = {};
  const bool named = ::gethostname(host.data(), host.size() - 1) == 0;
  return named ? host.data() : "server";
}

/// Host, process, address: another than that of any other server of the same database.
std::string ServerName(const Settings& settings) {
  return HostName() + " " + std::to_string(::getpid()) + " " + settings.listen;
}

/// True for a server of this machine whose process is not there any more. Should another machine
/// bear the same name, its server is struck off the roll and joins anew: no harm is done.
bool IsServerGone(const std::string& name) {
  const std::vector<std::string> words = WordsOf(name);
  const auto process = words.size() > 1 ? ParseInteger(words[1]) : std::nullopt;
  return process && *process > 0 && *process <= std::numeric_limits<pid_t>::max() &&
         words[0] == HostName() && ::kill(static_cast<pid_t>(*process), 0) != 0 && errno == ESRCH;
}

/// Errors: config.secret_unreadable.
Result<OidcSettings> OidcOf(const Settings& settings) {
  OidcSettings oidc;
  if (settings.oidc_issuer.empty()) {
    return oidc;
  }
  JARING_ASSIGN_OR_RETURN(oidc.client_secret, ReadSecret(settings.oidc_client_secret_file));
  oidc.issuer = settings.oidc_issuer;
  oidc.client_id = settings.oidc_client_id;
  oidc.redirect_uri = settings.public_url + "/oidc/callback";
  if (settings.oidc_second_factor) {
    oidc.trusted_methods = {"mfa"};  // RFC 8176: more than one factor was shown.
  }
  return oidc;
}

/// Errors: config.secret_unreadable.
Result<std::unique_ptr<MessageChannel>> ChannelOf(const Settings& settings) {
  if (settings.sms_channel != "kannel") {
    return std::unique_ptr<MessageChannel>(std::make_unique<KeepingChannel>());
  }
  KannelSettings kannel{.url = settings.sms_url, .user = settings.sms_user};
  JARING_ASSIGN_OR_RETURN(kannel.password, ReadSecret(settings.sms_password_file));
  kannel.sender = settings.sms_sender;
  return std::unique_ptr<MessageChannel>(
      std::make_unique<KannelChannel>(std::move(kannel), CurlFetch()));
}

/// Hands payouts to the bank of the settings, if there is one, while the server runs; in a thread
/// of its own, because a bank may be slow.
class Transfers {
 public:
  /// Errors: those of TransferPartnerOf.
  Result<Done> Open(const CliContext& context) {
    if (!context.settings().transfer_url.empty()) {
      JARING_ASSIGN_OR_RETURN(partner_, TransferPartnerOf(context));
    }
    return Done{};
  }

  void Start(const CliContext& context, OpenAgency& open, HttpMetrics& metrics) {
    if (!partner_) {
      return;
    }
    metrics.AddGauge("transfers_open", "Transfers of which the bank has not said the last word.",
                     [this] { return gauges_.open.load(); });
    metrics.AddGauge("transfers_wrong", "Transfers of the last round that somebody must look at.",
                     [this] { return gauges_.problems.load(); });
    keeper_.emplace(
        std::vector<Duty>{TransferDuty(context, open.db(), open.agency(), *partner_, gauges_)});
    keeper_->Start();
  }

 private:
  std::unique_ptr<TransferPartner> partner_;
  TransferGauges gauges_;
  std::optional<Housekeeper> keeper_;  // Last: it uses all the others.
};

/// Serves until SIGTERM or SIGINT.
Result<Done> RunServer(const CliContext& context, const ServeRequest& request) {
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Open(context));
  JARING_ASSIGN_OR_RETURN(const Messages page_texts,
                          Messages::Load((context.root() / "data" / "page_texts.toml").string()));
  JARING_ASSIGN_OR_RETURN(
      auto retention, LoadRetentionTerms((context.root() / "data" / "retention.toml").string()));
  JARING_ASSIGN_OR_RETURN(const OidcSettings oidc, OidcOf(context.settings()));
  JARING_ASSIGN_OR_RETURN(const auto channel, ChannelOf(context.settings()));
  open->db().LimitIdleWrites(kLongestIdleWrite);
  const auto now = [&context] { return context.now(); };
  std::atomic<bool> stopping = false;
  JARING_ASSIGN_OR_RETURN(const auto papers, OpenPapers(context));
  Transfers transfers;
  JARING_RETURN_IF_ERROR(transfers.Open(context));
  HttpSite site({.database = open->db(),
                 .agency = open->agency(),
                 .messages = context.messages(),
                 .page_texts = page_texts,
                 .now = now,
                 // All servers of the database, whenever started, have the same.
                 .secret = open->agency().sealer.DeriveKey("http/secret"),
                 .openapi = context.root() / "api" / "openapi.yaml",
                 .faces = context.root() / "web" / "dist",
                 .breached_passwords = context.root() / "data/passwords/breached.bin",
                 .rates = RatesOf(context.settings()),
                 .server = ServerName(context.settings()),
                 .is_server_gone = IsServerGone,
                 .migrations = context.root() / "migrations",
                 .data_folder = context.data_folder(),
                 .is_stopping = [&stopping] { return stopping.load(); },
                 .retention = std::move(retention),
                 .papers = papers.get(),
                 .paying = PayingAccountOf(context.settings()),
                 .messages_out = channel.get(),
                 .oidc = oidc});
  JARING_ASSIGN_OR_RETURN(const auto log, ServerLog::Open(context.settings().log_file));
  site.metrics().AddGauge("log_lines_dropped", "Lines of the log that were lost.",
                          [&log] { return log->dropped(); });
  HttpServerOptions options = OptionsOf(context, request, open->agency().is_demo);
  options.log = log.get();
  options.on_stop = [&stopping] { stopping = true; };
  options.refuse = [&site](const Error& error, const HttpRequest& refused) {
    return site.Refuse(error, refused);
  };
  options.admit = [&site](const HttpRequest& asked, const Route& route) {
    return site.Admit(asked, route);
  };
  JARING_ASSIGN_OR_RETURN(const auto server,
                          HttpServer::Listen(options, site.router(), site.metrics()));
  fmt::print("listening on port {}\n", server->port());
  std::fflush(stdout);
  site.Start();
  transfers.Start(context, *open, site.metrics());
  server->Run();
  return Done{};
}

}  // namespace

int Serve(const CliContext& context, const ServeRequest& request) {
  const auto outcome = RunServer(context, request);
  if (!outcome) {
    context.PrintError(outcome.error());
    return outcome.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitNothingDone;
  }
  return kExitFine;
}

}  // namespace jaring
