#include "channels/cli/machine_command.h"

#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "access/audit.h"
#include "access/device.h"
#include "access/partner_client.h"
#include "base/base64.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kPage = 1'000;

/// Runs `work` in one transaction with the note it gives.
int Change(const CliContext& context, const std::function<Result<AuditNote>(Tx&)>& work,
           const std::function<void()>& tell) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(AuditNote note, work(tx));
      return NoteCommand(tx, context, open.agency(), std::move(note));
    }));
    tell();
    return Done{};
  });
}

void TellSecret(const CliContext& context, const PartnerClientSecret& made) {
  if (context.options().json) {
    JsonWriter json;
    json.BeginObject().Key("client_id").Text(made.client.public_id);
    json.Key("client_secret").Text(made.secret).EndObject();
    fmt::print("{}\n", json.Take());
    return;
  }
  fmt::print("client_id      {}\nclient_secret  {}\n", made.client.public_id, made.secret);
  fmt::print(
      "Rahasia ini tidak ditampilkan lagi; kirim kepada mitra lewat saluran yang aman.\n"
      "This secret is not shown again; hand it to the partner over a safe channel.\n");
}

/// What is in the file of that name; the text itself when there is none.
std::string KeyText(const std::string& key) {
  std::ifstream file(key, std::ios::binary);
  std::ostringstream text;
  return file && text << file.rdbuf() ? text.str() : key;
}

std::string_view DeviceState(const Device& device) {
  if (device.revoked_at) {
    return "revoked";
  }
  return device.enrolled_at ? "active" : "invited";
}

std::string StateOf(const PartnerClient& client) {
  return client.revoked_at ? "revoked" : "active";
}

}  // namespace

int PartnerClientAdd(const CliContext& context, const ClientAddRequest& request) {
  PartnerClientSecret made;
  return Change(
      context,
      [&](Tx& tx) -> Result<AuditNote> {
        PartnerClientOrder order;
        order.partner_code = request.partner;
        order.label = request.label;
        order.requires_signature = request.requires_signature;
        JARING_ASSIGN_OR_RETURN(order.addresses, AddressList::Parse(request.addresses));
        JARING_ASSIGN_OR_RETURN(made, AddPartnerClient(tx, order, context.now()));
        return AuditNote{.action = "partner:manage",
                         .subject = "client " + made.client.public_id,
                         .change = R"({"state":["","added"]})"};
      },
      [&] { TellSecret(context, made); });
}

int PartnerClientRotate(const CliContext& context, const ClientRotateRequest& request) {
  PartnerClientSecret made;
  const Instant old_until =
      Instant::FromMicros(context.now().micros() + request.overlap_days * kDay);
  return Change(
      context,
      [&](Tx& tx) -> Result<AuditNote> {
        JARING_ASSIGN_OR_RETURN(
            made, RotatePartnerSecret(tx, request.client_id, old_until, context.now()));
        return AuditNote{
            .action = "partner:manage",
            .subject = "client " + made.client.public_id,
            .change = R"({"secret":["old until )" + old_until.ToString() + R"(","new"]})"};
      },
      [&] {
        TellSecret(context, made);
        if (!context.options().json) {
          fmt::print("old secret valid until {}\n", old_until.ToString());
        }
      });
}

int PartnerClientRevoke(const CliContext& context, const std::string& client_id) {
  return Change(
      context,
      [&](Tx& tx) -> Result<AuditNote> {
        JARING_RETURN_IF_ERROR(RevokePartnerClient(tx, client_id, context.now()));
        return AuditNote{.action = "partner:manage",
                         .subject = "client " + client_id,
                         .change = R"({"state":["active","revoked"]})"};
      },
      [&] { fmt::print("client {} revoked\n", client_id); });
}

int PartnerClientList(const CliContext& context, const std::string& partner) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::vector<PartnerClient> clients;
    JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
      std::int64_t partner_id = 0;
      if (!partner.empty()) {
        JARING_ASSIGN_OR_RETURN(const Partner found, GetPartner(tx, partner));
        partner_id = found.partner_id;
      }
      JARING_ASSIGN_OR_RETURN(clients, ListPartnerClients(tx, partner_id));
      return Done{};
    }));
    if (context.options().json) {
      JsonWriter json;
      json.BeginList();
      for (const PartnerClient& client : clients) {
        json.BeginObject().Key("client_id").Text(client.public_id);
        json.Key("partner").Text(client.partner_code).Key("label").Text(client.label);
        json.Key("state").Text(StateOf(client)).Key("addresses").Text(client.addresses.text());
        json.Key("requires_signature").Bool(client.requires_signature).EndObject();
      }
      fmt::print("{}\n", json.EndList().Take());
      return Done{};
    }
    for (const PartnerClient& client : clients) {
      fmt::print("{:<32} {:<8} {:<10} {}{}\n", client.public_id, StateOf(client),
                 client.requires_signature ? "signed" : "token",
                 client.addresses.empty() ? "" : client.addresses.text() + "  ", client.label);
    }
    return Done{};
  });
}

