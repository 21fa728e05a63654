#include "channels/http/machine_check.h"

namespace jaring {

MachineCheck::MachineCheck(Database& database, std::function<Instant()> now)
    : database_(database), now_(std::move(now)) {}

Result<Done> MachineCheck::Check(const HttpRequest& request, const Principal& who,
                                 ShownBy shown_by) {
  if (who.kind != ActorKind::kPartnerClient) {
    return Done{};
  }
  JARING_ASSIGN_OR_RETURN(const PartnerClient client, Find(who.id));
  if (client.revoked_at) {
    return Invalid("login.token_unknown");
  }
  if (!client.addresses.Allows(request.peer)) {
    return Invalid("client.address_not_allowed");
  }
  if (client.requires_signature && shown_by != ShownBy::kSignature) {
    return Invalid("client.signature_needed");
  }
  return Done{};
}

Result<PartnerClient> MachineCheck::Find(std::int64_t client_id) {
  const std::int64_t now = now_().micros();
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(client_id);
    if (found != by_id_.end() && now < found->second.until_micros) {
      return found->second.client;
    }
    generation = generation_;
  }
  Result<PartnerClient> client = NotFound("client.unknown");
  JARING_RETURN_IF_ERROR(database_.Read([&](Tx& tx) -> Result<Done> {
    client = FindPartnerClient(tx, client_id);
    return client ? Result<Done>(Done{}) : client.error();
  }));
  const std::lock_guard lock(mutex_);
  if (generation == generation_) {  // Else what was read may be old already.
    if (by_id_.size() >= kMostRemembered) {
      by_id_.clear();
    }
    by_id_[client_id] = {*client, now + kRememberMicros};
  }
  return client;
}

void MachineCheck::ForgetAll() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  by_id_.clear();
}

}  // namespace jaring
