#include "channels/cli/routes_command.h"

#include <fmt/core.h>

#include "access/permissions.h"
#include "channels/http/http_site.h"

namespace jaring {
namespace {

/// The routes are only looked at: nothing is read or written.
class NoDatabase final : public Database {
 public:
  Engine engine() const override { return Engine::kSqlite; }
  Result<Done> WriteAnyway(const std::function<Result<Done>(Tx&)>& /*work*/) override {
    return Away();
  }
  Result<Done> Read(const std::function<Result<Done>(Tx&)>& /*work*/) override { return Away(); }
  Result<std::unique_ptr<HeldLock>> TryLock(std::string_view /*name*/) override { return Away(); }

 private:
  static Error Away() { return {ErrorCode::kUnavailable, "db.unavailable", ""}; }
};

}  // namespace

int PrintRoutes(const CliContext& context) {
  const auto scheme = OpenScheme(context);
  if (!scheme) {
    context.PrintError(scheme.error());
    return kExitNothingDone;
  }
  NoDatabase database;
  const Sealer sealer(std::string(Sealer::kKeyBytes, '0'));
  const Agency agency{*scheme, sealer, true};
  const HttpSite site({.database = database,
                       .agency = agency,
                       .messages = context.messages(),
                       .page_texts = context.messages(),
                       .now = [] { return Instant::FromMicros(0); },
                       .secret = std::string(Sealer::kKeyBytes, '0'),
                       .openapi = context.root() / "api" / "openapi.yaml"});
  for (const Route* route : site.router().routes()) {
    fmt::print("{} {} {}\n", HttpMethodName(route->method), route->path,
               route->action ? ActionName(*route->action) : "open");
  }
  return kExitFine;
}

}  // namespace jaring
