#include "rules/claim_words.h"

#include <array>

namespace jaring {
namespace {

constexpr std::array<std::string_view, 11> kEvents = {
    "accident",  "partial_anatomical", "partial_functional", "total_disability", "accident_death",
    "death",     "whole_savings",      "savings_housing",    "savings_other",    "scholarship",
    "incapacity"};

constexpr std::array<std::string_view, 9> kRelations = {
    "spouse",  "child",         "parent",        "grandparent", "grandchild",
    "sibling", "parent_in_law", "named_in_will", "guardian"};

constexpr std::array<std::string_view, 5> kOutcomes = {
    "in_treatment", "recovered", "partial_disability", "total_disability", "died"};

constexpr std::array<std::string_view, 8> kReasons = {
    "age",           "death",        "total_disability", "stopped_working",
    "left_employer", "left_country", "housing",          "other"};

/// The value whose word stands at its place.
template <typename T, std::size_t kCount>
std::optional<T> Find(const std::array<std::string_view, kCount>& words, std::string_view word) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (words[i] == word) {
      return static_cast<T>(i);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ClaimEvent> FindClaimEvent(std::string_view word) {
  return Find<ClaimEvent>(kEvents, word);
}

std::string_view RelationCode(Relation relation) {
  return kRelations[static_cast<std::size_t>(relation)];
}

std::optional<Relation> FindRelation(std::string_view word) {
  return Find<Relation>(kRelations, word);
}

std::string_view AccidentOutcomeCode(AccidentOutcome outcome) {
  return kOutcomes[static_cast<std::size_t>(outcome)];
}

std::optional<AccidentOutcome> FindAccidentOutcome(std::string_view word) {
  return Find<AccidentOutcome>(kOutcomes, word);
}

std::string_view SavingsReasonCode(SavingsReason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

std::optional<SavingsReason> FindSavingsReason(std::string_view word) {
  return Find<SavingsReason>(kReasons, word);
}

}  // namespace jaring
