#include "web/settings_form.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "json/document.h"
#include "json/write.h"
#include "model/plugin_schema.h"
#include "model/setting_key.h"
#include "web/ascii.h"
#include "web/template.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

using json::Kind;
using json::Value;
using model::Setting;
using model::SettingPath;

constexpr std::size_t kDeepest = 8;
constexpr int kMostReferences = 8;
constexpr const char* kNoMore = " (not allowed any more)";

std::string text_under(const std::optional<Value>& schema, std::string_view key) {
  const auto member = schema && schema->is_object() ? schema->find(key) : std::nullopt;
  return member ? member->string().value_or("") : std::string();
}

/// The JSON text of a scalar.
std::string scalar_under(const std::optional<Value>& schema, std::string_view key) {
  const auto member = schema && schema->is_object() ? schema->find(key) : std::nullopt;
  return member && !member->is_object() && !member->is_array() ? std::string(member->text()) : std::string();
}

bool is_true(const std::optional<Value>& schema, std::string_view key) { return scalar_under(schema, key) == "true"; }

std::optional<Value> member_of(const std::optional<Value>& schema, std::string_view key) {
  return schema && schema->is_object() ? schema->find(key) : std::nullopt;
}

/// The type that a schema names, the first one of several that is no null.
std::string type_of(const std::optional<Value>& schema) {
  const auto type = member_of(schema, "type");
  if (!type) return "";
  if (!type->is_array()) return type->string().value_or("");
  for (const Value one : type->elements()) {
    if (auto name = one.string(); name && *name != "null") return *name;
  }
  return "";
}

std::string type_of(const Setting* value) {
  if (value == nullptr) return "";
  switch (value->kind) {
    case Kind::null: return "";
    case Kind::boolean: return "boolean";
    case Kind::number: return "number";
    case Kind::string: return "string";
    case Kind::array: return "array";
    case Kind::object: return "object";
  }
  return "";
}

/// A string without its quotes, anything else as JSON.
std::string plain(const std::string& json) {
  const auto document = json::Document::parse(json);
  const auto text = document ? document->root().string() : std::nullopt;
  return text ? *text : json;
}

std::string plain(const Setting* value) {
  return value == nullptr || value->kind == Kind::null ? std::string() : plain(json_of(*value));
}

/// "show_seconds" for people: "Show seconds".
std::string spelled_out(std::string_view key) {
  std::string words(key);
  std::replace(words.begin(), words.end(), '_', ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 32);
  return words;
}

/// true and false as a box shows them.
std::string in_words(const std::string& value) {
  if (value == "true") return "on";
  return value == "false" ? "off" : value;
}

