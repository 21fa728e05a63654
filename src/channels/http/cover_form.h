#pragma once

// The form of "Am I covered?": what was typed, what is wrong with it, and its HTML.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "channels/http/page_shell.h"
#include "rules/identity.h"

namespace jaring {

struct CoverForm {
  std::string nik;
  std::string day;
  std::string month;
  std::string year;
};

/// A refusal of one field: "nik" or "birth".
struct FormProblem {
  std::string_view field;
  std::string rule;
};

struct CoverQuery {
  std::optional<Nik> nik;
  std::optional<Date> birth_date;
  std::vector<FormProblem> problems;  // Empty exactly when both are there.
};

/// What a form body holds; empty fields for one that cannot be read.
CoverForm ReadCoverForm(std::string_view body);

/// Spaces, dots and '-' in the NIK are forgiven, and so is a two-figure day without its zero.
///
/// Problems: those of Nik::Parse, cover.birth_date_malformed.
CoverQuery CheckCoverForm(const CoverForm& form, bool allow_fake);

/// What is wrong, said first; each line leads to its field.
std::string ProblemSummaryHtml(const PageWords& words, const Messages& messages,
                               const std::vector<FormProblem>& problems);

/// The fields for NIK and birth date.
std::string IdentityFieldsHtml(const PageWords& words, const Messages& messages,
                               const CoverForm& form, const std::vector<FormProblem>& problems);

/// The page's body: error summary first, then the form.
std::string CoverFormHtml(const PageWords& words, const Messages& messages, const CoverForm& form,
                          const std::vector<FormProblem>& problems);

}  // namespace jaring
