#include "channels/files/enrol_file.h"

#include <algorithm>

#include "channels/files/field_parse.h"
#include "channels/files/kept_rows.h"

namespace jaring {
namespace {

constexpr std::string_view kIntakeKind = "enrol";

/// Reads fields of one row until the first that is wrong.
class FieldReader {
 public:
  FieldReader(const ColumnMap& columns, const TableRow& row, RowProblem& problem)
      : columns_(columns), row_(row), problem_(problem) {}

  std::string_view Text(EnrolColumn column) const { return columns_.Get(row_, column); }

  template <typename T>
  std::optional<T> Take(EnrolColumn column, Result<T> result) {
    if (result) {
      return std::move(*result);
    }
    Fail(column, result.error().rule);
    return std::nullopt;
  }

  void Fail(EnrolColumn column, std::string rule) {
    problem_.column = ColumnName(column);
    problem_.value = MaskedField(problem_.column, Text(column));
    problem_.rule = std::move(rule);
  }

 private:
  const ColumnMap& columns_;
  const TableRow& row_;
  RowProblem& problem_;
};

/// Without a word of which programmes: those everybody must join.
Result<ProgrammeSet> ReadProgrammes(const Scheme& scheme, std::string_view text) {
  return text.empty() ? Result<ProgrammeSet>(scheme.compulsory) : ParseProgrammes(text);
}

class EnrolFileRun final : public FileRun {
 public:
  EnrolFileRun(Database& db, const Agency& agency, const EnrolmentSource& source,
               const InputFile& file, const FileOptions& options, const EnrolHooks& hooks)
      : FileRun(db, agency, file, options), source_(source), hooks_(hooks) {}

 private:
  Result<Done> ReadAll(TableReader& reader, const ColumnMap& columns,
                       RejectionWriter& rejections) override {
    TableRow row;
    while (true) {
      JARING_ASSIGN_OR_RETURN(const bool more, reader.Next(row));
      if (more) {
        AddRow(columns, row);
      }
      if (kept_.size() == options_.rows_per_step || (!more && kept_.size() > 0)) {
        JARING_RETURN_IF_ERROR(Step([&](Tx& tx) -> Result<Done> {
          JARING_ASSIGN_OR_RETURN(outcomes_, EnrolPeople(tx, agency_, source_, enrolments_));
          if (hooks_.in_step) {
            if (const auto told = hooks_.in_step(tx, outcomes_); !told) {
              return told.error();
            }
          }
          const auto changed = std::count_if(
              outcomes_.begin(), outcomes_.end(),
              [](const EnrolmentOutcome& o) { return o.status == EnrolmentStatus::kAccepted; });
          return options_.note && changed > 0 ? options_.note(tx, changed) : Result<Done>(Done{});
        }));
        JARING_RETURN_IF_ERROR(TellRows(columns, rejections));
        JARING_RETURN_IF_ERROR(TellStep(reader.bytes_read(), reader.bytes_total()));
      }
      if (!more) {
        return Done{};
      }
    }
  }

  void AddRow(const ColumnMap& columns, const TableRow& row) {
    ++summary_.rows;
    RowProblem problem{.row = row.number};
    auto enrolment = ParseEnrolmentRow(columns, row, agency_, problem);
    kept_.Add(row);
    problems_.push_back(std::move(problem));
    if (enrolment) {
      enrolments_.push_back(std::move(*enrolment));
    }
  }

