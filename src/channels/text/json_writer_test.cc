#include "channels/text/json_writer.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

TEST(JsonWriter, SetsCommasByItself) {
  JsonWriter json;
  json.BeginObject().Key("a").Integer(-1).Key("b").BeginList().Integer(1).Null().BeginObject();
  json.EndObject().EndList().Key("c").Bool(true).EndObject();
  EXPECT_EQ(json.Take(), R"({"a":-1,"b":[1,null,{}],"c":true})");
}

TEST(JsonWriter, EscapesWhatWouldBreakOut) {
  JsonWriter json;
  json.Text("a\"b\\c\n\x01 é");
  EXPECT_EQ(json.Take(), R"("a\"b\\c\u000a\u0001 é")");
}

}  // namespace
}  // namespace jaring
