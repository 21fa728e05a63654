#include "demo/demo_intake.h"

#include <algorithm>

#include "demo/demo_clock.h"

namespace jaring {
namespace {

constexpr std::uint64_t kSourceStream = 1ULL << 40U;  // Past the streams of people and payers.
constexpr std::uint64_t kPayerStream = 1ULL << 32U;

constexpr std::size_t kListPeople = 300;  // A list this long is brought at once.
constexpr std::size_t kDoorPeople = 12;
constexpr int kDaysBetweenLists = 14;
constexpr int kDaysBetweenDoors = 7;
constexpr std::size_t kSetPeople = 5000;

/// Steady growth, and a campaign in the fifteenth month that wears off in the sixteenth.
std::int64_t MonthWeight(int month) {
  constexpr int kCampaign = 14;
  const std::int64_t steady = 40 + 2 * month;
  if (month == kCampaign) {
    return steady * 24 / 10;
  }
  return month == kCampaign + 1 ? steady * 15 / 10 : steady;
}

/// 1970-01-01 was a Thursday.
bool IsSunday(std::int64_t days) {
  return days % 7 == 3;
}

}  // namespace

DemoGrowth::DemoGrowth(Date first, Date last) : first_(first.days()) {
  std::int64_t sum = 0;
  for (std::int64_t day = first_; day <= last.days(); ++day) {
    sum += MonthWeight(Date::FromDays(day).month() - first.month()) * (IsSunday(day) ? 2 : 10);
    weight_until_.push_back(sum);
  }
}

std::int64_t DemoGrowth::JoinedBy(Date day, std::int64_t people) const {
  const std::int64_t until = weight_until_[static_cast<std::size_t>(day.days() - first_)];
  return people * until / weight_until_.back();
}

DemoIntake::DemoIntake(const Agency& agency, const DemoOptions& options, DemoPeople people,
                       Date first, Date last)
    : agency_(agency),
      options_(options),
      people_(std::move(people)),
      growth_(first, last),
      last_(last),
      dice_(options.seed, kSourceStream),
      lines_(DemoSources().size()) {
  for (const DemoSource& source : DemoSources()) {
    source_weights_.push_back(source.weight);
  }
}

Result<std::int64_t> DemoIntake::CreateGroups(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, kDemoBranch));
  if (!branch) {
    return NotFound("demo.branch_missing", kDemoBranch);
  }
  std::int64_t made = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const DemoSource& source = DemoSources()[i];
    if (*source.code == '\0') {
      continue;
    }
    JARING_ASSIGN_OR_RETURN(lines_[i].group, CreateGroup(tx, {.code = source.code,
                                                              .name = source.name,
                                                              .kind = source.kind,
                                                              .branch_id = branch->branch_id,
                                                              .payer = source.payer}));
    ++made;
  }
  return made;
}

bool DemoIntake::BringsToday(std::size_t source, Date day) const {
  const Line& line = lines_[source];
  if (line.waiting.empty() || day == last_) {
    return !line.waiting.empty();
  }
  if (DemoSources()[source].temper == DemoTemper::kSponsored) {
    return IsSponsorDay(day);
  }
  const bool is_list = DemoSources()[source].door == Door::kList;
  const int days = is_list ? kDaysBetweenLists : kDaysBetweenDoors;
  return line.waiting.size() >= (is_list ? kListPeople : kDoorPeople) ||
         (day.days() + static_cast<std::int64_t>(source)) % days == 0;
}

Result<Done> DemoIntake::RunDay(Tx& tx, Date day, std::vector<DemoMember>& members,
                                DemoAgenda& agenda) {
  for (const std::int64_t until = growth_.JoinedBy(day, options_.people); joined_ < until;
       ++joined_) {
    const std::size_t source = dice_.Pick(source_weights_);
    lines_[source].waiting.push_back(people_.Next(DemoSources()[source], day));
  }
  for (std::size_t source = 0; source < lines_.size(); ++source) {
    if (BringsToday(source, day)) {
      JARING_RETURN_IF_ERROR(Enrol(tx, source, day, members, agenda));
    }
  }
  return Done{};
}

Result<Done> DemoIntake::Enrol(Tx& tx, std::size_t source, Date day,
                               std::vector<DemoMember>& members, DemoAgenda& agenda) {
  Line& line = lines_[source];
  const EnrolmentSource shared{.group = line.group,
                               .branch_id = {},
                               .door = DemoSources()[source].door,
                               .now = DemoInstant(day, kDemoOpens)};
  for (std::span<const Enrolment> rest = line.waiting; !rest.empty();) {
    const auto set = rest.first(std::min(rest.size(), kSetPeople));
    rest = rest.subspan(set.size());
    JARING_ASSIGN_OR_RETURN(const auto outcomes, EnrolPeople(tx, agency_, shared, set));
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (outcomes[i].status != EnrolmentStatus::kAccepted) {
        return Internal("demo.row_refused", outcomes[i].rule);
      }
      members.push_back(MemberOf(set[i], outcomes[i].member, source, day));
      DemoMember& member = members.back();
      agenda.Note(FirstVisit(member.dice, member.payer, day), members.size() - 1);
    }
  }
  line.waiting.clear();
  return Done{};
}

DemoMember DemoIntake::MemberOf(const Enrolment& person, const MemberNumber& number,
                                std::size_t source, Date day) const {
  const DemoSource& from = DemoSources()[source];
  DemoDice dice(options_.seed, kPayerStream + static_cast<std::uint64_t>(number.person_id));
  const DemoPayer payer = DrawPayer(dice, from.temper);
  std::vector<int> partner_weights;
  for (const DemoPartner& partner : DemoPartners()) {
    partner_weights.push_back(partner.weight);
  }
  const std::size_t partner = dice.Pick(partner_weights);
  return {.number = number,
          .nik = agency_.sealer.Seal(person.nik.Reveal()),  // Some pay by NIK.
          .masked_nik = person.nik.Masked(),
          .birth_date = person.birth_date,
          .terms = {.programmes = person.programmes,
                    .income = person.income,
                    .sector = FindTrade(agency_.scheme, std::int64_t{person.trade})->sector,
                    .payer = from.payer,
                    .spell_first_month = {}},
          .spell = {.acquired_on = day, .first_month = {}, .paid_through = {}},
          .credit = {},
          .payer = payer,
          .dice = dice,
          .partner = partner,
          .reference = {},
          .amount = {},
          .spell_before = {},
          .credit_before = {},
          .resume_on = {}};
}

}  // namespace jaring