std::string path_json(const SettingPath& path) {
  json::Writer out;
  out.begin_array();
  for (const std::string& step : path) out.string(step);
  out.end_array();
  return std::move(out).text();
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

/// "#0080ff" of [0, 128, 255]; nothing when it is no such list.
std::optional<std::string> color_of(const Setting* value) {
  if (value == nullptr || !value->is_list() || value->elements.size() != 3) return std::nullopt;
  std::string color = "#";
  for (const Setting& one : value->elements) {
    const auto document = json::Document::parse(one.text);
    const auto number = document ? document->root().integer() : std::nullopt;
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    color += fmt::format("{:02x}", *number);
  }
  return color;
}

class Form {
 public:
  explicit Form(const FormParts& parts) : parts_(parts), set_(parts.secrets_set.begin(), parts.secrets_set.end()) {}

  std::string whole() { return members(parts_.schema, &parts_.settings, &parts_.defaults, {}, false); }

 private:
  /// One setting, on the way through the schema.
  struct Node {
    std::optional<Value> schema;
    const Setting* value = nullptr;
    const Setting* standard = nullptr;  // its default
    SettingPath path;
    bool secret = false;
    bool in_list = false;
  };

  std::optional<Value> resolved(std::optional<Value> schema) const {
    for (int i = 0; i < kMostReferences; ++i) {
      const std::string reference = text_under(schema, "$ref");
      if (reference.empty()) return schema;
      if (!reference.starts_with("#/") || !parts_.schema) return std::nullopt;
      const auto place = model::parse_setting_key(reference.substr(1));
      if (!place) return std::nullopt;
      schema = parts_.schema;
      for (const std::string& step : *place) schema = member_of(schema, step);
    }
    return std::nullopt;
  }

  /// The names in an object, those of the schema first, in its order.
  static std::vector<std::string> names_in(const std::optional<Value>& schema, const Setting* value) {
    std::vector<std::string> names;
    const auto add = [&names](std::string name) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    };
    const auto properties = member_of(schema, "properties");
    const bool named = properties && properties->is_object();
    if (const auto order = member_of(schema, "x-propertyOrder"); order && order->is_array() && named) {
      for (const Value one : order->elements()) {
        if (auto name = one.string(); name && properties->find(*name)) add(std::move(*name));
      }
    }
    if (named) {
      for (const json::Member one : properties->members()) add(std::string(one.key));
    }
    if (value != nullptr) {
      for (const auto& [name, inner] : value->members) add(name);
    }
    return names;
  }

  std::string members(const std::optional<Value>& schema, const Setting* value, const Setting* standard,
                      const SettingPath& path, bool secret, bool in_list = false) {
    std::string html;
    const auto properties = member_of(schema, "properties");
    for (const std::string& name : names_in(schema, value)) {
      if (path.empty() && name == "enabled") continue;  // it has a switch of its own
      Node node{.schema = resolved(member_of(properties, name)),
                .value = value == nullptr ? nullptr : model::find(*value, {name}),
                .standard = standard == nullptr ? nullptr : model::find(*standard, {name}),
                .path = path,
                .secret = secret,
                .in_list = in_list};
      node.path.push_back(name);
      html += field(node, name);
    }
    return html;
  }

  std::string field(Node node, const std::string& name) {
    if (++count_ > limits::kMaxFormFields) return "";
    node.secret = node.secret || is_true(node.schema, "x-secret") || is_true(node.schema, "x_secret");
    std::string type = type_of(node.schema);
    if (type.empty()) type = type_of(node.value);
    if (node.path.size() > kDeepest) return leaf(node, name, "json", json_text(node));
    if (type == "object" && !names_in(node.schema, node.value).empty()) return group(node, name);
    if (type == "array") return list(node, name);
    const bool is_scalar = type == "string" || type == "number" || type == "integer" || type == "boolean";
    if (is_scalar && (node.secret || model::looks_secret(node.path) || set_.contains(node.path))) {
      return leaf(node, name, type == "string" ? "secret" : "secret-json", "");
    }
    if (const auto allowed = member_of(node.schema, "enum"); allowed && allowed->is_array()) return choice(node, name);
    if (type == "boolean") return leaf(node, name, "toggle", plain(node.value));
    if (type == "number" || type == "integer") return leaf(node, name, "number", plain(node.value), type == "integer");
    if (type == "string") return text(node, name);
    return leaf(node, name, "json", json_text(node));
  }

  static std::string json_text(const Node& node) { return node.value == nullptr ? "" : json_of(*node.value); }

  std::string text(const Node& node, const std::string& name) {
    const std::string value = plain(node.value);
    const std::string format = text_under(node.schema, "format");
    const std::string widget = to_lower_ascii(text_under(node.schema, "x-widget"));
    const auto asks = [&](std::string_view word) { return format == word || widget.starts_with(word); };
    if (asks("color") && (is_color(value) || value.empty())) return leaf(node, name, "color", value);
    if (asks("time") && (value.empty() || value.size() == 5)) return leaf(node, name, "time", value);
    if (asks("date") && format != "date-time") return leaf(node, name, "date", value);
    if (is_uploaded(node)) return leaf(node, name, "file", value);
    const bool is_long = widget == "textarea" || value.find('\n') != std::string::npos;
    return leaf(node, name, is_long ? "long-text" : "text", value);
  }

  static bool is_uploaded(const Node& node) {
    return to_lower_ascii(text_under(node.schema, "x-widget")).starts_with("file-upload");
  }

  /// What is said of a setting by its schema, for every kind of field.
  View about(const Node& node, const std::string& name) const {
    const std::string title = text_under(node.schema, "title");
    std::string help = text_under(node.schema, "description");
    const std::string standard = node.secret || node.standard == nullptr || node.standard->is_container()
                                     ? std::string()
                                     : in_words(plain(node.standard));
    View view;
    view.text("label", title.empty() ? spelled_out(name) : title).text("help", help).text("standard", standard);
    view.text("path", path_json(node.path)).text("name", model::setting_key_text(node.path));
    view.text("id", fmt::format("field-{}", count_)).flag("described", !help.empty() || !standard.empty());
    view.text("placeholder", text_under(node.schema, "x-placeholder"));
    // A new element of a list is filled in by hand: what is uploaded for the list makes one by itself.
    const bool is_list = type_of(node.schema) == "array";
    view.flag("uploads", is_uploaded(node) && !node.in_list).flag("several", is_list);
    return view;
  }

  std::string leaf(const Node& node, const std::string& name, std::string_view kind, const std::string& value,
                   bool whole_number = false) const {
    View view = about(node, name);
    view.text("kind", kind).text("value", value);
    if (kind != "file" && kind != "lines") view.flag("uploads", false);  // it holds no path that is only text
    std::vector<View> lines;
    for (std::size_t at = 0; at <= value.size();) {
      const std::size_t end = std::min(value.find('\n', at), value.size());
      lines.push_back(View().text("line", value.substr(at, end - at)).flag("first", at == 0));
      at = end + 1;
    }
    view.list("lines", std::move(lines));
    for (const char* one : {"toggle", "number", "text", "long-text", "secret", "secret-json", "json", "color", "time",
                            "date", "lines", "rgb", "file"}) {
      std::string flag = "is_" + std::string(one);
      std::replace(flag.begin(), flag.end(), '-', '_');
      view.flag(flag, kind == one);
    }
    std::vector<View> files;
    if (kind == "file") {
      for (const std::string& one : parts_.uploads) files.push_back(View().text("file", one));
    }
    view.list("files", std::move(files));
    view.flag("is_secret_any", kind.starts_with("secret")).flag("checked", value == "true");
    view.flag("is_set", set_.contains(node.path)).flag("can_clear", !node.in_list && set_.contains(node.path));
    view.text("least", scalar_under(node.schema, "minimum")).text("most", scalar_under(node.schema, "maximum"));
    view.text("step", whole_number ? "1" : "any").text("longest", scalar_under(node.schema, "maxLength"));
    return render("field", view);
  }

  std::string choice(const Node& node, const std::string& name) const {
    View view = about(node, name);
    const std::string now = node.value == nullptr ? "" : json_of(*node.value);
    std::vector<View> options;
    bool found = false;
    const auto names = member_of(node.schema, "enumNames");
    std::size_t at = 0;
    for (const Value one : member_of(node.schema, "enum")->elements()) {
      const std::string json = json_of(model::setting_of(one, model::SettingOrigin::config));
      const auto label = names && names->is_array() && names->at(at) ? names->at(at)->string() : std::nullopt;
      found = found || json == now;
      options.push_back(
          View().text("json", json).text("label", label.value_or(plain(json))).flag("chosen", json == now));
      ++at;
    }
    if (!found) {
      options.insert(options.begin(), View()
                                          .text("json", now)
                                          .text("label", now.empty() ? "(not set)" : plain(now) + kNoMore)
                                          .flag("chosen", true));
    }
    view.list("options", std::move(options));
    return render("choice", view);
  }

  std::string group(const Node& node, const std::string& name) {
    View view = about(node, name);
    view.flag("collapsed", is_true(node.schema, "x-collapsed"));
    view.text("inner", members(node.schema, node.value, node.standard, node.path, node.secret, node.in_list));
    return render("group", view);
  }

  std::string list(const Node& node, const std::string& name) {
    const auto items = resolved(member_of(node.schema, "items"));
    const std::string inner = type_of(items);
    if (const auto color = color_of(node.value); color && name.find("color") != std::string::npos) {
      return leaf(node, name, "rgb", *color);
    }
    if (node.secret || set_.contains(node.path)) return leaf(node, name, "secret-json", "");
    if (const auto allowed = member_of(items, "enum"); allowed && allowed->is_array())
      return choices(node, name, *allowed);
    const bool of_objects =
        inner == "object" || (inner.empty() && node.value != nullptr && !node.value->elements.empty() &&
                              node.value->elements.front().is_object());
    if (of_objects) return objects(node, name, items);
    const bool of_texts = node.value == nullptr || std::ranges::all_of(node.value->elements, [](const Setting& one) {
                            return one.kind == Kind::string && one.text.find("\\n") == std::string::npos;
                          });
    if ((inner == "string" || inner.empty()) && of_texts && (inner == "string" || node.value != nullptr)) {
      std::string lines;
      for (const Setting& one : node.value == nullptr ? std::vector<Setting>() : node.value->elements) {
        lines += (lines.empty() ? "" : "\n") + plain(&one);
      }
      return leaf(node, name, "lines", lines);
    }
    return leaf(node, name, "json", json_text(node));
  }

  std::string choices(const Node& node, const std::string& name, Value allowed) const {
    View view = about(node, name);
    std::vector<std::string> held;
    for (const Setting& one : node.value == nullptr ? std::vector<Setting>() : node.value->elements) {
      held.push_back(json_of(one));
    }
    std::vector<View> options;
    std::set<std::string> offered;
    for (const Value one : allowed.elements()) {
      const std::string json = json_of(model::setting_of(one, model::SettingOrigin::config));
      const bool chosen = std::ranges::find(held, json) != held.end();
      options.push_back(View().text("json", json).text("label", plain(json)).flag("chosen", chosen));
      offered.insert(json);
    }
    for (const std::string& json : held) {
      if (!offered.insert(json).second) continue;
      options.push_back(View().text("json", json).text("label", plain(json) + kNoMore).flag("chosen", true));
    }
    view.list("options", std::move(options));
    return render("choices", view);
  }

  /// A list of objects: its elements, and the pattern of a new one.
  std::string objects(const Node& node, const std::string& name, const std::optional<Value>& items) {
    View view = about(node, name);
    const auto element = [&](const Setting* value, std::size_t at) {
      SettingPath path = node.path;
      path.push_back(std::to_string(at));
      return View()
          .text("inner", members(items, value, nullptr, path, node.secret, true))
          .text("number", std::to_string(at + 1));
    };
    std::vector<View> elements;
    const std::size_t size = node.value == nullptr ? 0 : node.value->elements.size();
    for (std::size_t i = 0; i < size; ++i) elements.push_back(element(&node.value->elements[i], i));
    view.list("elements", std::move(elements));
    const bool can_add = !names_in(items, nullptr).empty();
    std::vector<View> pattern;
    if (can_add) pattern.push_back(element(nullptr, size));
    if (!can_add) view.flag("uploads", false);
    view.flag("can_add", can_add).list("pattern", std::move(pattern));
    return render("objects", view);
  }

  FormParts parts_;
  std::set<SettingPath> set_;
  std::size_t count_ = 0;
};

}  // namespace

std::string settings_form(const FormParts& parts) { return Form(parts).whole(); }

}  // namespace trueup::web
