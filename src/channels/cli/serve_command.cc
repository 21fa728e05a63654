#include "channels/cli/serve_command.h"

#include <fmt/core.h>

#include "channels/http/http_server.h"
#include "channels/http/http_site.h"

namespace jaring {
namespace {

constexpr std::size_t kSecretBytes = 32;

/// Serves until SIGTERM or SIGINT.
Result<Done> RunServer(const CliContext& context, const ServeRequest& request) {
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Open(context));
  JARING_ASSIGN_OR_RETURN(const Messages page_texts,
                          Messages::Load((context.root() / "data" / "page_texts.toml").string()));
  const auto now = [&context] { return context.now(); };
  HttpSite site({.database = open->db(),
                 .agency = open->agency(),
                 .messages = context.messages(),
                 .page_texts = page_texts,
                 .now = now,
                 .secret = RandomBytes(kSecretBytes),
                 .openapi = context.root() / "api" / "openapi.yaml"});
  HttpServerOptions options;
  options.listen = request.listen;
  options.insecure = request.insecure;
  options.stop_on_signals = true;
  options.now = context.environment().clock;
  options.refuse = [&site](const Error& error, const HttpRequest& refused) {
    return site.Refuse(error, refused);
  };
  JARING_ASSIGN_OR_RETURN(const auto server,
                          HttpServer::Listen(options, site.router(), site.metrics()));
  fmt::print("listening on port {}\n", server->port());
  std::fflush(stdout);
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
