#include "model/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "json/document.h"
#include "json/write.h"

namespace trueup::model {
namespace {

/// `SettingOrConst`: Setting, or const Setting.
template <typename SettingOrConst>
SettingOrConst* member(SettingOrConst& object, std::string_view key) {
  const auto found =
      std::find_if(object.members.begin(), object.members.end(), [key](const auto& one) { return one.first == key; });
  return found == object.members.end() ? nullptr : &found->second;
}

std::optional<std::size_t> index_of(const std::string& step) {
  std::size_t index = 0;
  const auto parsed = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == step.data() + step.size();
  if (!whole || std::to_string(index) != step) return std::nullopt;
  return index;
}

template <typename SettingOrConst>
SettingOrConst* inside(SettingOrConst& container, const std::string& step) {
  if (container.is_object()) return member(container, step);
  if (!container.is_list()) return nullptr;
  const auto index = index_of(step);
  return index && *index < container.elements.size() ? &container.elements[*index] : nullptr;
}

void write(const Setting& setting, json::Writer& out) {
  if (setting.is_object()) {
    out.begin_object();
    for (const auto& [key, value] : setting.members) {
      out.key(key);
      write(value, out);
    }
    out.end_object();
  } else if (setting.is_list()) {
    out.begin_array();
    for (const Setting& element : setting.elements) write(element, out);
    out.end_array();
  } else {
    out.raw(setting.text);
  }
}

/// A list of secrets that LEDMatrix merges element by element: objects only, `{}` where there is no secret.
bool is_parallel_list(const Setting& secrets) {
  return secrets.is_list() && !secrets.elements.empty() &&
         std::all_of(secrets.elements.begin(), secrets.elements.end(), [](const Setting& e) { return e.is_object(); });
}

Setting list_like(const Setting& list) {
  return Setting{.kind = json::Kind::array, .text = {}, .members = {}, .elements = {}, .origin = list.origin};
}

PartedSetting part_object(const Setting& object, const SettingPath& at, const SecretTest& is_secret) {
  Setting open = empty_object(object.origin);
  Setting secret = empty_object(object.origin);
  SettingPath path = at;
  for (const auto& [key, value] : object.members) {
    path.push_back(key);
    PartedSetting inner = part(value, path, is_secret);
    path.pop_back();
    if (inner.open) open.members.emplace_back(key, std::move(*inner.open));
    if (inner.secret) secret.members.emplace_back(key, std::move(*inner.secret));
  }
  PartedSetting parted;
  const bool all_secret = open.members.empty() && !secret.members.empty();
  if (!all_secret) parted.open = std::move(open);
  if (!secret.members.empty()) parted.secret = std::move(secret);
  return parted;
}

PartedSetting part_list(const Setting& list, const SettingPath& at, const SecretTest& is_secret) {
  Setting open = list_like(list);
  Setting secret = list_like(list);
  bool any_secret = false;
  SettingPath path = at;
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    if (is_secret(path)) return {.open = std::nullopt, .secret = list};
    PartedSetting inner = part(list.elements[i], path, is_secret);
    path.pop_back();
    any_secret = any_secret || inner.secret.has_value();
    open.elements.push_back(inner.open ? std::move(*inner.open) : empty_object(list.origin));
    secret.elements.push_back(inner.secret ? std::move(*inner.secret) : empty_object(list.origin));
  }
  PartedSetting parted{.open = std::move(open), .secret = {}};
  if (any_secret) parted.secret = std::move(secret);
  return parted;
}

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-' || c == '_') continue;  // api-key, api_key and apiKey are one name
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::string_view to_string(SettingOrigin origin) {
  switch (origin) {
    case SettingOrigin::config: return "config";
    case SettingOrigin::secrets: return "secrets";
    case SettingOrigin::schema_default: return "default";
  }
  return "";
}

Setting setting_of(json::Value value, SettingOrigin origin) {
  Setting out{.kind = value.kind(), .text = {}, .members = {}, .elements = {}, .origin = origin};
  if (out.is_object()) {
    for (const json::Member& one : value.members()) {
      out.members.emplace_back(std::string(one.key), setting_of(one.value, origin));
    }
  } else if (out.is_list()) {
    for (const json::Value element : value.elements()) out.elements.push_back(setting_of(element, origin));
  } else {
    out.text = value.text();
  }
  return out;
}

Setting empty_object(SettingOrigin origin) {
  return Setting{.kind = json::Kind::object, .text = {}, .members = {}, .elements = {}, .origin = origin};
}

std::string json_of(const Setting& setting) {
  json::Writer out;
  write(setting, out);
  return std::move(out).text();
}

const Setting* find(const Setting& root, const SettingPath& path) {
  const Setting* at = &root;
  for (const std::string& step : path) {
    at = inside(*at, step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

bool put(Setting& root, const SettingPath& path, Setting value) {
  Setting* at = &root;
  std::size_t depth = 0;
  for (; depth < path.size(); ++depth) {
    Setting* next = inside(*at, path[depth]);
    if (next == nullptr) break;
    at = next;
  }
  if (depth == path.size()) {
    *at = std::move(value);
    return true;
  }
  // From here on nothing is there: it is made from the inside out.
  if (at->is_list() ? path[depth] != "-" : !at->is_object()) return false;
  for (std::size_t i = path.size(); i-- > depth + 1;) {
    if (path[i] == "-") return false;  // no list to add to
    Setting around = empty_object(value.origin);
    around.members.emplace_back(path[i], std::move(value));
    value = std::move(around);
  }
  if (at->is_list()) {
    at->elements.push_back(std::move(value));
  } else {
    at->members.emplace_back(path[depth], std::move(value));
  }
  return true;
}

bool take_out(Setting& root, const SettingPath& path) {
  if (path.empty()) return false;
  Setting* around = &root;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    around = inside(*around, path[i]);
    if (around == nullptr) return false;
  }
  if (inside(*around, path.back()) == nullptr) return false;
  if (around->is_list()) {
    around->elements.erase(around->elements.begin() + static_cast<std::ptrdiff_t>(*index_of(path.back())));
  } else {
    std::erase_if(around->members, [&](const auto& one) { return one.first == path.back(); });
  }
  return true;
}

void merge_secrets(Setting& config, const Setting& secrets) {
  if (config.is_object() && secrets.is_object()) {
    for (const auto& [key, value] : secrets.members) {
      if (Setting* known = member(config, key)) {
        merge_secrets(*known, value);
      } else {
        config.members.emplace_back(key, value);
      }
    }
    return;
  }
  if (config.is_list() && is_parallel_list(secrets)) {
    const std::size_t both = std::min(config.elements.size(), secrets.elements.size());
    for (std::size_t i = 0; i < both; ++i) {
      if (!secrets.elements[i].members.empty()) merge_secrets(config.elements[i], secrets.elements[i]);
    }
    return;
  }
  config = secrets;
}

void fill_defaults(Setting& settings, const Setting& defaults) {
  if (!settings.is_object() || !defaults.is_object()) return;
  for (const auto& [key, value] : defaults.members) {
    Setting* known = member(settings, key);
    if (known == nullptr) {
      settings.members.emplace_back(key, value);
    } else if (known->kind == json::Kind::null) {
      *known = value;
    } else {
      fill_defaults(*known, value);
    }
  }
}

PartedSetting part(const Setting& setting, const SettingPath& at, const SecretTest& is_secret) {
  if (is_secret(at)) return {.open = std::nullopt, .secret = setting};
  if (setting.is_object()) return part_object(setting, at, is_secret);
  if (setting.is_list()) return part_list(setting, at, is_secret);
  return {.open = setting, .secret = std::nullopt};
}

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// A name without its case, and its words: "ssh", "key" of "ssh_key", "ssh-key", "ssh.key" and "sshKey".
struct Name {
  explicit Name(std::string_view spelled) : text(folded(spelled)) {
    std::size_t begin = 0;
    std::size_t end = 0;  // in `text`, which has neither '-' nor '_'
    const auto end_word = [&] {
      words.push_back(std::string_view(text).substr(begin, end - begin));
      begin = end;
    };
    for (std::size_t i = 0; i < spelled.size(); ++i) {
      const char c = spelled[i];
      const bool dropped = c == '_' || c == '-';
      const bool parts = dropped || c == '.' || c == ' ';
      if (parts || (i > 0 && is_upper(c) && !is_upper(spelled[i - 1]))) end_word();
      if (!dropped) ++end;
      if (parts) begin = end;
    }
    end_word();
  }
  Name(const Name&) = delete;  // `words` lie in `text`
  Name& operator=(const Name&) = delete;

  std::string text;
  std::vector<std::string_view> words;
};

/// Long words count wherever they stand in a name; short ones, which other words contain ("bypass", "passenger"), only
/// by themselves.
constexpr std::array<std::string_view, 13> kAnywhere{"apikey",     "apisecret", "password", "passwd",     "passphrase",
                                                     "secret",     "token",     "authkey",  "credential", "accesskey",
                                                     "privatekey", "webhook",   "sshkey"};
constexpr std::array<std::string_view, 6> kWholeWords{"pass", "pwd", "psk", "bearer", "authorization", "jwt"};
/// These name harmless things as well: they count where nothing better than a name is known.
constexpr std::array<std::string_view, 10> kDoubtfulWords{"auth", "oauth",   "pin",     "otp",      "cookie",
                                                          "pw",   "passkey", "session", "passcode", "cookies"};

bool has(const auto& words, std::string_view word) { return std::ranges::find(words, word) != std::end(words); }

bool has_one_of(const Name& name, const auto& words) {
  return std::ranges::any_of(name.words, [&words](std::string_view word) { return has(words, word); });
}

bool names_secret(const Name& name) {
  return std::ranges::any_of(kAnywhere, [&name](auto word) { return name.text.find(word) != std::string::npos; }) ||
         has_one_of(name, kWholeWords);
}

bool may_name_secret(const Name& name) {
  const bool some_key = name.words.size() > 1 && name.words.back() == "key";  // "consumer_key", "signing-key"
  return names_secret(name) || some_key || name.text.ends_with("clientid") || has_one_of(name, kDoubtfulWords);
}

}  // namespace

bool looks_secret(const SettingPath& path) {
  return std::ranges::any_of(path, [](const std::string& step) { return names_secret(Name(step)); });
}

bool may_be_secret(const SettingPath& path) {
  return std::ranges::any_of(path, [](const std::string& step) { return may_name_secret(Name(step)); });
}

bool names_user(std::string_view key) {
  const std::string name = folded(key);
  return name.ends_with("username") || name == "user" || name == "login";
}

bool holds_user_info(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("://", at)) != std::string_view::npos;) {
    at += 3;
    const std::string_view authority = text.substr(at, text.find_first_of("/?#\\\" ", at) - at);
    const std::size_t user_ends = authority.rfind('@');
    if (user_ends != std::string_view::npos && authority.substr(0, user_ends).find(':') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool is_placeholder(json::Kind kind, std::string_view text) {
  if (kind == json::Kind::null) return true;
  if (kind != json::Kind::string) return false;
  return text.starts_with("\"YOUR_") || text.find_first_not_of(" \"") == std::string_view::npos;
}

bool is_placeholder(const Setting& setting) { return is_placeholder(setting.kind, setting.text); }

}  // namespace trueup::model
