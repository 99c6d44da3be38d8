#include "at_rest_table.h"

#include <fmt/core.h>

#include <array>
#include <string_view>

#include "situations_table.h"
#include "support/observation_builder.h"

namespace trueup::test {
namespace {

struct Choice {
  std::string_view name;
  void (*add)(ObservationBuilder& builder);
};

constexpr std::string_view kExtra = "extra.py";

constexpr std::array kFiles{
    Choice{"whole", [](ObservationBuilder& b) { b.installed(kPlugin).receipt(kPlugin, "1.0.0"); }},
    Choice{"a file is missing",
           [](ObservationBuilder& b) {
             b.installed(kPlugin).receipt(kPlugin, "1.0.0");
             b.seen.disk.directories.back().missing_files = {std::string(kExtra)};
           }},
    Choice{"a file is edited",
           [](ObservationBuilder& b) {
             b.installed(kPlugin).receipt(kPlugin, "1.0.0");
             b.seen.disk.directories.back().modified_files = {std::string(kExtra)};
           }},
    Choice{"not there", [](ObservationBuilder&) {}}};

constexpr std::array kStores{
    Choice{"none", [](ObservationBuilder& b) { b.no_registry(); }},
    Choice{"unreadable", [](ObservationBuilder& b) { b.unreadable(model::Source::registry, "unreadable"); }},
    Choice{"the same version", [](ObservationBuilder& b) { b.offered(kPlugin); }},
    Choice{"a newer version", [](ObservationBuilder& b) { b.offered(kPlugin, "", "2.0.0"); }}};

constexpr std::array kAsides{Choice{"none", [](ObservationBuilder&) {}},
                             Choice{"a whole copy", [](ObservationBuilder& b) { b.aside(kPlugin); }},
                             Choice{"half a copy", [](ObservationBuilder& b) { b.aside(kPlugin, false); }}};

constexpr std::array kOwners{
    Choice{"on", [](ObservationBuilder& b) { b.section(kPlugin, true).recorded(kPlugin, true, "1.0.0"); }},
    Choice{"off", [](ObservationBuilder& b) { b.section(kPlugin, false).recorded(kPlugin, false, "1.0.0"); }},
    Choice{"removed it", [](ObservationBuilder& b) { b.section(kPlugin, true).removed(kPlugin); }}};

constexpr std::array kTold{
    Choice{"nothing at all", [](ObservationBuilder&) {}},
    Choice{"that it does not run", [](ObservationBuilder& b) { b.display_tells(); }},
    Choice{"that it runs", [](ObservationBuilder& b) { b.runs(kPlugin, "1.0.0"); }},
    Choice{"that an older one runs", [](ObservationBuilder& b) { b.runs(kPlugin, "0.9.0"); }},
    Choice{"that it fails", [](ObservationBuilder& b) { b.fails(kPlugin, "no city"); }},
    Choice{"what cannot be read", [](ObservationBuilder& b) { b.unreadable(model::Source::runtime, "syntax"); }}};

constexpr std::array kDirectories{
    Choice{"is there", [](ObservationBuilder& b) { b.installed(kPlugin); }},
    Choice{"is damaged", [](ObservationBuilder& b) { b.damaged(kPlugin); }},
    Choice{"is not there", [](ObservationBuilder&) {}},
    Choice{"cannot be read", [](ObservationBuilder& b) { b.unreadable(model::Source::disk, "unmounted"); }}};

ObservationBuilder with_clock() {
  ObservationBuilder builder;
  builder.installed("clock").section("clock", true);
  return builder;
}

}  // namespace

void for_each_at_rest(const std::function<void(const model::Observation& seen, const std::string& what)>& visit) {
  for (const Choice& files : kFiles) {
    for (const Choice& store : kStores) {
      for (const Choice& aside : kAsides) {
        for (const Choice& owner : kOwners) {
          ObservationBuilder builder = with_clock();
          for (const Choice* one : {&files, &store, &aside, &owner}) one->add(builder);
          visit(builder.seen, fmt::format("files: {}; store: {}; set aside: {}; owner: {}", files.name, store.name,
                                          aside.name, owner.name));
        }
      }
    }
  }
}

void for_each_told(const std::function<void(const model::Observation& seen, const std::string& what)>& visit) {
  for (const Choice& told : kTold) {
    for (const Choice& directory : kDirectories) {
      for (const Choice& owner : kOwners) {
        ObservationBuilder builder;
        for (const Choice* one : {&directory, &owner, &told}) one->add(builder);
        visit(builder.seen, fmt::format("the display tells: {}; its directory: {}; owner: {}", told.name,
                                        directory.name, owner.name));
      }
    }
  }
}

}  // namespace trueup::test
