#include "model/picture.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/escape.h"
#include "base/utf8.h"

namespace trueup::model {
namespace {

struct Kind {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array<Kind, 5> kKinds{{{".png", "image/png"},
                                      {".jpg", "image/jpeg"},
                                      {".jpeg", "image/jpeg"},
                                      {".gif", "image/gif"},
                                      {".bmp", "image/bmp"}}};

struct Beginning {
  std::string_view type;
  std::string_view bytes;
};
constexpr std::array<Beginning, 5> kBeginnings{{{"image/png", "\x89PNG\r\n\x1a\n"},
                                                {"image/jpeg", "\xff\xd8\xff"},
                                                {"image/gif", "GIF87a"},
                                                {"image/gif", "GIF89a"},
                                                {"image/bmp", "BM"}}};

constexpr std::size_t kDeepestSchema = 16;
constexpr double kMegabyte = 1U << 20U;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

const Kind* kind_of(std::string_view name) {
  const std::string end = lower(name);
  const auto found = std::ranges::find_if(kKinds, [&end](const Kind& one) { return end.ends_with(one.ending); });
  return found == kKinds.end() ? nullptr : &*found;
}

bool is_plain_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_at(text, at);
    if (!character || character->code_point < U' ' || character->code_point == 0x7f) return false;
    at += character->length;
  }
  return true;
}

Error no_picture(std::string_view name, std::string_view problem) {
  return {.code = ErrorCode::invalid,
          .message = fmt::format("{}, so nothing was uploaded", problem),
          .where = escape_for_display(std::string(name.substr(0, limits::kMaxPictureNameBytes)))};
}

std::optional<double> positive_number(const json::Value& config, std::string_view key) {
  const auto member = config.find(key);
  const auto number = member ? member->number() : std::nullopt;
  return number && std::isfinite(*number) && *number > 0 ? number : std::nullopt;
}

void tighten(const json::Value& config, PictureRules& rules) {
  if (const auto megabytes = positive_number(config, "max_size_mb"); megabytes && *megabytes < kMegabyte) {
    rules.most_bytes = std::min(rules.most_bytes, static_cast<std::size_t>(*megabytes * kMegabyte));
  }
  const auto allowed = config.find("allowed_types");
  if (!allowed || !allowed->is_array()) return;
  std::vector<std::string> types;
  for (const json::Value one : allowed->elements()) {
    const std::string type = lower(one.string().value_or(""));
    if (std::ranges::find(kKinds, type, &Kind::type) != kKinds.end()) types.push_back(type);
  }
  if (rules.types.empty()) {
    rules.types = std::move(types);
  } else {
    rules.types.insert(rules.types.end(), types.begin(), types.end());  // each of the fields takes its own
  }
}

/// How many each uploaded setting holds; nothing where one of them says nothing.
struct Counted {
  bool all_say = true;
  std::size_t fields = 0;
  double sum = 0;
};

void look_for_uploads(const json::Value& schema, std::size_t depth, PictureRules& rules, Counted& counted) {
  if (depth == 0 || !schema.is_object()) return;
  const auto widget = schema.find("x-widget") ? schema.find("x-widget") : schema.find("x_widget");
  if (widget && lower(widget->string().value_or("")).starts_with("file-upload")) {
    ++counted.fields;
    const auto config = schema.find("x-upload-config");
    const bool has_config = config && config->is_object();
    const auto most = has_config ? positive_number(*config, "max_files") : std::nullopt;
    counted.all_say = counted.all_say && most;
    counted.sum += most.value_or(0);
    if (has_config) tighten(*config, rules);
    return;
  }
  const auto properties = schema.find("properties");
  if (!properties || !properties->is_object()) return;
  for (const json::Member member : properties->members()) look_for_uploads(member.value, depth - 1, rules, counted);
}

}  // namespace

std::string_view picture_type(std::string_view name) {
  const Kind* kind = kind_of(name);
  return kind == nullptr ? std::string_view() : kind->type;
}

std::string picture_ending(std::string_view name) { return std::string(kind_of(name)->ending); }

bool is_picture_file(std::string_view name) {
  return !picture_type(name).empty() && !name.starts_with('.') && name.size() <= limits::kMaxPictureNameBytes &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

PictureRules picture_rules(const std::optional<json::Value>& schema) {
  PictureRules rules;
  Counted counted;
  if (schema) look_for_uploads(*schema, kDeepestSchema, rules, counted);
  if (counted.fields > 0 && counted.all_say && counted.sum < static_cast<double>(rules.most)) {
    rules.most = static_cast<std::size_t>(counted.sum);
  }
  return rules;
}

Status check_picture(std::string_view name, std::string_view bytes, const PictureRules& rules) {
  if (name.empty() || name.size() > limits::kMaxPictureNameBytes) {
    return no_picture(name, fmt::format("its name is not 1 to {} bytes long", limits::kMaxPictureNameBytes));
  }
  const bool is_path = name.find_first_of("/\\") != std::string_view::npos || name.starts_with('.');
  if (is_path || !is_plain_text(name)) return no_picture(name, "this is no plain name of a file");
  const std::string_view type = picture_type(name);
  if (type.empty()) return no_picture(name, "only png, jpg, jpeg, gif and bmp are taken");
  if (!rules.types.empty() && std::ranges::find(rules.types, type) == rules.types.end()) {
    return no_picture(name, "the plugin's schema takes no picture of this kind");
  }
  if (bytes.size() > rules.most_bytes) {
    return no_picture(name, fmt::format("it is larger than {} KB", rules.most_bytes >> 10U));
  }
  const bool begins_so = std::ranges::any_of(
      kBeginnings, [&](const Beginning& one) { return one.type == type && bytes.starts_with(one.bytes); });
  if (!begins_so) return no_picture(name, fmt::format("what is in it is not what its name says ({})", type));
  return ok();
}

std::string picture_id(std::string_view hex) {
  std::string id(hex.substr(0, 32));
  id[12] = '4';
  id[16] = "89ab"[id[16] % 4];
  for (const std::size_t at : {20U, 16U, 12U, 8U}) id.insert(at, 1, '-');
  return id;
}

}  // namespace trueup::model
