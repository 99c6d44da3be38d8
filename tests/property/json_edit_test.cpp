// Lossless editing (promise 8) over any document and any edit.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "json/canonical.h"
#include "json/edit.h"
#include "json/write.h"
#include "support/property.h"

namespace trueup {
namespace {

using json::Document;
using json::Edit;
using json::Path;
using json::Value;
using test::Choices;

constexpr int kTimes = 2000;

Document parsed(const std::string& text) {
  auto document = Document::parse(text);
  RC_ASSERT(document.has_value());
  return *document;
}

/// A path to something that exists (mostly) in objects: never the root.
Path random_path(const Document& document, Choices& choices, bool existing) {
  Path path;
  Value value = document.root();
  while (value.size() > 0 && (path.empty() || choices.pick(3) > 0)) {
    const std::size_t wanted = choices.pick(std::min<std::size_t>(value.size(), 256));
    if (value.is_array()) {
      path.push_back(std::to_string(wanted));
      value = *value.at(wanted);
    } else if (value.is_object()) {
      auto member = value.members().begin();
      for (std::size_t i = 0; i < wanted; ++i) ++member;
      path.emplace_back((*member).key);
      value = (*member).value;
    } else {
      break;
    }
  }
  if (existing || !value.is_object()) return path;
  std::string key = "new";
  while (value.find(key)) key += "er";
  path.push_back(key);
  return path;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::size_t common_suffix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin());
}

/// The values of `value` as text, with the one at `path` set, or removed where `text` is none. Written without the
/// editor, as its oracle.
std::string with(Value value, const Path& path, std::size_t depth, const std::string* text) {
  if (depth == path.size()) return *text;
  const bool last = depth + 1 == path.size();
  std::string out;
  bool met = false;
  const auto put = [&](std::string_view prefix, bool here, Value child) {
    met |= here;
    if (here && last && text == nullptr) return;
    if (!out.empty()) out += ",";
    out += std::string(prefix) + (here ? with(child, path, depth + 1, text) : std::string(child.text()));
  };
  if (value.is_array()) {
    std::size_t i = 0;
    for (const Value element : value.elements()) put("", std::to_string(i++) == path[depth], element);
    return "[" + out + "]";
  }
  for (const auto& member : value.members())
    put(json::quote(member.key) + ":", member.key == path[depth], member.value);
  if (!met && text != nullptr) {
    RC_ASSERT(last);
    if (!out.empty()) out += ",";
    out += json::quote(path[depth]) + ":" + *text;
  }
  return "{" + out + "}";
}

TEST(JsonEdit, replacing_a_value_changes_only_its_bytes_and_can_be_taken_back) {
  test::check_property(kTimes, [](Choices& choices) {
    const Document document = parsed(test::random_document(choices));
    const Path path = random_path(document, choices, true);
    RC_PRE(!path.empty());
    const std::string text = test::random_value(choices);
    const Value old = *json::find(document, path);

    const auto result = json::apply(document, {{path, text}});
    RC_ASSERT(result.has_value());
    RC_ASSERT(*result == document.bytes().substr(0, old.begin()) + text + document.bytes().substr(old.end()));
    const auto back = json::apply(parsed(*result), {{path, std::string(old.text())}});
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == document.bytes());
  });
}

TEST(JsonEdit, adding_a_key_keeps_every_byte_and_can_be_taken_back) {
  test::check_property(kTimes, [](Choices& choices) {
    const Document document = parsed(test::random_document(choices));
    const Path path = random_path(document, choices, false);
    RC_PRE(!path.empty() && !json::find(document, path));
    const std::string text = test::random_value(choices);

    const auto result = json::apply(document, {{path, text}});
    RC_ASSERT(result.has_value());
    const Value object = *json::find(document, Path(path.begin(), path.end() - 1));
    const std::string_view inside = object.text().substr(1, object.text().size() - 2);
    const bool blank = object.size() == 0 && !inside.empty();  // blanks in an empty object give way to the layout
    if (!blank) {
      RC_ASSERT(common_prefix(document.bytes(), *result) + common_suffix(document.bytes(), *result) >=
                document.bytes().size());
      const auto back = json::apply(parsed(*result), {{path, std::nullopt}});
      RC_ASSERT(back.has_value());
      RC_ASSERT(*back == document.bytes());
    }
    RC_ASSERT(json::canonical(parsed(*result).root()) ==
              json::canonical(parsed(with(document.root(), path, 0, &text)).root()));
  });
}

