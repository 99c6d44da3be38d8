#include "cli/arguments.h"

#include <gtest/gtest.h>

namespace trueup::cli {
namespace {

Result<Invocation> parse(const std::vector<std::string>& arguments) {
  auto parsed = parse_arguments(arguments);
  if (!parsed) return parsed.error();
  return std::get<Invocation>(*parsed);
}

Error refusal(const std::vector<std::string>& arguments) {
  auto parsed = parse_arguments(arguments);
  return parsed ? Error{.message = "it was accepted"} : parsed.error();
}

TEST(Arguments, global_options_may_stand_before_and_behind_the_verb) {
  for (const auto& arguments : {std::vector<std::string>{"--root", "/r", "--json", "--rules", "ledmatrix", "plan"},
                                {"plan", "--root=/r", "--rules", "ledmatrix", "--json"}}) {
    const auto invocation = parse(arguments);
    ASSERT_TRUE(invocation) << invocation.error().text();
    EXPECT_EQ(
        *invocation,
        (Invocation{
            .verb = Verb::plan, .root = "/r", .json = true, .rules = model::RuleSet::ledmatrix, .rules_given = true}));
  }
}

TEST(Arguments, reconcile_takes_ids_and_a_confirmed_digest) {
  const auto invocation = parse({"reconcile", "weather", "clock", "--retry", "--confirm", "abc", "--wait", "3"});
  ASSERT_TRUE(invocation);
  ASSERT_EQ(invocation->ids.size(), 2U);
  EXPECT_EQ(invocation->ids[1].value(), "clock");
  EXPECT_TRUE(invocation->retry);
  EXPECT_EQ(invocation->confirm, "abc");
  EXPECT_EQ(invocation->wait, std::chrono::seconds(3));
}

TEST(Arguments, undo_takes_one_number_or_to_and_a_number) {
  EXPECT_EQ(parse({"undo", "3"})->number, 3);
  EXPECT_FALSE(parse({"undo", "3"})->to);
  EXPECT_TRUE(parse({"undo", "--to", "3"})->to);
  EXPECT_EQ(parse({"undo"})->number, 0) << "the last command";
  for (const auto& wrong : {std::vector<std::string>{"undo", "0"},
                            {"undo", "-1"},
                            {"undo", "x"},
                            {"undo", "1", "2"},
                            {"undo", "1", "--to", "2"}}) {
    EXPECT_FALSE(parse(wrong)) << wrong.back();
  }
}

TEST(Arguments, what_is_no_number_is_repeated_as_it_was_typed_and_nothing_else) {
  for (const std::string wrong : {"0", "abc", "-1", "99999999999999999999"}) {
    EXPECT_EQ(refusal({"undo", wrong}).message, "`" + wrong + "` is no number of the history");
    EXPECT_EQ(refusal({"undo", "--to", wrong}).message, "`" + wrong + "` is no number of the history");
  }
  EXPECT_EQ(refusal({"--wait", "-1", "status"}).message, "`--wait` takes seconds from 0 to 86400, and not `-1`");
  EXPECT_EQ(refusal({"status", "--wait", "soon"}).message, "`--wait` takes seconds from 0 to 86400, and not `soon`");
}

TEST(Arguments, help_and_what_is_no_command_are_told_wherever_the_word_stands) {
  EXPECT_TRUE(std::get<Answer>(*parse_arguments({"--root", "/r", "help", "plan"})).text.starts_with("trueup plan"));
  EXPECT_EQ(refusal({"bogus", "--help"}).message, "there is no command `bogus`");
  const Error error = refusal({"--root", "/r", "frobnicate", "--all"});
  EXPECT_EQ(error.message, "there is no command `frobnicate`");
  EXPECT_EQ(error.hint, "`trueup help` shows every command");
}

TEST(Arguments, an_option_given_twice_or_without_its_value_is_named) {
  EXPECT_EQ(refusal({"--root", "/a", "--root", "/b", "status"}).message, "`--root` is given more than once");
  EXPECT_EQ(refusal({"status", "--root"}).message, "`--root` needs a value behind it");
}

TEST(Arguments, uninstall_takes_an_id_or_a_directory_and_the_directory_is_one_name) {
  EXPECT_EQ(parse({"uninstall", "weather", "--keep-config"})->ids.front().value(), "weather");
  EXPECT_EQ(parse({"uninstall", "--dir", "old copy"})->directory, "old copy");
  for (const auto& wrong : {std::vector<std::string>{"uninstall"},
                            {"uninstall", "a", "--dir", "b"},
                            {"uninstall", "--dir", ".."},
                            {"uninstall", "--dir", ""},
                            {"uninstall", "--dir", "a/b"},
                            {"uninstall", "--dir", "."},
                            {"uninstall", "--dir", ".trueup.standalone-backup-work"}}) {
    EXPECT_FALSE(parse(wrong)) << wrong.back();
  }
}

TEST(Arguments, no_verb_takes_an_id_that_could_be_a_path_an_option_or_a_core_setting_F141) {
  const std::vector<std::string> bad{"",
                                     ".",
                                     "..",
                                     "../config",
                                     "a/../../config",
                                     "/etc",
                                     "%2e%2e%2fconfig",
                                     "foo/",
                                     "foo\\..",
                                     "-rf",
                                     "--",
                                     " foo",
                                     "foo ",
                                     "[]",
                                     "[foo]",
                                     "{}",
                                     "caf\xc3\xa9",
                                     "display",
                                     std::string(300, 'a'),
                                     std::string("a\0b", 3)};
  for (const std::string verb : {"reconcile", "enable", "disable", "install", "uninstall"}) {
    for (const std::string& id : bad) {
      if (verb == "reconcile" && id == "--") continue;  // says that no option follows: nothing was named
      if (verb == "install" && id.find('/') != std::string::npos) continue;  // a file or directory, which is only read
      EXPECT_FALSE(parse({verb, id})) << verb << " '" << id << "'";
      EXPECT_FALSE(parse({verb, "--", id})) << verb << " -- '" << id << "'";
    }
  }
}

TEST(Arguments, what_install_is_given_with_a_slash_is_a_path_and_never_an_id) {
  for (const std::string path : {"./weather", "weather/", "../config", "/etc", "a/../../config", "./weather.zip"}) {
    const auto invocation = parse({"install", path});
    ASSERT_TRUE(invocation) << path;
    EXPECT_TRUE(invocation->ids.empty()) << path;
    EXPECT_EQ(invocation->word, path);
  }
  EXPECT_FALSE(parse({"install", std::string("./a\0b", 5)}));
}

TEST(Arguments, a_mistyped_verb_gets_a_suggestion) {
  EXPECT_EQ(refusal({"statsu"}).hint, "Did you mean `status`?");
  EXPECT_EQ(refusal({"--root", "/r", "reconsile", "x"}).hint, "Did you mean `reconcile`?");
  EXPECT_EQ(refusal({"help", "pln"}).hint, "Did you mean `plan`?");
  EXPECT_EQ(refusal({"frobnicate"}).message, "there is no command `frobnicate`");
}

TEST(Arguments, a_mistyped_option_gets_a_suggestion) {
  const Error error = refusal({"reconcile", "--confrim", "x"});
  EXPECT_EQ(error.message, "there is no option `--confrim` of `trueup reconcile`");
  EXPECT_EQ(error.hint, "Did you mean `--confirm`?");
}

TEST(Arguments, a_missing_or_superfluous_word_is_said_plainly) {
  EXPECT_EQ(refusal({"explain"}).message, "`trueup explain` needs to know which plugin");
  EXPECT_EQ(refusal({"restore"}).message, "`trueup restore` needs to know which file to put back");
  EXPECT_EQ(refusal({"status", "weather"}).message, "`trueup status` was given more than it takes");
  EXPECT_EQ(refusal({}).message, "say what to do, such as `trueup status`");
  EXPECT_FALSE(parse({"--rules", "mine", "status"}));
  EXPECT_FALSE(parse({"--wait", "soon", "status"}));
}

TEST(Arguments, help_of_every_verb_fits_80_columns_and_starts_with_how_it_is_called) {
  for (const std::string& name : verb_names()) {
    for (const auto& arguments : {std::vector<std::string>{"help", name}, {name, "--help"}}) {
      const auto parsed = parse_arguments(arguments);
      ASSERT_TRUE(parsed) << name;
      const std::string& text = std::get<Answer>(*parsed).text;
      EXPECT_TRUE(text.starts_with("trueup " + name)) << text;
    }
  }
  std::string everything(help_overview());
  for (const std::string& name : verb_names()) everything += std::get<Answer>(*parse_arguments({"help", name})).text;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = everything.find('\n', begin)) != std::string::npos; begin = end + 1) {
    EXPECT_LE(end - begin, 80U) << everything.substr(begin, end - begin);
  }
}

