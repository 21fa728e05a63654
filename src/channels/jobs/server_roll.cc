#include "channels/jobs/server_roll.h"

#include <utility>

#include "channels/jobs/server_sql.h"
#include "ledger/sequence.h"

namespace jaring {

ServerRoll::ServerRoll(Database& database, std::function<Instant()> now, std::string name,
                       std::function<bool(const std::string& name)> is_gone)
    : database_(database),
      now_(std::move(now)),
      name_(std::move(name)),
      is_gone_(std::move(is_gone)) {}

ServerRoll::~ServerRoll() {
  Stop();
  if (const std::int64_t server_id = server_id_; server_id != 0) {
    // Should it fail, the others find out.
    (void)database_.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(tx.Run(sql::kDeleteServer, {server_id}));
      return Done{};
    });
  }
}

void ServerRoll::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void ServerRoll::Start(std::function<void()> on_gone) {
  (void)Answer();
  thread_ = std::thread([this, told = std::move(on_gone)] { Work(told); });
}

void ServerRoll::Work(const std::function<void()>& on_gone) {
  const auto every = database_.engine() == Database::Engine::kSqlite ? kEveryOnSqlite : kEvery;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (stop_.wait_for(lock, every, [this] { return stopping_; })) {
        return;
      }
    }
    const auto struck_off = Answer();
    if (struck_off && *struck_off) {
      on_gone();
    }
  }
}

Result<bool> ServerRoll::Answer() {
  Call call;
  JARING_RETURN_IF_ERROR(database_.Write([&](Tx& tx) -> Result<Done> {
    call = {.server_id = server_id_, .others = others_};
    return Note(tx, call);
  }));
  others_ = std::move(call.others);
  server_id_ = call.server_id;
  servers_ = static_cast<std::int64_t>(others_.size()) + 1;
  return call.struck_off;
}

Result<Done> ServerRoll::Note(Tx& tx, Call& call) const {
  std::int64_t counted = 0;
  if (call.server_id != 0) {
    JARING_ASSIGN_OR_RETURN(counted, tx.Run(sql::kBeatServer, {call.server_id, now_().micros()}));
  }
  if (counted == 0) {
    JARING_ASSIGN_OR_RETURN(call.server_id, TakeNumbers(tx, "server", 1));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertServer, {call.server_id, name_, now_().micros()}));
  }
  return Look(tx, call, counted == 0);
}

Result<Done> ServerRoll::Look(Tx& tx, Call& call, bool is_new) const {
  std::map<std::int64_t, Other> others;
  std::vector<std::int64_t> gone;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListServers, {}, [&](const Row& row) {
    const std::int64_t server_id = row.Int(0);
    if (server_id == call.server_id) {
      return;
    }
    Other other{.beat = row.Int(2)};
    const auto known = call.others.find(server_id);
    if (known != call.others.end() && known->second.beat == other.beat) {
      other.looks = known->second.looks + 1;
    }
    const bool surely = is_new && is_gone_ && is_gone_(std::string(row.Text(1)));
    if (surely || other.looks >= kLooksUntilGone) {
      gone.push_back(server_id);
    } else {
      others[server_id] = other;
    }
  }));
  for (const std::int64_t server_id : gone) {
    JARING_RETURN_IF_ERROR(tx.Run(sql::kDeleteServer, {server_id}));
  }
  call.others = std::move(others);
  call.struck_off = !gone.empty();
  return Done{};
}

std::string ServerRoll::claim() const {
  const std::int64_t server_id = server_id_;
  return server_id == 0 ? "" : std::to_string(server_id);
}

}  // namespace jaring
