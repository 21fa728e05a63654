// The same program posting a payment file the slow way: each payment a set of one, in a transaction
// of its own. What posting in sets is measured against.
//
// usage: bench_post_one_by_one DB KEY_FILE SCHEME_FOLDER FILE PARTNER TODAY COUNT
//   →  {"rows":…,"seconds":…}
//
// FILE is one of bench/make_payments.py: bill_code,amount,paid_at,reference,channel.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/text.h"
#include "collection/payment.h"
#include "registry/group.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

template <typename T>
T OrDie(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_post_one_by_one: %s %s\n", result.error().rule.c_str(),
                 result.error().detail.c_str());
    std::exit(1);
  }
  return std::move(*result);
}

struct PaymentFile {
  std::vector<std::string> lines;
  std::vector<PaymentRequest> requests;  // Views into lines.
};

PaymentFile ReadPaymentFile(const char* file, std::size_t count, std::int64_t partner_id) {
  PaymentFile read;
  read.lines.reserve(count);
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (read.lines.size() < count && std::getline(in, line)) {
    read.lines.push_back(line);
    const auto fields = Split(read.lines.back(), ',');
    PaymentRequest request;
    request.partner_id = partner_id;
    request.member = OrDie(ParseBillCode(fields[0]));
    request.code_as_sent = fields[0];
    request.amount = OrDie(Money::ParseRupiah(std::atoll(std::string(fields[1]).c_str())));
    request.paid_at = OrDie(Instant::Parse(fields[2]));
    request.reference = fields[3];
    request.channel = fields[4];
    read.requests.push_back(request);
  }
  return read;
}

int Main(char** arguments) {
  const auto db = OrDie(Database::Connect(arguments[1], Database::Open::kMustExist));
  const LoadedScheme loaded = LoadScheme(arguments[3]);
  JARING_CHECK(loaded.scheme.has_value());
  const Sealer sealer(OrDie(ReadKeyFile(arguments[2])), arguments[2]);
  const Agency agency{*loaded.scheme, sealer, /*is_demo=*/true};
  std::int64_t partner_id = 0;
  OrDie(db->Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, arguments[5]));
    JARING_CHECK(partner.has_value());
    partner_id = partner->partner_id;
    return Done{};
  }));
  const auto count = static_cast<std::size_t>(std::atoll(arguments[7]));
  const PaymentFile file = ReadPaymentFile(arguments[4], count, partner_id);
  constexpr std::int64_t kNoon = 12LL * 3'600 * 1'000'000;
  const Instant now =
      Instant::FromMicros(Instant::StartOfDay(OrDie(Date::Parse(arguments[6]))).micros() + kNoon);
  const auto start = std::chrono::steady_clock::now();
  for (const PaymentRequest& request : file.requests) {
    OrDie(db->Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto outcomes,
                              PostPayments(tx, agency, std::span(&request, 1), now));
      JARING_CHECK(outcomes[0].status == PaymentStatus::kPosted && outcomes[0].months == 1);
      return Done{};
    }));
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("{\"rows\":%zu,\"seconds\":%.6f}\n", file.requests.size(), seconds.count());
  return 0;
}

}  // namespace
}  // namespace jaring

int main(int count, char** arguments) {
  if (count != 8) {
    std::fprintf(stderr, "usage: see the head of bench/post_one_by_one.cc\n");
    return 2;
  }
  return jaring::Main(arguments);
}
