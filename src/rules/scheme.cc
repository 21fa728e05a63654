#include "rules/scheme.h"

#include "base/text.h"

namespace jaring {
namespace {

char Folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsWordByte(char c) {
  const char folded = Folded(c);
  // Bytes of UTF-8 sequences belong to words too.
  return IsDigit(c) || (folded >= 'a' && folded <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Reads words byte by byte: lower case, one space for any run of other signs, none at the ends.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) { SkipSigns(); }

  /// The next byte, or 0 at the end.
  char Next() {
    if (at_ == text_.size()) {
      return 0;
    }
    if (!IsWordByte(text_[at_])) {
      SkipSigns();
      return at_ == text_.size() ? '\0' : ' ';
    }
    return Folded(text_[at_++]);
  }

 private:
  void SkipSigns() {
    while (at_ < text_.size() && !IsWordByte(text_[at_])) {
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool SameWords(std::string_view a, std::string_view b) {
  WordReader left(a);
  WordReader right(b);
  while (true) {
    const char c = left.Next();
    if (c != right.Next()) {
      return false;
    }
    if (c == 0) {
      return true;
    }
  }
}

bool HasAlias(const Trade& trade, std::string_view words) {
  for (const std::string& alias : trade.aliases) {
    if (SameWords(alias, words)) {
      return true;
    }
  }
  return false;
}

}  // namespace

const DatedNumber* FindNumber(const std::vector<DatedNumber>& rows, Month month) {
  for (const DatedNumber& row : rows) {
    if (row.months.Has(month)) {
      return &row;
    }
  }
  return nullptr;
}

const Bracket* FindBracket(const Scheme& scheme, Money income, Month month) {
  for (const BracketTable& table : scheme.bracket_tables) {
    if (!table.months.Has(month)) {
      continue;
    }
    const Bracket* found = nullptr;
    for (const Bracket& bracket : table.brackets) {
      if (bracket.income_from > income) {
        break;
      }
      found = &bracket;
    }
    return found;
  }
  return nullptr;
}

const WageRate* FindWageRate(const Scheme& scheme, Programme programme, Month month) {
  for (const WageRate& rate : scheme.wage_rates) {
    if (rate.programme == programme && rate.months.Has(month)) {
      return &rate;
    }
  }
  return nullptr;
}

const FigureRow* FindFigure(const Scheme& scheme, std::string_view id, Date on) {
  for (const Figure& figure : scheme.figures) {
    if (figure.id == id) {
      return FindRow(figure.rows, on);
    }
  }
  return nullptr;
}

std::optional<std::size_t> FindSector(const Scheme& scheme, std::string_view code) {
  for (std::size_t i = 0; i < scheme.sectors.size(); ++i) {
    if (scheme.sectors[i].code == code) {
      return i;
    }
  }
  return std::nullopt;
}

const Trade* FindTrade(const Scheme& scheme, std::string_view code) {
  for (const Trade& trade : scheme.trades) {
    if (trade.code == code) {
      return &trade;
    }
  }
  return nullptr;
}

const Trade* FindTrade(const Scheme& scheme, std::int64_t number) {
  for (const Trade& trade : scheme.trades) {
    if (trade.number == number) {
      return &trade;
    }
  }
  return nullptr;
}

std::string FoldWords(std::string_view text) {
  std::string folded;
  WordReader reader(text);
  while (const char c = reader.Next()) {
    folded += c;
  }
  return folded;
}

const Trade* FindTradeByWords(const Scheme& scheme, std::string_view words) {
  if (WordReader(words).Next() == 0) {
    return nullptr;
  }
  for (const Trade& trade : scheme.trades) {
    if (SameWords(trade.code, words) || SameWords(trade.name_id, words) ||
        SameWords(trade.name_en, words) || HasAlias(trade, words)) {
      return &trade;
    }
  }
  for (const Sector& sector : scheme.sectors) {
    if (SameWords(sector.name_id, words) || SameWords(sector.name_en, words)) {
      return FindTrade(scheme, sector.code);
    }
  }
  return nullptr;
}

}  // namespace jaring
