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

/// Of an element of a list, all that is shown.
std::string shown_part(const Setting& element, const SettingPath& list, const PluginSettings& settings) {
  SettingPath path = list;
  path.emplace_back("0");
  return json_of(masked(element, path, settings, ""));
}

/// Which old element each new one that holds masks is; nothing when that cannot be told.
class ListMatch {
 public:
  ListMatch(const Setting& sent, const Setting& known, const SettingPath& path, const PluginSettings& settings) {
    for (const Setting& one : sent.elements) sent_.push_back(shown_part(one, path, settings));
    for (const Setting& one : known.elements) known_.push_back(shown_part(one, path, settings));
  }

  [[nodiscard]] std::optional<std::size_t> find(std::size_t place) const {
    const auto like = [&](const std::vector<std::string>& all) {
      return static_cast<std::size_t>(std::count(all.begin(), all.end(), sent_[place]));
    };
    if (place < known_.size() && known_[place] == sent_[place] && like(known_) == like(sent_)) return place;
    if (like(known_) == 1 && like(sent_) == 1) {
      return static_cast<std::size_t>(std::find(known_.begin(), known_.end(), sent_[place]) - known_.begin());
    }
    // Changed where it stands, and it alone: all others are where they were.
    if (sent_.size() != known_.size() || like(known_) != 0) return std::nullopt;
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (i != place && sent_[i] != known_[i]) return std::nullopt;
    }
    return place;
  }

 private:
  std::vector<std::string> sent_;
  std::vector<std::string> known_;
};

Result<std::optional<Setting>> unmasked_list(const Setting& sent, const Setting* known, SettingPath& path,
                                             const PluginSettings& settings) {
  if (!holds_mask(sent, path, settings)) return std::optional(sent);
  const Setting none;
  const ListMatch match(sent, known != nullptr ? *known : none, path, settings);
  Setting out = sent;
  for (std::size_t i = 0; i < out.elements.size(); ++i) {
    path.push_back(std::to_string(i));
    const bool masked_one = holds_mask(sent.elements[i], path, settings);
    const auto old = masked_one && known != nullptr && known->is_list() ? match.find(i) : std::nullopt;
    if (masked_one) {
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