  /// Tells what became of each row of the step, in the order of the file.
  Result<Done> TellRows(const ColumnMap& columns, RejectionWriter& rejections) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      RowProblem& problem = problems_[i];
      if (problem.rule.empty()) {
        const EnrolmentOutcome& outcome = outcomes_[next++];
        if (outcome.status == EnrolmentStatus::kRejected) {
          problem.rule = outcome.rule;
          problem.column = outcome.column;
          problem.value = MaskedField(problem.column, kept_.Field(i, columns, problem.column));
        } else {
          ++(outcome.status == EnrolmentStatus::kAccepted ? summary_.accepted : summary_.repeated);
          for (const WarningWords& words : WordsOf(outcome.warnings)) {
            summary_.Warn(problem.row, words.column, words.rule);
          }
          if (hooks_.on_member) {
            hooks_.on_member(problem.row, outcome.member);
          }
          continue;
        }
      }
      summary_.Reject(problem);
      JARING_RETURN_IF_ERROR(rejections.Add(kept_.Row(i), problem));
    }
    kept_.Clear();
    problems_.clear();
    enrolments_.clear();
    return Done{};
  }

  const EnrolmentSource& source_;
  const EnrolHooks& hooks_;
  KeptRows kept_;                      // The rows of this step, as written.
  std::vector<RowProblem> problems_;   // One for each kept row; no rule: the row is good so far.
  std::vector<Enrolment> enrolments_;  // Of the rows that are good so far.
  std::vector<EnrolmentOutcome> outcomes_;
};

}  // namespace

std::optional<Enrolment> ParseEnrolmentRow(const ColumnMap& columns, const TableRow& row,
                                           const Agency& agency, RowProblem& problem) {
  if (!row.problem.empty()) {
    problem.rule = row.problem;
    return std::nullopt;
  }
  FieldReader fields(columns, row, problem);
  const auto text = [&](EnrolColumn column) { return fields.Text(column); };
  using C = EnrolColumn;
  auto nik = fields.Take(C::kNik, ParseNikField(text(C::kNik), agency.is_demo));
  if (!nik) {
    return std::nullopt;
  }
  auto name = fields.Take(C::kName, ParseNameField(text(C::kName)));
  const auto birth =
      name ? fields.Take(C::kBirthDate, ParseDateField(text(C::kBirthDate))) : std::nullopt;
  const auto sex = birth ? fields.Take(C::kSex, ParseSexField(text(C::kSex))) : std::nullopt;
  const auto village =
      sex ? fields.Take(C::kVillageCode, ParseVillageField(text(C::kVillageCode))) : std::nullopt;
  auto phone = village ? fields.Take(C::kPhone, ParsePhoneField(text(C::kPhone))) : std::nullopt;
  if (!phone) {
    return std::nullopt;
  }
  const Trade* trade = FindTradeByWords(agency.scheme, text(C::kTrade));
  if (trade == nullptr) {
    fields.Fail(C::kTrade, text(C::kTrade).empty() ? "trade.missing" : "trade.unknown");
    return std::nullopt;
  }
  const auto income = fields.Take(C::kIncome, ParseIncomeField(text(C::kIncome)));
  const auto programmes =
      income
          ? fields.Take(C::kProgrammeList, ReadProgrammes(agency.scheme, text(C::kProgrammeList)))
          : std::nullopt;
  auto language =
      programmes ? fields.Take(C::kLanguage, ParseLanguageField(text(C::kLanguage))) : std::nullopt;
  if (!language) {
    return std::nullopt;
  }
  return Enrolment{.nik = std::move(*nik),
                   .name = std::move(*name),
                   .birth_date = *birth,
                   .sex = *sex,
                   .village_code = *village,
                   .phone = std::move(*phone),
                   .trade = trade->number,
                   .income = *income,
                   .programmes = *programmes,
                   .language = std::move(*language)};
}

Result<FileSummary> EnrolFile(Database& db, const Agency& agency, const EnrolmentSource& source,
                              const InputFile& file, const FileOptions& options,
                              const Messages& messages, const EnrolHooks& hooks) {
  JARING_ASSIGN_OR_RETURN(const std::string sha256, Sha256OfFile(file));
  return EnrolFileRun(db, agency, source, file, options, hooks)
      .Run(kIntakeKind, sha256, EnrolColumns(), messages);
}

}  // namespace jaring