TEST(Arguments, version_and_help_need_no_verb) {
  EXPECT_TRUE(std::get<Answer>(*parse_arguments({"--version"})).text.starts_with("trueup "));
  EXPECT_EQ(std::get<Answer>(*parse_arguments({"--help"})).text, help_overview());
  EXPECT_EQ(std::get<Answer>(*parse_arguments({"help"})).text, help_overview());
}

TEST(Arguments, the_page_is_opened_at_an_address_and_to_networks_that_are_written_rightly) {
  const auto serve = [](std::vector<std::string> words) -> Result<Invocation> {
    words.insert(words.begin(), "serve");
    ASSIGN_OR_RETURN(auto parsed, parse_arguments(words));
    return std::get<Invocation>(std::move(parsed));
  };
  EXPECT_EQ(serve({"--web", "5050"})->web_address, "127.0.0.1");
  EXPECT_EQ(serve({"--web", "0.0.0.0:5050"})->web_address, "0.0.0.0");
  EXPECT_EQ(serve({"--web", "[::]:80"})->web_address, "::");
  EXPECT_EQ(serve({"--web", "[::]:80"})->web_port, 80);
  EXPECT_EQ(serve({"--web", "0.0.0.0:5050", "--trust", "192.168.1.0/24", "--trust", "10.0.0.1/32"})->trusted.size(),
            2U);
  for (const char* wrong : {"0", "65536", "localhost:5050", "::1:5050", "0.0.0.0:", ":5050", "0.0.0.0:x"}) {
    EXPECT_FALSE(serve({"--web", wrong})) << wrong;
  }
  EXPECT_FALSE(serve({"--web", "5050", "--trust", "192.168.1.7/24"}));
  EXPECT_FALSE(serve({"--trust", "192.168.1.0/24"}));
}

}  // namespace
}  // namespace trueup::cli