int ClientKeyAdd(const CliContext& context, const ClientKeyRequest& request) {
  SigningKey key;
  return Change(
      context,
      [&](Tx& tx) -> Result<AuditNote> {
        JARING_ASSIGN_OR_RETURN(const PartnerClient client,
                                FindPartnerClient(tx, request.client_id));
        if (client.revoked_at) {
          return Conflict("client.revoked");
        }
        JARING_ASSIGN_OR_RETURN(const std::string bytes, ParsePublicKey(KeyText(request.key)));
        JARING_ASSIGN_OR_RETURN(key, AddSigningKey(tx, ActorKind::kPartnerClient, client.client_id,
                                                   bytes, context.now()));
        return AuditNote{.action = "partner:manage",
                         .subject = "client " + client.public_id,
                         .change = R"({"key":["",")" + key.key_id + R"("]})"};
      },
      [&] { fmt::print("{}\n", key.key_id); });
}

int ClientKeyEnd(const CliContext& context, const ClientKeyRequest& request) {
  const Instant until = Instant::FromMicros(context.now().micros() + request.overlap_days * kDay);
  return Change(
      context,
      [&](Tx& tx) -> Result<AuditNote> {
        JARING_ASSIGN_OR_RETURN(const PartnerClient client,
                                FindPartnerClient(tx, request.client_id));
        JARING_RETURN_IF_ERROR(
            EndSigningKey(tx, ActorKind::kPartnerClient, client.client_id, request.key, until));
        return AuditNote{
            .action = "partner:manage",
            .subject = "client " + client.public_id,
            .change = R"({"key":[")" + request.key + R"(","until )" + until.ToString() + R"("]})"};
      },
      [&] { fmt::print("key {} valid until {}\n", request.key, until.ToString()); });
}

int ClientKeyList(const CliContext& context, const std::string& client_id) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const PartnerClient client, FindPartnerClient(tx, client_id));
      JARING_ASSIGN_OR_RETURN(const auto keys,
                              ListSigningKeys(tx, ActorKind::kPartnerClient, client.client_id));
      for (const SigningKey& key : keys) {
        fmt::print("{}  {}  {}\n", key.key_id, ToBase64(key.public_key),
                   key.valid_until ? "until " + key.valid_until->ToString() : "");
      }
      return Done{};
    });
  });
}

int DeviceList(const CliContext& context) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JsonWriter json;
      json.BeginList();
      for (std::int64_t after = 0;;) {
        JARING_ASSIGN_OR_RETURN(const auto devices, ListDevices(tx, 0, after, kPage));
        for (const Device& device : devices) {
          after = device.device_id;
          const std::string_view state = DeviceState(device);
          if (context.options().json) {
            json.BeginObject().Key("device_id").Integer(device.device_id);
            json.Key("kind").Text(DeviceKindCode(device.kind)).Key("state").Text(state);
            json.Key("label").Text(device.label).EndObject();
          } else {
            fmt::print("{:>6}  {:<12} {:<8} {}\n", device.device_id, DeviceKindCode(device.kind),
                       state, device.label);
          }
        }
        if (static_cast<std::int64_t>(devices.size()) < kPage) {
          break;
        }
      }
      json.EndList();
      if (context.options().json) {
        fmt::print("{}\n", json.Take());
      }
      return Done{};
    });
  });
}

int DeviceRevoke(const CliContext& context, std::int64_t device_id) {
  return Change(
      context,
      [&](Tx& tx) -> Result<AuditNote> {
        JARING_RETURN_IF_ERROR(RevokeDevice(tx, device_id, context.now()));
        return AuditNote{.action = "device:manage",
                         .subject = "device " + std::to_string(device_id),
                         .change = R"({"state":["active","revoked"]})"};
      },
      [&] { fmt::print("device {} revoked\n", device_id); });
}

}  // namespace jaring
