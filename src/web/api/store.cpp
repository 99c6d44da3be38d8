// /api/v3/plugins: the registry as it was last read, the owner's saved repositories, and what an address offers. A list
// that is only shown asks nobody on the network (failure F156).
#include <fmt/core.h>

#include <algorithm>

#include "model/compatibility.h"
#include "store/saved_repositories.h"
#include "web/api/common.h"
#include "web/ascii.h"

namespace trueup::web {
namespace {

bool holds(const std::string& text, const std::string& word) {
  return to_lower_ascii(text).find(word) != std::string::npos;
}

void write_entry(json::Writer& out, const model::RegistryEntry& entry, const std::string& core) {
  out.begin_object().key("id").string(entry.id).key("name").string(entry.name.empty() ? entry.id : entry.name);
  out.key("author").string(entry.author).key("category").string(entry.category);
  out.key("description").string(entry.description).key("tags");
  write_texts(out, entry.tags);
  out.key("verified").boolean(entry.verified).key("repo").string(entry.repository);
  out.key("last_updated").string(entry.last_updated).key("version").string(entry.latest_version);
  out.key("branch").string(entry.branch).key("plugin_path").string(entry.plugin_path);
  out.key("source").string(entry.source);
  if (!entry.minimum_core.empty()) out.key("ledmatrix_min_version").string(entry.minimum_core);
  if (!entry.core_ranges.empty()) {
    out.key("compatible_versions");
    write_texts(out, entry.core_ranges);
  }
  const std::string unfit = model::why_not_fit(entry.minimum_core, entry.core_ranges, core);
  if (!unfit.empty()) out.key("does_not_fit").string(unfit);
  out.end_object();
}

/// Whether an entry has any of the tags that are asked for, where some are.
bool has_tag(const model::RegistryEntry& entry, const Parameters& query) {
  bool asked = false;
  for (const auto& [name, value] : query) {
    if (name != "tags") continue;
    asked = true;
    if (std::ranges::count(entry.tags, value) > 0) return true;
  }
  return !asked;
}

Answer list(const Call& call) {
  if (auto unknown = unless_known(call.knowledge, model::Source::registry)) return *unknown;
  const std::string word = to_lower_ascii(find(call.request.query, "query").value_or(""));
  const auto category = find(call.request.query, "category").value_or("");
  const model::RegistryFacts& registry = call.knowledge.observation.registry;
  json::Writer out;
  out.begin_object().key("plugins").begin_array();
  for (const auto* entries : {&registry.entries, &registry.saved}) {
    for (const model::RegistryEntry& entry : *entries) {
      const bool fits =
          word.empty() || holds(entry.id, word) || holds(entry.name, word) || holds(entry.description, word);
      const bool of_kind = category.empty() || entry.category == category;
      if (fits && of_kind && has_tag(entry, call.request.query)) {
        write_entry(out, entry, call.knowledge.observation.core_version);
      }
    }
  }
  out.end_array().end_object();
  return success(std::move(out).text(), "",
                 {{"origin", json::quote(registry.origin)}, {"age", json::quote(registry.age)}});
}

Answer refresh(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json, true));
  return Submission{.request = {.words = {"store", "refresh"}},
                    .answer = [](const Outcome& outcome, const Knowledge& knowledge) {
                      const auto& registry = knowledge.observation.registry;
                      const std::size_t count = registry.entries.size() + registry.saved.size();
                      return success("", outcome.message, {{"plugin_count", std::to_string(count)}});
                    }};
}

/// Whether there is a token for GitHub, measured without asking GitHub.
Response github_status(engine::World& world) {
  const auto root = world.file_system.open_root_for_reading(world.root);
  if (!root) return failed(root.error());
  auto file = (*root)->read("config/config_secrets.json", limits::kMaxConfigBytes, platform::Links::follow);
  if (!file && file.error().code != ErrorCode::not_found) return failed(file.error());
  const auto document = json::Document::parse(file ? std::move(file->bytes) : "{}");
  if (!document) return failed(document.error());
  const auto github = document->root().find("github");
  const auto token = github && github->is_object() ? github->find("api_token") : std::nullopt;
  const std::string text = token ? token->string().value_or("") : "";
  const bool has_token = !text.empty() && !text.starts_with("YOUR_");
  json::Writer out;
  out.begin_object().key("token_status").string(has_token ? "valid" : "none").key("authenticated").boolean(has_token);
  out.key("rate_limit").integer(has_token ? 5000 : 60);
  out.key("message").string(has_token ? "a token is set; it was not tried" : "no token is set, and none is needed");
  out.key("error").null().end_object();
  return success(std::move(out).text());
}

Answer get_github_status(const Call&) { return Work{.run = github_status}; }

