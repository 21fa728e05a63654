#include "access/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "registry/seal.h"

namespace jaring {
namespace {

std::size_t CharactersOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

/// "password" of "password2024!": what people add when a password is refused.
std::string_view WithoutTail(std::string_view text) {
  while (!text.empty() && !IsLetter(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// "abc" of "abcabcabc"; the text itself when it is no repetition.
std::string_view UnitOf(std::string_view text) {
  for (std::size_t size = 1; size <= text.size() / 2; ++size) {
    if (text.size() % size == 0 && text.substr(size) == text.substr(0, text.size() - size)) {
      return text.substr(0, size);
    }
  }
  return text;
}

/// The words of an e-mail address and a name that are long enough to mean something.
std::vector<std::string> OwnWords(const PasswordOwner& owner) {
  constexpr std::size_t kMinWord = 4;
  std::vector<std::string> words = {"jaring", ToLower(owner.email)};
  std::string word;
  for (const char c : ToLower(std::string(owner.email) + " " + std::string(owner.name) + " ")) {
    if (IsLetter(c) || IsDigit(c)) {
      word += c;
      continue;
    }
    if (word.size() >= kMinWord) {
      words.push_back(word);
    }
    word.clear();
  }
  return words;
}

}  // namespace

/// A place among the hashes made at the same time.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : turns_(hasher.turns_), is_mine_(Take(hasher)) {}
  ~Turn() {
    if (is_mine_) {
      turns_.release();
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool is_mine() const { return is_mine_; }

 private:
  static bool Take(PasswordHasher& hasher) {
    if (hasher.turns_.try_acquire()) {
      return true;
    }
    // A flood of logins must not hold every thread of the server.
    const bool may_wait = hasher.waiting_.fetch_add(1) < kMostWaiting;
    const bool taken =
        may_wait && hasher.turns_.try_acquire_for(std::chrono::seconds(kLongestWaitSeconds));
    hasher.waiting_.fetch_sub(1);
    return taken;
  }

  std::counting_semaphore<>& turns_;
  const bool is_mine_;
};

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost), turns_(cost.at_once) {
  JARING_CHECK(sodium_init() >= 0);
  const auto dummy = Hash(RandomBytes(32));
  JARING_CHECK(dummy.has_value());
  dummy_ = *dummy;
}

Result<std::string> PasswordHasher::Hash(std::string_view password) {
  const Turn turn(*this);
  if (!turn.is_mine()) {
    return Error{ErrorCode::kUnavailable, "login.busy", ""};
  }
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  // It fails when there is no memory left.
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost_.passes,
                            cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{ErrorCode::kUnavailable, "login.busy", ""};
  }
  return std::string(hash.data());
}

Result<bool> PasswordHasher::Matches(const std::string& hash, std::string_view password) {
  const Turn turn(*this);
  if (!turn.is_mine()) {
    return Error{ErrorCode::kUnavailable, "login.busy", ""};
  }
  const std::string& against = hash.empty() ? dummy_ : hash;
  const bool same =
      crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

bool PasswordHasher::IsOutdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

Result<PasswordList> PasswordList::Load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return NotFound("password_list.missing", path.string());
  }
  std::ostringstream text;
  text << file.rdbuf();
  PasswordList list;
  list.entries_ = text.str();
  bool sorted = !list.entries_.empty() && list.entries_.size() % kEntryBytes == 0;
  for (std::size_t at = kEntryBytes; sorted && at < list.entries_.size(); at += kEntryBytes) {
    sorted =
        list.entries_.compare(at - kEntryBytes, kEntryBytes, list.entries_, at, kEntryBytes) < 0;
  }
  return sorted ? Result<PasswordList>(std::move(list))
                : Internal("password_list.malformed", path.string());
}

bool PasswordList::Has(std::string_view password) const {
  const std::string lower = ToLower(password);
  const std::string_view bare = WithoutTail(lower);
  return HasEntry(lower) || HasEntry(UnitOf(lower)) || HasEntry(bare) || HasEntry(UnitOf(bare)) ||
         CharactersOf(UnitOf(lower)) == 1;
}

bool PasswordList::HasEntry(std::string_view password) const {
  const std::string digest = Sha256(password);
  const std::string_view wanted = std::string_view(digest).substr(0, kEntryBytes);
  std::size_t first = 0;
  std::size_t last = size();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const int order = entries_.compare(middle * kEntryBytes, kEntryBytes, wanted);
    if (order == 0) {
      return true;
    }
    (order < 0 ? first : last) = order < 0 ? middle + 1 : middle;
  }
  return false;
}

Result<Done> CheckPassword(const PasswordList& list, std::string_view password,
                           const PasswordOwner& owner) {
  // What cannot be typed again is no password: bytes that are no text, control characters.
  if (!IsUtf8(password) || std::any_of(password.begin(), password.end(),
                                       [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; })) {
    return Invalid("password.not_text");
  }
  const std::size_t characters = CharactersOf(password);
  if (characters < kMinPasswordCharacters) {
    return Invalid("password.too_short");
  }
  if (characters > kMaxPasswordCharacters) {
    return Invalid("password.too_long");
  }
  const std::string lower = ToLower(password);
  for (const std::string& word : OwnWords(owner)) {
    // A long phrase may well contain a name; a password that is little more than one may not.
    if (lower.find(word) != std::string::npos &&
        lower.size() < word.size() + kMinPasswordCharacters) {
      return Invalid("password.about_owner");
    }
  }
  return list.Has(password) ? Result<Done>(Invalid("password.breached")) : Done{};
}

Result<Done> CheckPin(std::string_view pin, std::int64_t birth_yyyymmdd) {
  constexpr std::size_t kDigits = 6;
  if (pin.size() != kDigits || !IsAllDigits(pin)) {
    return Invalid("pin.not_six_digits");
  }
  bool same_step = true;  // 111111, 123456, 654321, 246802.
  for (std::size_t i = 2; i < kDigits; ++i) {
    same_step = same_step && (pin[i] - pin[i - 1] + 10) % 10 == (pin[1] - pin[0] + 10) % 10;
  }
  const bool repeats = pin.substr(0, 2) == pin.substr(2, 2) && pin.substr(2, 2) == pin.substr(4, 2);
  const bool halves = pin.substr(0, 3) == pin.substr(3, 3);
  const std::string date = std::to_string(birth_yyyymmdd);
  const std::string y4 = date.substr(0, 4);
  const std::string y = date.substr(2, 2);
  const std::string m = date.substr(4, 2);
  const std::string d = date.substr(6, 2);
  const std::array<std::string, 6> of_birth = {d + m + y, y + m + d, m + d + y,
                                               m + y4,    y4 + m,    d + y4};
  const bool is_birth = std::find(of_birth.begin(), of_birth.end(), pin) != of_birth.end();
  return same_step || repeats || halves || is_birth ? Result<Done>(Invalid("pin.too_easy"))
                                                    : Done{};
}

}  // namespace jaring
