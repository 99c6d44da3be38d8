#include "pairs_table.h"

#include <fmt/core.h>

#include <string_view>
#include <vector>

#include "support/observation_builder.h"

namespace trueup::test {
namespace {

/// What one of the two may look like.
struct Look {
  std::string_view name;
  std::function<void(ObservationBuilder&, std::string_view id)> add;
};

const std::vector<Look>& looks() {
  static const std::vector<Look> all{
      {"nothing", [](ObservationBuilder&, std::string_view) {}},
      {"healthy", [](auto& b, auto id) { b.installed(id).section(id, true).recorded(id, true); }},
      {"installed only", [](auto& b, auto id) { b.installed(id); }},
      {"installed and recorded off", [](auto& b, auto id) { b.installed(id).section(id, true).recorded(id, false); }},
      {"section on", [](auto& b, auto id) { b.section(id, true); }},
      {"section off", [](auto& b, auto id) { b.section(id, false); }},
      {"section without enabled", [](auto& b, auto id) { b.section_without_enabled(id); }},
      {"section and record", [](auto& b, auto id) { b.section(id, true).recorded(id, true); }},
      {"record only", [](auto& b, auto id) { b.recorded(id, true); }},
      {"damaged", [](auto& b, auto id) { b.damaged(id).section(id, true); }},
      {"directory of that name, another id",
       [](auto& b, auto id) { b.installed(std::string(id) + "-renamed", "1.0.0", id); }},
      {"a second directory claims it",
       [](auto& b, auto id) { b.installed(id).installed(id, "2.0.0", std::string(id) + "-copy").section(id, true); }},
      {"removed, settings kept", [](auto& b, auto id) { b.section(id, true).removed(id); }},
      {"removed, directory back", [](auto& b, auto id) { b.installed(id).removed(id); }},
      {"secret only", [](auto& b, auto id) { b.secret(id); }},
      {"an aside only", [](auto& b, auto id) { b.aside(id).section(id, true).recorded(id, true); }},
  };
  return all;
}

enum class Store { one_entry_by_path, two_entries, short_only, none, alias, alias_by_manifest };

void add_store(ObservationBuilder& builder, Store store) {
  switch (store) {
    case Store::one_entry_by_path: builder.offered("weather", "ledmatrix-weather"); break;
    case Store::two_entries: builder.offered("weather").offered("ledmatrix-weather"); break;
    case Store::short_only: builder.offered("weather"); break;
    case Store::none: builder.no_registry(); break;
    case Store::alias:
      builder.offered("ledmatrix-weather");
      builder.seen.registry.entries.back().aliases = {"weather"};
      break;
    case Store::alias_by_manifest:
      builder.offered("ledmatrix-weather");
      for (model::PluginDirectory& directory : builder.seen.disk.directories) {
        if (directory.id == "ledmatrix-weather") directory.former_ids = {"weather"};
      }
      break;
  }
}

}  // namespace

void for_each_pair(const std::function<void(const model::Observation& seen, const std::string& what)>& visit) {
  for (const Store store : {Store::one_entry_by_path, Store::two_entries, Store::short_only, Store::none, Store::alias,
                            Store::alias_by_manifest}) {
    for (const Look& first : looks()) {
      for (const Look& second : looks()) {
        ObservationBuilder builder;
        builder.installed("clock").section("clock", true);
        first.add(builder, "ledmatrix-weather");
        second.add(builder, "weather");
        add_store(builder, store);
        visit(builder.seen, fmt::format("ledmatrix-weather: {}; weather: {}; store {}", first.name, second.name,
                                        static_cast<int>(store)));
      }
    }
  }
}

}  // namespace trueup::test
