#include "channels/bank/snap_partner.h"

#include <algorithm>
#include <random>

#include "base/text.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::string_view kTransferService = "18";
constexpr std::string_view kStatusService = "36";
constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kShortestToken = 60;  // Seconds; a token is renewed so long before its end.
constexpr std::int64_t kLongestToken = 86'400;

std::string AmountText(Money amount) {
  return std::to_string(amount.rupiah()) + ".00";
}

void AddAmount(JsonWriter& json, Money amount) {
  json.Key("amount").BeginObject().Key("value").Text(AmountText(amount));
  json.Key("currency").Text("IDR").EndObject();
}

bool HasMember(const JsonValue& object, std::string_view name) {
  return std::any_of(object.members.begin(), object.members.end(),
                     [name](const JsonMember& member) { return member.name == name; });
}

/// "250000.00" and "250000" are whole rupiah; what else there may be is no amount of ours.
std::optional<Money> ReadAmount(const JsonValue& answer) {
  const JsonValue* amount = OnlyMember(answer, "amount", JsonValue::Kind::kObject);
  if (amount == nullptr || TextIn(*amount, "currency") != "IDR") {
    return std::nullopt;
  }
  const std::string value = TextIn(*amount, "value");
  const std::size_t point = std::min(value.find('.'), value.size());
  const bool is_whole =
      value.find_first_not_of('0', std::min(point + 1, value.size())) == std::string::npos;
  const auto rupiah = ParseInteger(std::string_view(value).substr(0, point));
  return rupiah && is_whole ? std::optional(Money::FromRupiah(*rupiah)) : std::nullopt;
}

