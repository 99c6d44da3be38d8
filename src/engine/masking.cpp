#include "engine/masking.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "engine/configure.h"
#include "engine/setting_placement.h"
#include "json/document.h"
#include "json/write.h"
#include "model/setting_key.h"

namespace trueup::engine {
namespace {

using model::Setting;
using model::SettingPath;

using Hides = std::function<bool(const SettingPath& path, const Setting& value)>;

bool tells_something(const Setting& setting) {
  return (setting.kind == json::Kind::string || setting.kind == json::Kind::number) && !model::is_placeholder(setting);
}

Setting text_setting(std::string_view text, model::SettingOrigin origin) {
  Setting out;
  out.kind = json::Kind::string;
  out.text = json::quote(text);
  out.origin = origin;
  return out;
}

Setting masked_where(const Setting& setting, SettingPath& path, const Hides& hides, std::string_view mask) {
  Setting out = setting;
  for (auto& [key, value] : out.members) {
    path.push_back(key);
    value = masked_where(value, path, hides, mask);
    path.pop_back();
  }
  for (std::size_t i = 0; i < out.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    out.elements[i] = masked_where(out.elements[i], path, hides, mask);
    path.pop_back();
  }
  if (out.kind == json::Kind::number && out.text.find_first_of("NI") != std::string::npos) {
    out.kind = json::Kind::string;  // NaN and Infinity, which Python writes and JSON does not know
    out.text = json::quote(out.text);
  }
  if (tells_something(out) && hides(path, setting)) out = text_setting(mask, out.origin);
  return out;
}

std::optional<std::string> text_of(const Setting& setting) {
  if (setting.kind != json::Kind::string) return std::nullopt;
  const auto document = json::Document::parse(setting.text);
  return document ? document->root().string() : std::nullopt;
}

/// Whether there is a mask anywhere in it, at a place that is not shown.
bool holds_mask(const Setting& setting, SettingPath& path, const PluginSettings& settings) {
  if (!setting.is_container()) return is_mask(setting) && settings.is_hidden(path);
  bool found = false;
  for (const auto& [key, value] : setting.members) {
    path.push_back(key);
    found = found || holds_mask(value, path, settings);
    path.pop_back();
  }
  for (std::size_t i = 0; i < setting.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    found = found || holds_mask(setting.elements[i], path, settings);
    path.pop_back();
  }
  return found;
}

bool holds_hidden(const Setting& setting, SettingPath& path, const PluginSettings& settings) {
  std::vector<SettingPath> hidden;
  add_hidden(setting, path, settings, hidden);
  return !hidden.empty();
}

/// Either what is not shown of it, or all else; nothing: there is none of that. A client may send a secret as a mask or
/// not at all, so that neither is part of what an element of a list is recognised by.
std::optional<Setting> part_of(const Setting& setting, bool hidden, SettingPath& path, const PluginSettings& settings) {
  if (!setting.is_object()) {
    const bool is_hidden = setting.is_list() ? holds_hidden(setting, path, settings) : settings.is_hidden(path);
    return is_hidden == hidden ? std::optional(setting) : std::nullopt;
  }
  Setting out = setting;
  out.members.clear();
  for (const auto& [key, value] : setting.members) {
    path.push_back(key);
    if (auto part = part_of(value, hidden, path, settings)) out.members.emplace_back(key, std::move(*part));
    path.pop_back();
  }
  const bool is_nothing = out.members.empty() && (hidden || !setting.members.empty());
  return is_nothing ? std::nullopt : std::optional(std::move(out));
}

std::string shown_part(const Setting& element, const SettingPath& list, const PluginSettings& settings) {
  SettingPath path = list;
  path.emplace_back("0");
  const auto shown = part_of(masked(element, path, settings, ""), false, path, settings);
  return shown ? json_of(*shown) : "";
}

/// `from` put into `into` where nothing is said of it.
void add_unsaid(const Setting& from, Setting& into) {
  for (const auto& [key, value] : from.members) {
    const auto said = std::ranges::find(into.members, key, [](const auto& member) { return member.first; });
    if (said == into.members.end()) {
      into.members.emplace_back(key, value);
    } else if (value.is_object() && said->second.is_object()) {
      add_unsaid(value, said->second);
    }
  }
}

/// Which old element each new one is; nothing when that cannot be told.
class ListMatch {
 public:
  ListMatch(const Setting& sent, const Setting& known, const SettingPath& path, const PluginSettings& settings) {
    for (const Setting& one : sent.elements) sent_.push_back(shown_part(one, path, settings));
    for (const Setting& one : known.elements) known_.push_back(shown_part(one, path, settings));
  }

  /// One that is not changed, as far as it is shown.
  [[nodiscard]] std::optional<std::size_t> find_same(std::size_t place) const {
    const std::size_t sent = like(sent_, place);
    const std::size_t known = like(known_, place);
    if (place < known_.size() && known_[place] == sent_[place] && known == sent) return place;
    if (known != 1 || sent != 1) return std::nullopt;
    return static_cast<std::size_t>(std::find(known_.begin(), known_.end(), sent_[place]) - known_.begin());
  }

