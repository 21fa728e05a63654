#pragma once

// What is asked of a second person, packed as JSON of ours and read back.

#include <optional>
#include <string>
#include <string_view>

#include "access/approval.h"
#include "channels/http/json_body.h"
#include "registry/correction.h"

namespace jaring {

/// A payload read back. Fields that are not there are empty or 0.
class ApprovalPayload {
 public:
  /// Errors: approval.payload_unreadable.
  static Result<ApprovalPayload> Parse(const Approval& approval);

  std::string Text(std::string_view name) const;
  std::int64_t Integer(std::string_view name) const;
  bool Has(std::string_view name) const { return Find(name) != nullptr; }

 private:
  explicit ApprovalPayload(JsonValue json) : json_(std::move(json)) {}
  const JsonValue* Find(std::string_view name) const;

  JsonValue json_;
};

/// The changes of a correction, with the evidence told; and back.
///
/// Errors: approval.payload_unreadable.
std::string PackChanges(const PersonChanges& changes, std::string_view evidence);
Result<PersonChanges> UnpackChanges(const ApprovalPayload& payload);

}  // namespace jaring