std::string DigitsOf(std::string_view reference) {
  std::string digits;
  std::copy_if(reference.begin(), reference.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

/// Each question has a number of its own.
std::string RandomDigits() {
  std::random_device source;
  std::string digits;
  while (digits.size() < 18) {
    digits += std::to_string(source());
  }
  digits.resize(18);
  return digits;
}

std::string TransferBody(const TransferOrder& order, const std::string& account,
                         std::string_view clearing_code) {
  JsonWriter json;
  json.BeginObject().Key("partnerReferenceNo").Text(order.payout.reference());
  AddAmount(json, order.payout.sum());
  json.Key("beneficiaryAccountName").Text(order.payee.name);
  json.Key("beneficiaryAccountNo").Text(order.payee.account);
  json.Key("beneficiaryBankCode").Text(clearing_code);
  json.Key("sourceAccountNo").Text(account);
  json.Key("transactionDate").Text(SnapTime(*order.payout.sent_at));
  json.Key("remark").Text(order.payout.claim.ToString()).EndObject();
  return json.Take();
}

std::string StatusBody(const TransferOrder& order) {
  JsonWriter json;
  json.BeginObject().Key("originalPartnerReferenceNo").Text(order.payout.reference());
  json.Key("serviceCode").Text(kTransferService);
  json.Key("transactionDate").Text(SnapTime(*order.payout.sent_at));
  AddAmount(json, order.payout.sum());
  json.EndObject();
  return json.Take();
}

/// latestTransactionStatus.
TransferState::Kind KindOf(std::string_view status) {
  using Kind = TransferState::Kind;
  if (status == "00") {
    return Kind::kPaid;
  }
  if (status == "01" || status == "02" || status == "03") {
    return Kind::kOnItsWay;
  }
  if (status == "04" || status == "05" || status == "06") {  // Refunded, cancelled, failed.
    return Kind::kFailed;
  }
  return status == "07" ? Kind::kUnknownThere : Kind::kUnsure;
}

}  // namespace

SnapPartner::SnapPartner(SnapSettings settings, SnapKey key, BankList banks, FetchWhole fetch)
    : settings_(std::move(settings)),
      key_(std::move(key)),
      banks_(std::move(banks)),
      fetch_(std::move(fetch)) {}

bool SnapPartner::Reaches(const ClaimPayee& payee) const {
  return !banks_.ClearingCode(payee.institution).empty();
}

HandedOver SnapPartner::HandOver(const TransferOrder& order, Instant now) {
  const Answer answer = Send(
      {.path = settings_.transfer_path,
       .body = TransferBody(order, settings_.account, banks_.ClearingCode(order.payee.institution)),
       // The same whenever it goes, so that the bank sees that it is the same.
       .external_id = std::string(kTransferService) + DigitsOf(order.payout.reference())},
      now);
  using How = HandedOver::How;
  if (answer.code.empty() || answer.code.substr(3, 2) != kTransferService) {
    return {How::kUnsure, answer.code};
  }
  if (answer.status / 100 == 2 || answer.status == 409) {  // 409: it has it already.
    return {How::kTaken, answer.code};
  }
  const bool is_refused = answer.status == 400 || answer.status == 403 || answer.status == 404;
  return {is_refused ? How::kRefused : How::kUnsure, answer.code};
}

TransferState SnapPartner::Ask(const TransferOrder& order, Instant now) {
  const Answer answer = Send({.path = settings_.status_path,
                              .body = StatusBody(order),
                              .external_id = std::string(kStatusService) + RandomDigits()},
                             now);
  if (answer.code == "4043601") {
    return {.kind = TransferState::Kind::kUnknownThere, .code = answer.code};
  }
  // Some banks leave out what was asked for; none may name another.
  const std::string reference = TextIn(answer.json, "originalPartnerReferenceNo");
  const auto amount = ReadAmount(answer.json);
  if (answer.code != "2003600" || (!reference.empty() && reference != order.payout.reference()) ||
      (!amount && HasMember(answer.json, "amount"))) {
    return {};
  }
  const std::string status = TextIn(answer.json, "latestTransactionStatus");
  TransferState state{.kind = KindOf(status), .on = {}, .amount = amount, .code = status};
  if (const auto on = Instant::Parse(TextIn(answer.json, "transactionDate")); on && *on <= now) {
    state.on = on->JakartaDate();
  }
  return state;
}

std::string SnapPartner::Token(Instant now) {
  const std::lock_guard lock(mutex_);
  if (!token_.empty() && now < token_until_) {
    return token_;
  }
  token_.clear();
  const std::string time = SnapTime(now);
  const auto answer =
      fetch_({.url = settings_.url + settings_.token_path,
              .headers = {"Content-Type: application/json", "X-TIMESTAMP: " + time,
                          "X-CLIENT-KEY: " + settings_.client_key,
                          "X-SIGNATURE: " + key_.Sign(settings_.client_key + "|" + time)},
              .body = R"({"grantType":"client_credentials"})"});
  if (!answer || answer->status != 200) {
    return "";
  }
  const auto json = ParseJson(answer->body);
  if (!json || json->kind != JsonValue::Kind::kObject) {
    return "";
  }
  token_ = TextIn(*json, "accessToken");
  // A text by the standard, a number at some banks.
  const JsonValue* number = OnlyMember(*json, "expiresIn", JsonValue::Kind::kInteger);
  const std::int64_t seconds =
      number != nullptr ? number->integer : ParseInteger(TextIn(*json, "expiresIn")).value_or(0);
  token_until_ = Instant::FromMicros(
      now.micros() +
      (std::clamp(seconds, kShortestToken, kLongestToken) - kShortestToken) * kMicros);
  return token_;
}

void SnapPartner::ForgetToken(const std::string& token) {
  const std::lock_guard lock(mutex_);
  if (token_ == token) {
    token_.clear();
  }
}

SnapPartner::Answer SnapPartner::Send(const Call& call, Instant now) {
  const std::string token = Token(now);
  Answer answer = SendWith(token, call, now);
  if (answer.status == 401) {
    ForgetToken(token);
    answer = SendWith(Token(now), call, now);
  }
  return answer;
}

SnapPartner::Answer SnapPartner::SendWith(const std::string& token, const Call& call,
                                          Instant now) const {
  if (token.empty()) {
    return {};
  }
  const std::string time = SnapTime(now);
  const auto answer = fetch_(
      {.url = settings_.url + call.path,
       .headers = {"Content-Type: application/json", "Authorization: Bearer " + token,
                   "X-TIMESTAMP: " + time,
                   "X-SIGNATURE: " +
                       SignSnapCall(settings_.secret, call.path, token, call.body, time),
                   "X-PARTNER-ID: " + settings_.partner_id, "X-EXTERNAL-ID: " + call.external_id,
                   "CHANNEL-ID: " + settings_.channel_id},
       .body = call.body});
  if (!answer) {
    return {};
  }
  Answer read{.status = answer->status, .code = "", .json = {}};
  auto json = ParseJson(answer->body);
  if (json && json->kind == JsonValue::Kind::kObject) {
    read.json = std::move(*json);
    const std::string code = TextIn(read.json, "responseCode");
    if (code.size() == 7 && IsAllDigits(code) &&
        code.substr(0, 3) == std::to_string(answer->status)) {
      read.code = code;
    }
  }
  return read;
}

}  // namespace jaring
