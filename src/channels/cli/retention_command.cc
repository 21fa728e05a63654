#include "channels/cli/retention_command.h"

#include <fmt/core.h>

#include "access/retention.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/http/housekeeper.h"
#include "channels/text/json_writer.h"
#include "channels/text/retention_terms.h"

namespace jaring {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;

/// How many rows of each kind are over; -1 for what is not deleted.
Result<std::vector<std::int64_t>> CountAll(const OpenAgency& open,
                                           const std::vector<RetentionTerm>& terms, Instant now) {
  std::vector<std::int64_t> counts(terms.size(), -1);
  JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (terms[i].may_delete && IsDeletable(terms[i].what)) {
        const Instant cutoff = Instant::FromMicros(now.micros() - terms[i].micros);
        JARING_ASSIGN_OR_RETURN(counts[i], CountDue(tx, terms[i].what, cutoff));
      }
    }
    return Done{};
  }));
  return counts;
}

void Print(const CliContext& context, const std::vector<RetentionTerm>& terms,
           const std::vector<std::int64_t>& counts) {
  JsonWriter json;
  json.BeginList();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const RetentionTerm& term = terms[i];
    json.BeginObject().Key("what").Text(term.what).Key("hours").Integer(term.micros / kHour);
    json.Key("due");
    counts[i] < 0 ? json.Null() : json.Integer(counts[i]);
    json.Key("source").Text(term.source).Key("confidence").Text(term.confidence).EndObject();
    if (!context.options().json) {
      fmt::print("{:<10} {:>7} h  {:>8}  {} ({})\n", term.what, term.micros / kHour,
                 counts[i] < 0 ? "kept" : std::to_string(counts[i]), term.source, term.confidence);
    }
  }
  json.EndList();
  if (context.options().json) {
    fmt::print("{}\n", json.Take());
  }
}

}  // namespace

int RetentionRun(const CliContext& context, const RetentionRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        const auto terms,
        LoadRetentionTerms((context.root() / "data" / "retention.toml").string()));
    JARING_ASSIGN_OR_RETURN(const auto counts, CountAll(open, terms, context.now()));
    Print(context, terms, counts);
    if (request.dry_run) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(const std::int64_t deleted,
                            DeleteAllDue(open.db(), terms, context.now(), Housekeeper::kRowsAtOnce,
                                         [] { return false; }));
    return open.db().Write([&](Tx& tx) {
      return NoteCommand(
          tx, context, open.agency(),
          {.action = "retention:run", .subject = std::to_string(deleted) + " rows deleted"});
    });
  });
}

}  // namespace jaring