TEST(JsonEdit, removing_takes_one_stretch_of_bytes) {
  test::check_property(kTimes, [](Choices& choices) {
    const Document document = parsed(test::random_document(choices));
    const Path path = random_path(document, choices, true);
    RC_PRE(!path.empty());

    const auto result = json::apply(document, {{path, std::nullopt}});
    RC_ASSERT(result.has_value());
    RC_ASSERT(json::canonical(parsed(*result).root()) ==
              json::canonical(parsed(with(document.root(), path, 0, nullptr)).root()));
    std::size_t same_key = 0;
    const Value holder = *json::find(document, Path(path.begin(), path.end() - 1));
    for (const auto& member : holder.raw_members()) same_key += member.key == path.back() ? 1U : 0U;
    if (same_key <= 1) {
      RC_ASSERT(common_prefix(*result, document.bytes()) + common_suffix(*result, document.bytes()) >= result->size());
    }
  });
}

TEST(JsonEdit, many_edits_at_once_come_to_the_same_values_as_one_by_one) {
  test::check_property(kTimes, [](Choices& choices) {
    const Document document = parsed(test::random_document(choices));
    std::vector<Edit> edits;
    const std::size_t wanted = 1 + choices.pick(6);
    for (std::size_t i = 0; i < wanted; ++i) {
      const Path path = random_path(document, choices, choices.one_in(2));
      // Removing an element moves its neighbours, so only members are removed here.
      const bool in_list = !path.empty() && json::find(document, Path(path.begin(), path.end() - 1))->is_array();
      const bool removed = !in_list && choices.one_in(3);
      Edit edit{path, removed ? std::nullopt : std::optional(test::random_value(choices))};
      std::vector<Edit> more = edits;
      more.push_back(edit);
      if (!path.empty() && json::apply(document, more)) edits = std::move(more);
    }
    const auto at_once = json::apply(document, edits);
    RC_ASSERT(at_once.has_value());
    std::string one_by_one = document.bytes();
    for (const Edit& edit : edits) {
      const auto next = json::apply(parsed(one_by_one), {edit});
      RC_ASSERT(next.has_value());
      one_by_one = *next;
    }
    RC_ASSERT(json::canonical(parsed(*at_once).root()) == json::canonical(parsed(one_by_one).root()));
  });
}

TEST(JsonEdit, ten_thousand_edits_cost_what_the_size_of_the_file_costs) {
  std::string text = "{\n";
  std::vector<Edit> edits;
  for (int i = 0; i < 10'000; ++i) {
    text += "    \"plugin-" + std::to_string(i) + "\": {\n        \"enabled\": true\n    },\n";
    edits.push_back({{"plugin-" + std::to_string(i), "enabled"}, "false"});
    edits.push_back({{"added-" + std::to_string(i), "enabled"}, "false"});
  }
  text += "    \"end\": {}\n}";
  const Document document = *Document::parse(text);
  const auto result = json::apply(document, edits);
  ASSERT_TRUE(result.has_value());
  const Document changed = *Document::parse(*result);
  EXPECT_EQ(changed.root().size(), 20'001U);
  EXPECT_EQ(json::find(changed, {"plugin-9999", "enabled"})->boolean(), false);
  EXPECT_EQ(json::find(changed, {"added-9999", "enabled"})->boolean(), false);
}

}  // namespace
}  // namespace trueup
