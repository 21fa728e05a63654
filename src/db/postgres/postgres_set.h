#pragma once

// How one statement becomes the same statement for a set: pure text work, tested alone.

#include <libpq-fe.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace jaring {

/// SELECT for each key, in the order of the keys; the key's place (from 1) is put before the
/// columns.
std::string SelectSetForm(std::string_view sql, const std::vector<Oid>& types);

/// INSERT … ON CONFLICT or UPDATE … WHERE for each row of a set.
std::string ChangeSetForm(std::string_view sql, const std::vector<Oid>& types);

/// "COPY t (a, b) FROM STDIN" for a plain INSERT; empty for anything else.
std::string CopyForm(std::string_view sql);

/// One column of a set as a PostgreSQL array literal.
std::string ArrayText(const ValueRows& rows, std::size_t column);

/// Appends one line of COPY's text format.
void AppendCopyRow(std::span<const Value> row, std::string& out);

}  // namespace jaring
