#include <gtest/gtest.h>

#include "engine/undertaking.h"

namespace trueup::engine {
namespace {

using model::DocumentName;

Undertaking one_of_each() {
  Undertaking undertaking{.plugins_path = "plugin-repos/\"odd\"\n", .kept_number = 12, .whole = true};
  undertaking.operations = {
      EditDocument{.document = DocumentName::secrets,
                   .exact = ExactCopy{.while_digest = "ab", .copy = "kept/1-x", .digest = "cd", .shared_by = 3},
                   .edits = {{DocumentName::secrets, {"a", "ü"}, std::nullopt, "\"\\ud83d\""},
                             {DocumentName::secrets, {"b"}, "1.0", std::nullopt}},
                   .lay_out = false,
                   .kept = "kept/12-config_secrets.json"},
      ReplaceDocument{.document = DocumentName::state, .expected_digest = "", .digest = "ff", .kept = "kept/12-s"},
      ReplaceDocument{.document = DocumentName::config, .expected_digest = std::nullopt, .digest = "ff", .kept = ""},
      PublishDirectory{.plugin_id = "a",
                       .directory = "b",
                       .staged = "staging/1",
                       .kept = "kept/12-b",
                       .entry = "e",
                       .accept_any_id = true,
                       .as_shipped = true,
                       .version = "1",
                       .digest = "d",
                       .replaced_digest = "r",
                       .staged_inode = ~std::uint64_t{0}},
      SetDirectoryAside{.plugin_id = "a", .directory = "b", .kept = "k", .digest = "d"},
      ExchangeDirectory{.plugin_id = "a",
                        .directory = "b",
                        .from = "b.standalone-backup-preinstall",
                        .to = "kept/13-b",
                        .digest = "d",
                        .replaced_digest = "r",
                        .inode = ~std::uint64_t{0}},
      ChangeLink{.plugin_id = "a", .directory = "b", .from = "../x", .to = std::nullopt},
      RenameUploads{.from = "a", .to = "b", .inode = ~std::uint64_t{0}},
      MovePicture{
          .plugin_id = "a", .filename = "b.png", .aside = "1-b.png", .comes = false, .fresh = true, .digest = "d"},
      NotePictures{.plugin_id = "a",
                   .notes = {{.id = "b", .expected = "1", .value = std::nullopt}},
                   .lay_out = false,
                   .exact = ExactCopy{.while_digest = "w", .copy = "kept/1-.metadata.json", .digest = "d"},
                   .kept = "kept/12-.metadata.json"}};
  auto& renaming = std::get<EditDocument>(undertaking.operations.front()).edits.emplace_back();
  renaming = {
      .document = DocumentName::secrets, .path = {"c"}, .expected = {}, .value = {}, .new_key = std::string("d")};
  Deed deed{
      .verb = "uninstall", .plugin_id = "a", .reason = "asked", .finding = "f", .evidence = "e", .result = "gone"};
  deed.parts = {{.operation = 0, .first = 1, .count = 1}, {.operation = 3, .first = 0, .count = 0}};
  deed.undoes = 7;
  deed.effects.made().tombstones_put = {"a"};
  deed.effects_of_undoing.made().receipts_put = {{"a", "b", "1", "here"}};
  undertaking.deeds = {deed};
  return undertaking;
}

TEST(OperationJson, gives_back_every_kind_of_operation) {
  const Undertaking undertaking = one_of_each();
  const std::string text = to_json(undertaking);
  EXPECT_EQ(text.find('\n'), std::string::npos) << "the journal wants one line";
  const auto read = undertaking_from_json(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, undertaking);
  EXPECT_EQ(to_json(*read), text);
}

TEST(OperationJson, gives_back_an_inverse) {
  const Inverse inverse{.finding = "f", .evidence = "e", .operations = one_of_each().operations, .effects = {}};
  const auto read = inverse_from_json(to_json(inverse));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, inverse);
}

TEST(OperationJson, refuses_what_no_trueup_wrote) {
  constexpr const char* kBeyondTheEnd =
      R"({"deeds":[{"parts":[[0,9223372036854775807,1]]}],"operations":[{"kind":"edit_document","document":"config",)"
      R"("edits":[],"kept":""}]})";
  for (const std::string text :
       {"", "[]", "{}{}", R"({"operations":[{"kind":"format_disk"}]})", R"({"operations":[1]})", R"({"operations":{}})",
        R"({"deeds":[{"parts":[[0,0,0]]}],"operations":[]})", R"({"deeds":[{"parts":[[0,-1,0]]}]})",
        R"({"operations":[{"kind":"edit_document","document":"passwd","edits":[],"kept":""}]})",
        R"({"operations":[{"kind":"edit_document","document":"config","edits":[{"document":"config","path":[1]}]}]})",
        kBeyondTheEnd}) {
    EXPECT_FALSE(undertaking_from_json(text)) << text;
  }
}

}  // namespace
}  // namespace trueup::engine
