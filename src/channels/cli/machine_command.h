#pragma once

// partner client …, device …: the programs and devices that may call.

#include "channels/cli/cli_context.h"

namespace jaring {

struct ClientAddRequest {
  std::string partner;
  std::string label;
  std::string addresses;
  bool requires_signature = false;
};
int PartnerClientAdd(const CliContext& context, const ClientAddRequest& request);

/// An empty `partner`: of all.
int PartnerClientList(const CliContext& context, const std::string& partner);
int PartnerClientRevoke(const CliContext& context, const std::string& client_id);

struct ClientRotateRequest {
  std::string client_id;
  int overlap_days = 7;
};
int PartnerClientRotate(const CliContext& context, const ClientRotateRequest& request);

struct ClientKeyRequest {
  std::string client_id;
  std::string key;  // add: the file with the public key, or the key; end: its key_id.
  int overlap_days = 0;
};
int ClientKeyAdd(const CliContext& context, const ClientKeyRequest& request);
int ClientKeyList(const CliContext& context, const std::string& client_id);
int ClientKeyEnd(const CliContext& context, const ClientKeyRequest& request);

int DeviceList(const CliContext& context);
int DeviceRevoke(const CliContext& context, std::int64_t device_id);

}  // namespace jaring