  [[nodiscard]] std::optional<std::size_t> find(std::size_t place) const {
    if (const auto same = find_same(place)) return same;
    // Changed where it stands, and it alone: all others are where they were.
    if (sent_.size() != known_.size() || like(known_, place) != 0) return std::nullopt;
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (i != place && sent_[i] != known_[i]) return std::nullopt;
    }
    return place;
  }

 private:
  [[nodiscard]] std::size_t like(const std::vector<std::string>& all, std::size_t place) const {
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), sent_[place]));
  }

  std::vector<std::string> sent_;
  std::vector<std::string> known_;
};

Result<std::optional<Setting>> unmasked_list(const Setting& sent, const Setting* known, SettingPath& path,
                                             const PluginSettings& settings) {
  const bool hides = known != nullptr && known->is_list() && holds_hidden(*known, path, settings);
  if (!hides && !holds_mask(sent, path, settings)) return std::optional(sent);
  const Setting none;
  const ListMatch match(sent, known != nullptr ? *known : none, path, settings);
  Setting out = sent;
  for (std::size_t i = 0; i < out.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    const bool masked_one = holds_mask(sent.elements[i], path, settings);
    std::optional<std::size_t> old;
    if (known != nullptr && known->is_list()) old = masked_one ? match.find(i) : match.find_same(i);
    if (masked_one || old) {
      auto element = unmasked(sent.elements[i], old ? &known->elements[*old] : nullptr, path, settings);
      if (!element) return element;
      const bool is_new =
          !old && known != nullptr && known->elements.size() < sent.elements.size() && i + 1 == out.elements.size();
      if (!old && !is_new && known != nullptr && !known->elements.empty()) {
        return Error{
            .code = ErrorCode::invalid,
            .message = fmt::format("{}: which secret belongs to this element cannot be told; nothing was changed",
                                   model::setting_key_text(path)),
            .hint = "change one element at a time, or send the secrets along"};
      }
      if (*element) out.elements[i] = std::move(**element);
    }
    // A secret of which nothing is said stays; of one that is changed as well nobody knows whose it would be.
    const auto same = hides && out.elements[i].is_object() ? match.find_same(i) : std::nullopt;
    const auto unsaid = same ? part_of(known->elements[*same], true, path, settings) : std::nullopt;
    if (unsaid && unsaid->is_object()) add_unsaid(*unsaid, out.elements[i]);
    path.pop_back();
  }
  return std::optional(std::move(out));
}

}  // namespace

Setting masked(const Setting& setting, SettingPath& path, const PluginSettings& settings, std::string_view mask) {
  return masked_where(
      setting, path, [&settings](const SettingPath& at, const Setting&) { return settings.is_hidden(at); }, mask);
}

Setting masked_by_name(const Setting& setting, SettingPath& path, std::string_view mask) {
  return masked_where(
      setting, path,
      [](const SettingPath& at, const Setting& value) {
        return model::looks_secret(at) || model::holds_user_info(text_of(value).value_or(""));
      },
      mask);
}

Setting masked_wholly(const Setting& setting, std::string_view mask) {
  SettingPath path;
  return masked_where(setting, path, [](const SettingPath&, const Setting&) { return true; }, mask);
}

void add_hidden(const Setting& setting, SettingPath& path, const PluginSettings& settings,
                std::vector<SettingPath>& hidden) {
  for (const auto& [key, value] : setting.members) {
    path.push_back(key);
    add_hidden(value, path, settings, hidden);
    path.pop_back();
  }
  for (std::size_t i = 0; i < setting.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    add_hidden(setting.elements[i], path, settings, hidden);
    path.pop_back();
  }
  if (tells_something(setting) && settings.is_hidden(path)) hidden.push_back(path);
}

bool is_mask(const Setting& setting) {
  if (setting.kind == json::Kind::null) return true;
  const auto text = text_of(setting);
  if (!text) return false;
  if (*text == kHiddenText || text->find_first_not_of(" \t\r\n") == std::string::npos) return true;
  constexpr std::string_view kBullet = "\xe2\x80\xa2";
  std::string_view rest = *text;
  while (rest.starts_with(kBullet)) rest.remove_prefix(kBullet.size());
  return rest.empty();
}

Result<std::optional<Setting>> unmasked(const Setting& sent, const Setting* known, SettingPath& path,
                                        const PluginSettings& settings) {
  if (sent.is_list()) return unmasked_list(sent, known, path, settings);
  if (!sent.is_object()) {
    if (!is_mask(sent) || !settings.is_hidden(path)) return std::optional(sent);
    if (known == nullptr || known->is_container()) return std::optional<Setting>();
    return std::optional(*known);
  }
  Setting out = sent;
  out.members.clear();
  for (const auto& [key, value] : sent.members) {
    path.push_back(key);
    auto member = unmasked(value, known != nullptr ? model::find(*known, {key}) : nullptr, path, settings);
    path.pop_back();
    if (!member) return member;
    if (*member) out.members.emplace_back(key, std::move(**member));
  }
  return std::optional(std::move(out));
}

}  // namespace trueup::engine
