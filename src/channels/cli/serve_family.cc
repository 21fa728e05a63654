#include "channels/cli/command_families.h"
#include "channels/cli/demo_command.h"
#include "channels/cli/serve_command.h"

namespace jaring {

void AddServeCommands(CommandTree& tree) {
  auto& people = tree.Keep<DemoRequest>();
  const Command demo =
      tree.Add(tree.top(), "demo", "Make an agency with invented people",
               [&people](const CliContext& c) { return MakeDemoAgency(c, people); });
  demo.Option("--scenario", people.scenario, "surakarta or nation").ShowDefault();
  demo.Option("--scale", people.scale,
              "1 is 60,000 people, of the nation 50 million; if absent 1, of the nation 0.01");
  demo.Option("--seed", people.seed, "Same seed, same people").ShowDefault();

  auto& request = tree.Keep<ServeRequest>();
  const Command serve = tree.Add(tree.top(), "serve", "Serve the pages and the API",
                                 [&request](const CliContext& c) { return Serve(c, request); });
  tree.AddSetting(serve, "--listen", "server", "listen");
  tree.AddSetting(serve, "--tls-cert", "server", "tls_certificate");
  tree.AddSetting(serve, "--tls-key", "server", "tls_key");
  tree.AddSetting(serve, "--behind-proxy", "server", "behind_proxy");
  tree.AddSetting(serve, "--upload-folder", "server", "upload_folder");
  tree.AddSetting(serve, "--log-file", "log", "file");
  tree.AddSetting(serve, "--log-requests", "log", "requests");
  serve.Flag("--insecure", request.insecure,
             "Allow plain HTTP on an address that others can reach; demos only");
}

}  // namespace jaring
