#include "channels/cli/settings.h"
#include "base/source_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace jaring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() { std::filesystem::create_directories(folder_); }
  ~SettingsTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path File(const std::string& text) const {
    const auto path = folder_ / "jaring.toml";
    std::ofstream(path) << text;
    return path;
  }
  std::vector<std::string> Rules(const std::string& text) {
    std::vector<std::string> rules;
    details_.clear();
    for (const Error& error : book_.ReadFile(File(text))) {
      rules.push_back(error.rule);
      details_ += error.detail + "\n";
    }
    return rules;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("jaring-settings-" + std::to_string(getpid()));
  SettingsBook book_;
  std::string details_;
};

TEST_F(SettingsTest, FileWinsOverDefaultAndTheCommandLineOverTheFile) {
  EXPECT_THAT(Rules("db = 'sqlite:a.db'\n[server]\nlisten = \"[::1]:1\"\n"
                    "[oidc]\nsecond_factor = true\n[limits]\nbody_bytes = 2048\n"),
              ElementsAre());
  EXPECT_EQ(book_.values().db, "sqlite:a.db");
  EXPECT_EQ(book_.values().listen, "[::1]:1");
  EXPECT_TRUE(book_.values().oidc_second_factor);
  EXPECT_EQ(book_.values().body_bytes, 2048);
  EXPECT_EQ(book_.values().write_seconds, 30);
  ASSERT_TRUE(book_.Override("server", "listen", "127.0.0.1:2", "--listen"));
  EXPECT_EQ(book_.values().listen, "127.0.0.1:2");
  EXPECT_THAT(book_.origin(0), HasSubstr("jaring.toml:1"));
  EXPECT_EQ(book_.origin(1), "default");
  EXPECT_EQ(book_.origin(4), "--listen");
}

TEST_F(SettingsTest, RefusesAnUnknownKeyWithItsLineAndTheNearestKnown) {
  EXPECT_THAT(Rules("# a comment\n\n[log]\nrequsts = 'info'\n"), ElementsAre("config.key_unknown"));
  EXPECT_THAT(details_, HasSubstr("jaring.toml:4: log.requsts; nearest: log.requests"));
  Rules("listen = 'x'\n");
  EXPECT_THAT(details_, HasSubstr("nearest: server.listen"));
  Rules("[servr]\nlisten = 'x'\n");
  EXPECT_THAT(details_, HasSubstr(":2: servr.listen; nearest: server.listen"));
}

