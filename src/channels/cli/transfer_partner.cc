#include "channels/cli/transfer_partner.h"

#include "channels/bank/snap_partner.h"
#include "channels/cli/secret_file.h"

namespace jaring {

Result<std::unique_ptr<TransferPartner>> TransferPartnerOf(const CliContext& context) {
  const Settings& settings = context.settings();
  if (settings.transfer_url.empty()) {
    return Invalid("config.transfer_missing");
  }
  SnapSettings snap{.url = settings.transfer_url,
                    .token_path = settings.transfer_token_path,
                    .transfer_path = settings.transfer_path,
                    .status_path = settings.transfer_status_path,
                    .client_key = settings.transfer_client_key,
                    .secret = "",
                    .partner_id = settings.transfer_partner_id,
                    .channel_id = settings.transfer_channel_id,
                    .account = settings.claims_account};
  while (snap.url.ends_with('/')) {
    snap.url.pop_back();
  }
  JARING_ASSIGN_OR_RETURN(snap.secret, ReadSecret(settings.transfer_secret_file));
  JARING_ASSIGN_OR_RETURN(const std::string pem, ReadSecret(settings.transfer_key_file));
  JARING_ASSIGN_OR_RETURN(SnapKey key, SnapKey::FromPem(pem));
  JARING_ASSIGN_OR_RETURN(BankList banks,
                          BankList::Load((context.root() / "data" / "banks.toml").string()));
  return std::unique_ptr<TransferPartner>(std::make_unique<SnapPartner>(
      std::move(snap), std::move(key), std::move(banks), CurlFetchWhole()));
}

Duty TransferDuty(const CliContext& context, Database& db, const Agency& agency,
                  TransferPartner& partner, TransferGauges& gauges) {
  return {.every = std::chrono::minutes(1), .run = [&](const std::function<bool()>& stopping) {
            const auto made =
                MakeTransfers(db, agency, partner,
                              {.at_once = static_cast<int>(context.settings().transfer_at_once),
                               .now = [&context] { return context.now(); },
                               .should_stop = stopping});
            if (made) {
              gauges.open = made->open;
              gauges.problems = std::ssize(made->problems) + std::ssize(made->paid_twice);
            }
          }};
}

}  // namespace jaring
