// /api/v3/plugins/store: the registry as it was last read. Asks nobody on the network (failure F156).
#include <algorithm>

#include "web/api/common.h"
#include "web/ascii.h"

namespace trueup::web {
namespace {

bool holds(const std::string& text, const std::string& word) {
  return to_lower_ascii(text).find(word) != std::string::npos;
}

Answer list(const Call& call) {
  if (auto unknown = unless_known(call.knowledge, model::Source::registry)) return *unknown;
  const std::string word = to_lower_ascii(find(call.request.query, "query").value_or(""));
  const model::RegistryFacts& registry = call.knowledge.observation.registry;
  json::Writer out;
  out.begin_object().key("plugins").begin_array();
  for (const model::RegistryEntry& entry : registry.entries) {
    if (!word.empty() && !holds(entry.id, word) && !holds(entry.name, word) && !holds(entry.description, word))
      continue;
    out.begin_object().key("id").string(entry.id).key("name").string(entry.name.empty() ? entry.id : entry.name);
    out.key("description").string(entry.description).key("verified").boolean(entry.verified);
    out.key("repo").string(entry.repository).key("version").string(entry.latest_version);
    out.key("branch").string(entry.branch).key("plugin_path").string(entry.plugin_path).end_object();
  }
  out.end_array().end_object();
  return success(std::move(out).text(), "",
                 {{"origin", json::quote(registry.origin)}, {"age", json::quote(registry.age)}});
}

}  // namespace

std::vector<Endpoint> store_endpoints() { return {{Method::get, "/api/v3/plugins/store/list", list}}; }

}  // namespace trueup::web
