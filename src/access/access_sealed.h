#pragma once

#include <array>

#include "access/access_sql.h"
#include "access/login_sql.h"
#include "registry/sealed_column.h"

namespace jaring {

/// What access seals; `jaring key rotate` goes through it.
inline constexpr std::array kAccessSealedColumns = {
    SealedColumn{.place = "approval_request/payload_sealed",
                 .list_sql = sql::kListPayloadsSealed,
                 .update_sql = sql::kUpdatePayloadSealed,
                 .count_sql = sql::kCountPayloadsSealed},
    SealedColumn{.place = "second_factor/secret_sealed",
                 .list_sql = sql::kListSecretsSealed,
                 .update_sql = sql::kUpdateSecretSealed,
                 .count_sql = sql::kCountSecretsSealed},
    SealedColumn{.place = "outbox_message/phone_sealed",
                 .list_sql = sql::kListMessagePhonesSealed,
                 .update_sql = sql::kUpdateMessagePhoneSealed,
                 .count_sql = sql::kCountMessagePhonesSealed},
    SealedColumn{.place = "outbox_message/text_sealed",
                 .list_sql = sql::kListMessageTextsSealed,
                 .update_sql = sql::kUpdateMessageTextSealed,
                 .count_sql = sql::kCountMessageTextsSealed},
    SealedColumn{.place = "access_recovery/new_phone_sealed",
                 .list_sql = sql::kListNewPhonesSealed,
                 .update_sql = sql::kUpdateNewPhoneSealed,
                 .count_sql = sql::kCountNewPhonesSealed}};

}  // namespace jaring