TEST_F(SettingsTest, RefusesWrongTypesAndValuesOutOfBounds) {
  EXPECT_THAT(Rules("db = 5\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("db = ['a']\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("[oidc]\nsecond_factor = 'yes'\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("[oidc]\nsecond_factor = []\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("[oidc]\nsecond_factor = 1979-05-27\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("[limits]\nbody_bytes = '2048'\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("[limits]\nbody_bytes = 2048.5\n"), ElementsAre("config.wrong_type"));
  EXPECT_THAT(Rules("[limits]\nbody_bytes = 1023\n"), ElementsAre("config.out_of_range"));
  EXPECT_THAT(details_, HasSubstr(":2: limits.body_bytes: 1024 to 67108864"));
  EXPECT_THAT(Rules("[limits]\nbody_bytes = 1024\n"), ElementsAre());
  EXPECT_THAT(Rules("[limits]\nbody_bytes = 67108864\n"), ElementsAre());
  EXPECT_THAT(Rules("[limits]\nbody_bytes = 67108865\n"), ElementsAre("config.out_of_range"));
  EXPECT_THAT(Rules("[log]\nrequests = 'loud'\n"), ElementsAre("config.choice_unknown"));
  EXPECT_THAT(Rules("log = 'loud'\n"), ElementsAre("config.key_unknown"));
  EXPECT_THAT(Rules("[log]\nfile.name = 'a'\n"), ElementsAre("config.wrong_type"));
}

TEST_F(SettingsTest, TellsEverythingThatIsWrongAtOnceAndNeverAValue) {
  EXPECT_THAT(Rules("db = 5\nsecret = 'hunter2'\n[oidc]\nclient_id = 7\n"),
              ::testing::UnorderedElementsAre("config.wrong_type", "config.key_unknown",
                                              "config.wrong_type"));
  EXPECT_THAT(details_, Not(HasSubstr("hunter2")));
}

TEST_F(SettingsTest, RefusesWhatIsNoTomlAndWhatIsNotThere) {
  EXPECT_THAT(Rules("db = 'a'\ndb = 'b'\n"), ElementsAre("config.malformed"));
  EXPECT_THAT(details_, HasSubstr("jaring.toml:2"));
  EXPECT_THAT(Rules("db = \n"), ElementsAre("config.malformed"));
  EXPECT_EQ(book_.ReadFile(folder_ / "none.toml").at(0).rule, "config.unreadable");
  EXPECT_EQ(book_.ReadFile(folder_).at(0).rule, "config.unreadable");
  EXPECT_THAT(Rules("#" + std::string(1'048'576, 'x')), ElementsAre("config.unreadable"));
}

TEST_F(SettingsTest, HalfAPairIsRefused) {
  EXPECT_TRUE(book_.Check().empty());
  Rules("[server]\ntls_key = 'a.pem'\n[oidc]\nissuer = 'https://a'\nclient_id = 'b'\n");
  ASSERT_EQ(book_.Check().size(), 2U);
  EXPECT_EQ(book_.Check()[0].rule, "config.tls_incomplete");
  EXPECT_EQ(book_.Check()[1].rule, "config.oidc_incomplete");
}

TEST_F(SettingsTest, PapersLieInAFolderOrInAWholeBucket) {
  const std::string bucket =
      "[claims]\npapers_s3_url = 'https://store.example/papers'\npapers_s3_key_id = 'a'\n";
  Rules(bucket);
  ASSERT_EQ(book_.Check().size(), 1U);
  EXPECT_EQ(book_.Check()[0].rule, "config.papers_incomplete");
  Rules(bucket + "papers_s3_secret_file = 'b'\n");
  EXPECT_TRUE(book_.Check().empty());
  Rules("[claims]\npapers = 'folder'\n");
  EXPECT_EQ(book_.Check().size(), 1U);
}

TEST_F(SettingsTest, ABankNeedsAllThatWasAgreedWithIt) {
  const std::string whole =
      "[claims]\naccount = '888'\n[transfer]\nclient_key = 'a'\nkey_file = 'b'\n"
      "secret_file = 'c'\npartner_id = 'd'\nchannel_id = 'e'\n";
  Rules(whole + "url = 'https://bank.example'\n");
  EXPECT_TRUE(book_.Check().empty());
  Rules(whole + "url = 'http://bank.example'\n");  // In the clear.
  ASSERT_EQ(book_.Check().size(), 1U);
  EXPECT_EQ(book_.Check()[0].rule, "config.transfer_incomplete");
  Rules(whole + "url = 'https://bank.example/openapi'\n");  // It belongs to the paths.
  EXPECT_EQ(book_.Check().size(), 1U);
  Rules(whole + "url = 'https://bank.example/'\n");
  EXPECT_TRUE(book_.Check().empty());
  book_ = SettingsBook();
  Rules("[transfer]\nurl = 'https://bank.example'\n");
  EXPECT_EQ(book_.Check().size(), 1U);
}

TEST_F(SettingsTest, CommandLineIsHeldToTheSameBounds) {
  EXPECT_EQ(book_.Override("log", "requests", "loud", "--x").error().rule, "config.choice_unknown");
  EXPECT_EQ(book_.Override("backup", "keep", "-1", "--keep").error().rule, "config.out_of_range");
  EXPECT_EQ(book_.Override("backup", "keep", "ten", "--keep").error().rule, "config.wrong_type");
  EXPECT_TRUE(book_.Override("backup", "keep", "3", "--keep"));
  EXPECT_EQ(book_.values().backup_keep, 3);
}

TEST_F(SettingsTest, MasksPasswords) {
  const SettingKey& db = SettingKeys()[0];
  Settings settings;
  settings.db = "postgresql://jaring:hunter2@host/db?password=hunter2&x=1&password=hunter2";
  EXPECT_EQ(SettingText(settings, db),
            "\"postgresql://jaring:***@host/db?password=***&x=1&password=***\"");
  settings.db = "postgresql://jaring@host:5432/db";
  EXPECT_EQ(SettingText(settings, db), "\"postgresql://jaring@host:5432/db\"");
  settings.db = "sqlite:a:b@c.db";
  EXPECT_EQ(SettingText(settings, db), "\"sqlite:a:b@c.db\"");
}

TEST_F(SettingsTest, ExampleIsThePackagedFileAndReadsClean) {
  std::ifstream file(SourceDir() + "/packaging/jaring.toml");
  std::ostringstream packaged;
  packaged << file.rdbuf();
  EXPECT_EQ(packaged.str(), ExampleSettings())
      << "run: build/release/jaring config example > packaging/jaring.toml";
  EXPECT_THAT(Rules(ExampleSettings()), ElementsAre());
}

TEST_F(SettingsTest, EveryKeyOfTheExampleReadsWhenItIsNoCommentAnyMore) {
  std::string text;
  std::istringstream lines(ExampleSettings());
  for (std::string line; std::getline(lines, line);) {
    text += (line.size() > 1 && line[0] == '#' && line[1] != ' ' ? line.substr(1) : line) + "\n";
  }
  EXPECT_THAT(Rules(text), ElementsAre()) << details_;
  for (std::size_t i = 0; i < SettingKeys().size(); ++i) {
    EXPECT_NE(book_.origin(i), "default") << SettingKeys()[i].full_name();
  }
}

}  // namespace
}  // namespace jaring
