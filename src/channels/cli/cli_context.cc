#include "channels/cli/cli_context.h"

#include "base/text.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";

/// A file name for the key of a database on a server: letters and digits of its address, without
/// what stands before '@' (user and password).
std::string KeyNameOf(std::string_view address) {
  const std::size_t at = address.rfind('@');
  std::string_view place = address.substr(at == std::string_view::npos ? 0 : at + 1);
  if (at == std::string_view::npos && place.find("://") != std::string_view::npos) {
    place = place.substr(place.find("://") + 3);
  }
  std::string name;
  for (const char c : ToLower(place.substr(0, place.find('?')))) {
    name += IsDigit(c) || (c >= 'a' && c <= 'z') ? c : '-';
  }
  return name + ".key";
}

}  // namespace

Result<std::filesystem::path> FindDataRoot(const std::filesystem::path& executable) {
  const std::filesystem::path folder = executable.parent_path();
  std::error_code ignored;
  for (const auto& root : {folder / ".." / "..", folder / ".." / "share" / "jaring"}) {
    if (std::filesystem::is_directory(root / "schemes", ignored)) {
      return std::filesystem::canonical(root, ignored);
    }
  }
  return NotFound("data_root.missing", folder.string());
}

Result<CliContext> CliContext::Make(const Environment& environment, CommonOptions options,
                                    SettingsBook settings) {
  options.db = settings.values().db;
  options.key_file = settings.values().key_file;
  options.data_root = settings.values().data_root;
  options.scheme = settings.values().scheme;
  std::filesystem::path root = options.data_root;
  if (root.empty()) {
    JARING_ASSIGN_OR_RETURN(root, FindDataRoot(environment.executable));
  }
  JARING_ASSIGN_OR_RETURN(Messages messages,
                          Messages::Load((root / "data" / "messages.toml").string()));
  CliContext context(environment, std::move(options), std::move(settings), std::move(messages));
  context.root_ = std::move(root);
  return context;
}

Result<Done> CliContext::ReadToday() {
  if (!options_.today.empty()) {
    JARING_ASSIGN_OR_RETURN(today_, Date::Parse(options_.today));
  }
  return Done{};
}

std::filesystem::path CliContext::scheme_folder() const {
  return options_.scheme.empty() ? root_ / "schemes" / "id-bpu"
                                 : std::filesystem::path(options_.scheme);
}

std::filesystem::path CliContext::key_file() const {
  if (!options_.key_file.empty()) {
    return options_.key_file;
  }
  if (options_.db.starts_with(kSqlitePrefix)) {
    return options_.db.substr(kSqlitePrefix.size()) + ".key";
  }
  return environment_.config_home / "jaring" / KeyNameOf(options_.db);
}

std::filesystem::path CliContext::database_file() const {
  return options_.db.starts_with(kSqlitePrefix) ? options_.db.substr(kSqlitePrefix.size()) : "";
}

std::filesystem::path CliContext::data_folder() const {
  const std::filesystem::path file = database_file();
  return file.empty() || file.has_parent_path() ? file.parent_path() : ".";
}

std::filesystem::path CliContext::papers_folder() const {
  if (!settings().papers_folder.empty()) {
    return settings().papers_folder;
  }
  const std::filesystem::path file = database_file();
  return file.empty() ? file : std::filesystem::path(file.string() + "-papers");
}

Instant CliContext::now() const {
  constexpr std::int64_t kHalfDay = 12LL * 3'600 * 1'000'000;
  return today_ ? Instant::FromMicros(Instant::StartOfDay(*today_).micros() + kHalfDay)
                : environment_.clock();
}

void CliContext::PrintError(const Error& error) const {
  std::fprintf(stderr, "jaring: %s\n        %s\n        (%s%s%s)\n",
               messages_.Text(error.rule, Language::kIndonesian).c_str(),
               messages_.Text(error.rule, Language::kEnglish).c_str(), error.rule.c_str(),
               error.detail.empty() ? "" : ": ", error.detail.c_str());
}

Result<Scheme> OpenScheme(const CliContext& context) {
  LoadedScheme loaded = LoadScheme(context.scheme_folder());
  for (const SchemeProblem& problem : loaded.problems) {
    std::fprintf(stderr, "%s\n", ProblemText(problem).c_str());
  }
  if (!loaded) {
    return Invalid("scheme.has_problems", context.scheme_folder().string());
  }
  return std::move(*loaded.scheme);
}

Result<std::unique_ptr<OpenAgency>> OpenAgency::Open(const CliContext& context) {
  JARING_ASSIGN_OR_RETURN(auto db,
                          Database::Connect(context.options().db, Database::Open::kMustExist));
  // First, so that a database without an agency is told as such and not as one without its key.
  JARING_RETURN_IF_ERROR(
      db->Read([&](Tx& tx) { return CheckAgencySchema(tx, context.root() / "migrations"); }));
  JARING_ASSIGN_OR_RETURN(Scheme scheme, OpenScheme(context));
  JARING_ASSIGN_OR_RETURN(const KeyRing keys, ReadKeyFile(context.key_file()));
  std::unique_ptr<OpenAgency> open(new OpenAgency(std::move(db), std::move(scheme), keys,
                                                  context.key_file(), /*is_demo=*/false));
  JARING_RETURN_IF_ERROR(open->db_->Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(open->agency_.is_demo, CheckAgency(tx, open->scheme_, open->sealer_));
    return Done{};
  }));
  return open;
}

Result<std::unique_ptr<OpenAgency>> OpenAgency::Create(const CliContext& context, bool is_demo) {
  JARING_ASSIGN_OR_RETURN(Scheme scheme, OpenScheme(context));
  JARING_ASSIGN_OR_RETURN(auto db,
                          Database::Connect(context.options().db, Database::Open::kMayCreate));
  const std::filesystem::path key_file = context.key_file();
  std::error_code ignored;
  if (key_file.has_parent_path()) {
    std::filesystem::create_directories(key_file.parent_path(), ignored);
  }
  JARING_RETURN_IF_ERROR(EnsureKeyFile(key_file, context.now().JakartaDate()));
  JARING_ASSIGN_OR_RETURN(const KeyRing keys, ReadKeyFile(key_file));
  std::unique_ptr<OpenAgency> open(
      new OpenAgency(std::move(db), std::move(scheme), keys, key_file, is_demo));
  const AgencyFiles files{.migrations = context.root() / "migrations",
                          .regions = context.root() / "data" / "regions",
                          .branches = context.root() / "data" / "branches.csv"};
  JARING_RETURN_IF_ERROR(open->db_->Write(
      [&](Tx& tx) { return CreateAgency(tx, open->agency_, files, context.now()); }));
  return open;
}

}  // namespace jaring
