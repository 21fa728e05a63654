#include "channels/cli/command_families.h"
#include "channels/cli/machine_command.h"

namespace jaring {
namespace {

struct ListRequest {
  std::string partner;
};

struct RevokeRequest {
  std::string client_id;
};

void AddRotate(CommandTree& tree, const Command& clients) {
  auto& request = tree.Keep<ClientRotateRequest>();
  const Command rotate =
      tree.Add(clients, "rotate", "A new secret; the old one stays valid for a while",
               [&request](const CliContext& c) { return PartnerClientRotate(c, request); });
  rotate.Option("client", request.client_id, "client_id").Required();
  rotate.Option("--overlap-days", request.overlap_days, "Days the old secret stays valid")
      .Between(0, 90)
      .ShowDefault();
}

void AddKeys(CommandTree& tree, const Command& clients) {
  const Command keys = clients.Family("key", "Public keys that sign a client's requests");
  auto& request = tree.Keep<ClientKeyRequest>();
  const Command add =
      tree.Add(keys, "add", "Add an Ed25519 key; prints its key_id",
               [&request](const CliContext& c) { return ClientKeyAdd(c, request); });
  const Command list =
      tree.Add(keys, "list", "The keys of a client",
               [&request](const CliContext& c) { return ClientKeyList(c, request.client_id); });
  const Command end =
      tree.Add(keys, "end", "End a key, at once or after an overlap",
               [&request](const CliContext& c) { return ClientKeyEnd(c, request); });
  for (const Command& command : {add, list, end}) {
    command.Option("client", request.client_id, "client_id").Required();
  }
  add.Option("key", request.key, "File (PEM) or Base64").Required();
  end.Option("key", request.key, "key_id").Required();
  end.Option("--overlap-days", request.overlap_days, "Days it stays valid")
      .Between(0, 90)
      .ShowDefault();
}

}  // namespace

void AddPartnerClientCommands(CommandTree& tree) {
  const Command clients = tree.AddFamily("partner", "Partners that bring money")
                              .Family("client", "A partner's programs");

  auto& of = tree.Keep<ListRequest>();
  const Command list =
      tree.Add(clients, "list", "Clients and what they may",
               [&of](const CliContext& c) { return PartnerClientList(c, of.partner); });
  list.Option("partner", of.partner, "Code of the partner; else of all");

  auto& request = tree.Keep<ClientAddRequest>();
  const Command add =
      tree.Add(clients, "add", "Add a client; shows its secret once",
               [&request](const CliContext& c) { return PartnerClientAdd(c, request); });
  add.Option("partner", request.partner, "Code of the partner").Required();
  add.Option("--label", request.label, "What it is for");
  add.Option("--allow", request.addresses, "Networks it may call from: 203.0.113.0/24,…");
  add.Flag("--require-signature", request.requires_signature,
           "Its token alone does not do: requests must be signed");
  AddRotate(tree, clients);
  AddKeys(tree, clients);

  auto& gone = tree.Keep<RevokeRequest>();
  const Command revoke =
      tree.Add(clients, "revoke", "End a client and its tokens",
               [&gone](const CliContext& c) { return PartnerClientRevoke(c, gone.client_id); });
  revoke.Option("client", gone.client_id, "client_id").Required();
}

}  // namespace jaring
