#include "access/outbox.h"

#include "access/login_sql.h"
#include "ledger/sequence.h"
#include "registry/live_keys.h"

namespace jaring {
namespace {

constexpr int kMostTries = 5;
constexpr std::int64_t kClaimMicros = 120'000'000;
// A little less than the minute after which a server looks again.
constexpr std::int64_t kRetryMicros = 55'000'000;

std::string PhonePlace(std::int64_t message_id) {
  return "outbox_message/phone/" + std::to_string(message_id);
}
std::string TextPlace(std::int64_t message_id) {
  return "outbox_message/text/" + std::to_string(message_id);
}

Result<std::vector<OutboxMessage>> Unseal(const Sealer& sealer,
                                          std::vector<OutboxMessage> messages) {
  for (OutboxMessage& message : messages) {
    JARING_ASSIGN_OR_RETURN(message.phone,
                            sealer.UnsealText(message.phone, PhonePlace(message.message_id)));
    JARING_ASSIGN_OR_RETURN(message.text,
                            sealer.UnsealText(message.text, TextPlace(message.message_id)));
  }
  return messages;
}

OutboxMessage ReadSealed(const Row& row) {
  return {.message_id = row.Int(0),
          .kind = std::string(row.Text(1)),
          .phone = std::string(row.Blob(2)),
          .text = std::string(row.Blob(3)),
          .created_at = Instant::FromMicros(row.Int(4))};
}

/// False when another server was faster.
Result<bool> Claim(Database& database, std::int64_t message_id, Instant now) {
  std::int64_t changed = 0;
  JARING_RETURN_IF_ERROR(database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        changed, tx.Run(sql::kClaimMessage,
                        {message_id, kMostTries, now.micros(), now.micros() + kClaimMicros}));
    return Done{};
  }));
  return changed == 1;
}

}  // namespace

Result<Done> PostMessage(Tx& tx, const Sealer& sealer, std::string_view kind,
                         std::string_view phone, std::string_view text, Instant now) {
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, sealer));
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx, "outbox_message", 1));
  JARING_ASSIGN_OR_RETURN(const std::string sealed_phone, sealer.SealText(phone, PhonePlace(id)));
  JARING_ASSIGN_OR_RETURN(const std::string sealed_text, sealer.SealText(text, TextPlace(id)));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertMessage,
                                {id, kind, Bytes{sealed_phone}, Bytes{sealed_text}, now.micros()}));
  return Done{};
}

Result<int> SendMessages(Database& database, const Sealer& sealer, MessageChannel& channel,
                         int limit, const std::function<Instant()>& now) {
  std::vector<OutboxMessage> messages;
  const auto read = database.Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListUnsent, {kMostTries, now().micros(), limit},
                                    [&](const Row& row) { messages.push_back(ReadSealed(row)); }));
    JARING_ASSIGN_OR_RETURN(messages, Unseal(sealer, std::move(messages)));
    return Done{};
  });
  if (!read) {
    return read.error();
  }
  int sent = 0;
  for (const OutboxMessage& message : messages) {
    JARING_ASSIGN_OR_RETURN(const bool is_ours, Claim(database, message.message_id, now()));
    if (!is_ours) {
      continue;
    }
    const auto handed_over = channel.Send(message);
    sent += handed_over ? 1 : 0;
    const auto noted = database.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          handed_over
              ? tx.Run(sql::kNoteSent, {message.message_id, now().micros()})
              : tx.Run(sql::kNoteNotSent, {message.message_id, now().micros() + kRetryMicros,
                                           handed_over.error().rule}));
      return Done{};
    });
    if (!noted) {
      return noted.error();
    }
  }
  return sent;
}

Result<std::vector<OutboxMessage>> ListNewestMessages(Tx& tx, const Sealer& sealer, int limit) {
  std::vector<OutboxMessage> messages;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListNewestMessages, {limit},
                                  [&](const Row& row) { messages.push_back(ReadSealed(row)); }));
  return Unseal(sealer, std::move(messages));
}

}  // namespace jaring