std::string repositories_text(const Knowledge& knowledge) {
  json::Writer out;
  out.begin_object().key("repositories").begin_array();
  for (const store::SavedRepository& one : knowledge.repositories) {
    out.begin_object().key("url").string(one.url).key("name").string(one.name).key("type");
    out.string(one.type == store::SavedRepository::Type::registry ? "registry" : "single").end_object();
  }
  out.end_array().end_object();
  return std::move(out).text();
}

Answer repositories(const Call& call) { return success(repositories_text(call.knowledge)); }

Response repositories_now(const Outcome& outcome, const Knowledge& knowledge) {
  return success(repositories_text(knowledge), outcome.message);
}

/// An address that may be asked, written in one way (failure F148): never an option, never another scheme.
tl::expected<std::string, ApiError> address_in(const Body& body) {
  auto text = body.text("repo_url");
  if (!text) return text;
  const auto repository = store::repository_to_save(*text);
  if (repository) return repository->url;
  return tl::unexpected(bad_field("repo_url", "cannot be used: " + repository.error().message));
}

/// One that is asked because a request says so: of files of this device only the command reads.
tl::expected<std::string, ApiError> address_to_ask(const Body& body) {
  auto url = address_in(body);
  if (url && url->starts_with("file:")) return tl::unexpected(bad_field("repo_url", "has to be an https: address"));
  return url;
}

bool is_saved(const Knowledge& knowledge, const std::string& url) {
  return std::ranges::count(knowledge.repositories, url, &store::SavedRepository::url) > 0;
}

Answer add_repository(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string url, address_to_ask(body));
  if (is_saved(call.knowledge, url)) return failure(bad_field("repo_url", "is saved already"));
  return Submission{.request = {.words = {"store", "add", url}}, .answer = repositories_now};
}

Answer remove_repository(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string url, address_in(body));
  if (!is_saved(call.knowledge, url)) {
    return failed({.code = ErrorCode::not_found, .message = "this is none of the saved repositories", .where = url});
  }
  return Submission{.request = {.words = {"store", "remove", url}}, .answer = repositories_now};
}

/// What an address offers: asked now, saved nowhere.
Answer offer(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string url, address_to_ask(body));
  return Submission{.request = {.words = {"store", "show", url}},
                    .answer = [url](const Outcome& outcome, const Knowledge&) {
                      const auto plugins = outcome.said ? outcome.said->root().find("plugins") : std::nullopt;
                      json::Writer list;
                      list.begin_array();
                      if (plugins && plugins->is_array()) {
                        for (const json::Value one : plugins->elements()) list.value(one);
                      }
                      list.end_array();
                      return success("", "", {{"plugins", std::move(list).text()}, {"registry_url", json::quote(url)}});
                    }};
}

Answer install_from_url(const Call& call) {
  API_ASSIGN_OR_RETURN(const Body body, Body::read(call.request, Accepts::json));
  API_ASSIGN_OR_RETURN(const std::string url, address_to_ask(body));
  API_ASSIGN_OR_RETURN(const auto id, body.optional_text("plugin_id"));
  API_ASSIGN_OR_RETURN(const auto branch, body.optional_text("branch"));
  API_ASSIGN_OR_RETURN(const auto path, body.optional_text("plugin_path"));
  if ((branch && !branch->empty()) || (path && !path->empty())) {
    return failure(bad_field("branch", "and `plugin_path` cannot be chosen: the repository's own list says them"));
  }
  service::OperationRequest request{.words = {"install", url}};
  if (id && !id->empty()) {
    API_ASSIGN_OR_RETURN(request.plugin_id, plugin_id_of(*id));
    request.words.insert(request.words.end(), {"--id", request.plugin_id});
  }
  return Submission{.request = std::move(request), .answer = [](const Outcome& outcome, const Knowledge& knowledge) {
                      std::string installed;
                      const auto said = outcome.said ? outcome.said->root().find("plugin_id") : std::nullopt;
                      if (said) installed = said->string().value_or("");
                      const planner::RosterEntry* plugin = knowledge.plugin(installed);
                      const std::string name = plugin == nullptr || plugin->name.empty() ? installed : plugin->name;
                      return success("", outcome.message,
                                     {{"plugin_id", json::quote(installed)}, {"name", json::quote(name)}});
                    }};
}

}  // namespace

std::vector<Endpoint> store_endpoints() {
  return {{Method::get, "/api/v3/plugins/store/list", list},
          {Method::post, "/api/v3/plugins/store/refresh", refresh},
          {Method::get, "/api/v3/plugins/store/github-status", get_github_status},
          {Method::get, "/api/v3/plugins/saved-repositories", repositories},
          {Method::post, "/api/v3/plugins/saved-repositories", add_repository},
          {Method::delete_, "/api/v3/plugins/saved-repositories", remove_repository},
          {Method::post, "/api/v3/plugins/registry-from-url", offer},
          {Method::post, "/api/v3/plugins/install-from-url", install_from_url}};
}

}  // namespace trueup::web
