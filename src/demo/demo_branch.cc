#include "demo/demo_branch.h"

#include <array>

namespace jaring {
namespace {

using Trades = DemoTradeWeight;

// The weights are made up to look plausible; nobody has published them.

constexpr std::array kCityTrades = {
    Trades{"market-trader", 150},
    Trades{"street-vendor", 110},
    Trades{"food-seller", 120},
    Trades{"stall-keeper", 80},
    Trades{"drinks-seller", 35},
    Trades{"online-seller", 30},
    Trades{"motorcycle-taxi-online", 80},
    Trades{"ride-hail-car-driver", 15},
    Trades{"pedicab-driver", 25},
    Trades{"courier", 25},
    Trades{"parking-attendant", 25},
    Trades{"truck-driver", 8},
    Trades{"batik-maker", 50},
    Trades{"tailor", 60},
    Trades{"shoemaker", 8},
    Trades{"food-processor", 15},
    Trades{"builder", 25},
    Trades{"building-labourer", 25},
    Trades{"vehicle-mechanic", 20},
    Trades{"electronics-repairer", 8},
    Trades{"domestic-worker", 30},
    Trades{"laundry-worker", 15},
    Trades{"hairdresser", 12},
    Trades{"masseur", 8},
    Trades{"night-watch", 8},
    Trades{"porter", 20},
    Trades{"waste-picker", 10},
    Trades{"sweeper", 5},
    Trades{"non-permanent-teacher", 15},
    Trades{"private-tutor", 6},
    Trades{"mosque-keeper", 8},
    Trades{"midwife", 2},
    Trades{"insurance-agent", 4},
    Trades{"freelance-programmer", 4},
    Trades{"musician", 5},
    Trades{"traditional-performer", 8},
    Trades{"photographer", 4},
    Trades{"content-creator", 3},
    Trades{"neighbourhood-head", 6},
    Trades{"health-volunteer", 8},
    Trades{"poultry-farmer", 2},
    Trades{"fish-farmer", 1},
};

constexpr std::array kCountryTrades = {
    Trades{"rice-farmer", 190},
    Trades{"vegetable-farmer", 60},
    Trades{"farm-labourer", 90},
    Trades{"sugarcane-farmer", 12},
    Trades{"tobacco-farmer", 15},
    Trades{"cattle-farmer", 35},
    Trades{"goat-farmer", 18},
    Trades{"poultry-farmer", 22},
    Trades{"fish-farmer", 12},
    Trades{"market-trader", 75},
    Trades{"mobile-vendor", 40},
    Trades{"stall-keeper", 55},
    Trades{"food-seller", 55},
    Trades{"drinks-seller", 25},
    Trades{"motorcycle-taxi", 20},
    Trades{"motorcycle-taxi-online", 25},
    Trades{"truck-driver", 20},
    Trades{"public-transport-driver", 12},
    Trades{"builder", 50},
    Trades{"building-labourer", 45},
    Trades{"carpenter", 20},
    Trades{"welder", 10},
    Trades{"vehicle-mechanic", 14},
    Trades{"tailor", 35},
    Trades{"wood-carver", 18},
    Trades{"bamboo-weaver", 12},
    Trades{"potter", 8},
    Trades{"weaver", 8},
    Trades{"food-processor", 15},
    Trades{"domestic-worker", 15},
    Trades{"sand-miner", 8},
    Trades{"waste-picker", 4},
    Trades{"mosque-keeper", 8},
    Trades{"non-permanent-teacher", 12},
    Trades{"preacher", 3},
    Trades{"traditional-performer", 4},
    Trades{"midwife", 1},
    Trades{"health-volunteer", 10},
    Trades{"village-worker", 10},
    Trades{"neighbourhood-head", 6},
};

constexpr std::array kMarket = {
    Trades{"market-trader", 60}, Trades{"food-seller", 15},  Trades{"porter", 10},
    Trades{"street-vendor", 10}, Trades{"drinks-seller", 5},
};
constexpr std::array kBatik = {Trades{"batik-maker", 80}, Trades{"market-trader", 20}};
constexpr std::array kDrivers = {Trades{"motorcycle-taxi-online", 80}, Trades{"courier", 12},
                                 Trades{"ride-hail-car-driver", 8}};
constexpr std::array kPedicabs = {Trades{"pedicab-driver", 85}, Trades{"parking-attendant", 15}};
constexpr std::array kTailors = {Trades{"tailor", 90}, Trades{"weaver", 10}};
constexpr std::array kFarmers = {Trades{"rice-farmer", 65}, Trades{"farm-labourer", 25},
                                 Trades{"vegetable-farmer", 10}};
constexpr std::array kUplandFarmers = {Trades{"vegetable-farmer", 60}, Trades{"rice-farmer", 25},
                                       Trades{"farm-labourer", 15}};
constexpr std::array kDairy = {Trades{"cattle-farmer", 85}, Trades{"livestock-labourer", 15}};
constexpr std::array kFurniture = {Trades{"wood-carver", 60}, Trades{"carpenter", 40}};
constexpr std::array kVulnerable = {
    Trades{"pedicab-driver", 20}, Trades{"porter", 15},           Trades{"waste-picker", 15},
    Trades{"street-vendor", 15},  Trades{"domestic-worker", 10},  Trades{"mosque-keeper", 10},
    Trades{"sweeper", 5},         Trades{"health-volunteer", 10},
};
constexpr std::array kVillageVulnerable = {
    Trades{"farm-labourer", 60}, Trades{"village-worker", 15},    Trades{"health-volunteer", 10},
    Trades{"mosque-keeper", 10}, Trades{"disaster-volunteer", 5},
};

using enum GroupKind;
constexpr Payer kSelf = Payer::kSelf;
constexpr Payer kPublic = Payer::kGovernment;
constexpr auto kWalkIn = DemoTemper::kWalkIn;
constexpr auto kGathered = DemoTemper::kGathered;
constexpr auto kHarvest = DemoTemper::kFarmers;
constexpr auto kPaidFor = DemoTemper::kSponsored;
constexpr Door kList = Door::kList;
constexpr Door kKiosk = Door::kKiosk;
constexpr Door kAgent = Door::kAgent;

// clang-format off
constexpr std::array kSources = {
    DemoSource{"", "", kCommunity, kSelf, Door::kCounter, kWalkIn, 90, 0, {}},
    DemoSource{"", "", kCommunity, kSelf, Door::kWeb, kWalkIn, 70, 0, {}},
    DemoSource{"", "", kCommunity, kSelf, Door::kApi, kWalkIn, 60, 0, {}},
    DemoSource{"", "", kCommunity, kSelf, kAgent, kWalkIn, 110, 0, {}},

    DemoSource{"kios-pasar-klewer", "Kios Pasar Klewer", kCommunity, kSelf, kKiosk, kWalkIn, 45, 3372, kMarket},
    DemoSource{"kios-pasar-gede", "Kios Pasar Gede", kCommunity, kSelf, kKiosk, kWalkIn, 30, 3372, kMarket},
    DemoSource{"kios-pasar-legi", "Kios Pasar Legi", kCommunity, kSelf, kKiosk, kWalkIn, 30, 3372, kMarket},
    DemoSource{"kios-pasar-kartasura", "Kios Pasar Kartasura", kCommunity, kSelf, kKiosk, kWalkIn, 20, 3311, kMarket},
    DemoSource{"kios-pasar-delanggu", "Kios Pasar Delanggu", kCommunity, kSelf, kKiosk, kWalkIn, 15, 3310, kMarket},

    DemoSource{"perajin-batik-laweyan", "Paguyuban Perajin Batik Laweyan", kAssociation, kSelf, kList, kGathered, 35, 3372, kBatik},
    DemoSource{"pedagang-batik-klewer", "Paguyuban Pedagang Batik Klewer", kAssociation, kSelf, kList, kGathered, 30, 3372, kBatik},
    DemoSource{"ojek-daring-solo", "Paguyuban Pengemudi Ojek Daring Solo", kAssociation, kSelf, kList, kGathered, 60, 0, kDrivers},
    DemoSource{"tukang-becak-solo", "Paguyuban Tukang Becak Solo", kAssociation, kSelf, kList, kGathered, 15, 3372, kPedicabs},
    DemoSource{"penjahit-sukoharjo", "Paguyuban Penjahit Sukoharjo", kAssociation, kSelf, kList, kGathered, 30, 3311, kTailors},

    DemoSource{"tani-makmur-sukoharjo", "Gabungan Kelompok Tani Makmur Sukoharjo", kAssociation, kSelf, kList, kHarvest, 40, 3311, kFarmers},
    DemoSource{"tani-rukun-klaten", "Gabungan Kelompok Tani Rukun Klaten", kAssociation, kSelf, kList, kHarvest, 40, 3310, kFarmers},
    DemoSource{"tani-lawu-karanganyar", "Gabungan Kelompok Tani Lawu Karanganyar", kAssociation, kSelf, kList, kHarvest, 30, 3313, kUplandFarmers},
    DemoSource{"tani-subur-sragen", "Gabungan Kelompok Tani Subur Sragen", kAssociation, kSelf, kList, kHarvest, 20, 3314, kFarmers},

    DemoSource{"koperasi-susu-boyolali", "Koperasi Peternak Sapi Perah Boyolali", kCooperative, kSelf, kList, kGathered, 25, 3309, kDairy},
    DemoSource{"koperasi-mebel-klaten", "Koperasi Perajin Mebel Klaten", kCooperative, kSelf, kList, kGathered, 20, 3310, kFurniture},
    DemoSource{"koperasi-pasar-karanganyar", "Koperasi Pedagang Pasar Karanganyar", kCooperative, kSelf, kList, kGathered, 20, 3313, kMarket},
    DemoSource{"konveksi-mitra-rumahan", "Konveksi Mitra Rumahan", kEmployer, kSelf, kList, kGathered, 20, 3311, kTailors},

    DemoSource{"agen-desa-wonogiri", "Agen Desa Wonogiri", kCommunity, kSelf, kAgent, kWalkIn, 25, 3312, {}},
    DemoSource{"agen-desa-sragen", "Agen Desa Sragen", kCommunity, kSelf, kAgent, kWalkIn, 20, 3314, {}},
    DemoSource{"agen-desa-boyolali", "Agen Desa Boyolali", kCommunity, kSelf, kAgent, kWalkIn, 20, 3309, {}},

    DemoSource{"pekerja-rentan-surakarta", "Pekerja Rentan Kota Surakarta (APBD)", kSponsor, kPublic, kList, kPaidFor, 50, 3372, kVulnerable},
    DemoSource{"peduli-pekerja-desa", "Perusahaan Peduli Pekerja Desa", kSponsor, kSelf, kList, kPaidFor, 30, 0, kVillageVulnerable},
};
// clang-format on

constexpr std::array kPartners = {
    DemoPartner{"post-office", "Kantor pos", "counter", "PO", 24},
    DemoPartner{"bank-agent", "Agen bank", "agent", "BA", 30},
    DemoPartner{"minimarket", "Minimarket", "cashier", "MM", 22},
    DemoPartner{"e-wallet", "Dompet digital", "app", "EW", 14},
    DemoPartner{"kiosk", "Kios", "kiosk", "KI", 10},
};

constexpr std::array kRegencies = {
    DemoRegency{3372, 34, true},  DemoRegency{3311, 20, false}, DemoRegency{3310, 12, false},
    DemoRegency{3313, 12, false}, DemoRegency{3309, 9, false},  DemoRegency{3314, 7, false},
    DemoRegency{3312, 6, false},
};

}  // namespace

std::span<const DemoSource> DemoSources() {
  return kSources;
}

std::span<const DemoPartner> DemoPartners() {
  return kPartners;
}

std::span<const DemoRegency> DemoRegencies() {
  return kRegencies;
}

std::span<const DemoTradeWeight> DemoTradesOf(bool is_city) {
  return is_city ? std::span<const DemoTradeWeight>(kCityTrades)
                 : std::span<const DemoTradeWeight>(kCountryTrades);
}

}  // namespace jaring
