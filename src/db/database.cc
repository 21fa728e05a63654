#include "db/database.h"

#include "db/postgres/postgres_database.h"
#include "db/sqlite/sqlite_database.h"

namespace jaring {

Result<std::unique_ptr<Database>> Database::Connect(const std::string& address, Open open) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (address.starts_with(kSqlite) && address.size() > kSqlite.size()) {
    return SqliteDatabase::Connect(address.substr(kSqlite.size()), open);
  }
  if (address.starts_with("postgresql://") || address.starts_with("postgres://")) {
    return PostgresDatabase::Connect(address);
  }
  return Invalid("db.address_malformed", "sqlite:FILE or postgresql://…");
}

Result<Done> Database::Write(const std::function<Result<Done>(Tx&)>& work) {
  return WriteAnyway([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckOpenForWriting(tx));
    return work(tx);
  });
}

}  // namespace jaring
