#include "store/saved_repositories.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/letter_case.h"
#include "json/document.h"
#include "json/write.h"
#include "model/compatibility.h"
#include "store/web_address.h"

namespace trueup::store {
namespace {

using Type = SavedRepository::Type;

constexpr std::array<std::string_view, 2> kBranches{"main", "master"};

std::string text_under(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->string().value_or("") : std::string();
}

std::string last_part(std::string_view url) { return std::string(url.substr(url.rfind('/') + 1)); }

bool is_a_file(std::string_view url) { return url.ends_with(".json"); }

}  // namespace

Type type_of(std::string_view url) {
  const bool registry = url.find("plugins.json") != std::string_view::npos ||
                        without_case(url).find("ledmatrix-plugins") != std::string::npos;
  return registry ? Type::registry : Type::single;
}

Result<SavedRepository> repository_to_save(std::string_view url) {
  ASSIGN_OR_RETURN(const WebAddress address, parse_repository(url));
  std::string text = address.text();
  std::string name = last_part(text);
  const Type type = is_a_file(text) ? Type::registry : type_of(text);
  return SavedRepository{.url = std::move(text), .name = std::move(name), .type = type};
}

Result<std::vector<SavedRepository>> decode_saved(std::string text) {
  ASSIGN_OR_RETURN(const json::Document document, json::Document::parse(std::move(text)));
  const auto inner = document.root().find("repositories");
  const json::Value list = inner ? *inner : document.root();
  if (!list.is_array()) {
    return Error{.code = ErrorCode::unreadable, .message = "the saved repositories are no list"};
  }
  std::vector<SavedRepository> saved;
  for (const json::Value one : list.elements()) {
    if (saved.size() == limits::kMaxSavedRepositories) break;
    auto repository = repository_to_save(text_under(one, "url"));
    if (!repository) continue;
    if (const std::string type = text_under(one, "type"); type == "registry") repository->type = Type::registry;
    if (std::string name = text_under(one, "name"); !name.empty()) repository->name = std::move(name);
    const bool twice = std::any_of(saved.begin(), saved.end(),
                                   [&](const SavedRepository& other) { return other.url == repository->url; });
    if (!twice) saved.push_back(std::move(*repository));
  }
  return saved;
}

std::vector<std::string> places_of(const SavedRepository& repository) {
  if (is_a_file(repository.url)) return {repository.url};
  std::vector<std::string> places;
  for (const std::string_view branch : kBranches) {
    if (repository.type == Type::single) {
      places.push_back(fmt::format("{}/raw/{}/manifest.json", repository.url, branch));
      continue;
    }
    for (const char* file : {"plugins.json", "registry.json"}) {
      places.push_back(fmt::format("{}/raw/{}/{}", repository.url, branch, file));
    }
  }
  return places;
}

Result<std::string> registry_of_manifest(std::string manifest, const std::string& url) {
  return registry_of_manifest(std::move(manifest), url, "");
}

Result<std::string> registry_of_manifest(std::string manifest, const std::string& url, const std::string& commit) {
  ASSIGN_OR_RETURN(const json::Document document, json::Document::parse(std::move(manifest)));
  const json::Value root = document.root();
  if (!root.is_object() || text_under(root, "id").empty()) {
    return Error{.code = ErrorCode::unreadable, .message = "its manifest names no plugin"};
  }
  json::Writer out;
  out.begin_object();
  out.key("plugins").begin_array().begin_object();
  for (const char* key : {"id", "name", "description", "author", "category"}) {
    if (std::string text = text_under(root, key); !text.empty()) out.key(key).string(text);
  }
  out.key("latest_version").string(text_under(root, "version"));
  if (const std::string floor = model::minimum_core_of_manifest(root); !floor.empty()) {
    out.key("ledmatrix_min_version").string(floor);
  }
  if (const auto ranges = root.find("compatible_versions")) out.key("compatible_versions").value(*ranges);
  out.key("repo").string(url);
  if (!commit.empty()) out.key("commit").string(commit).key("download_url").string(std::string(kGitAddress) + url);
  out.end_object().end_array();
  out.end_object();
  return std::move(out).text();
}

}  // namespace trueup::store
