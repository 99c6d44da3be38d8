// Everything the web shows, as one value that never changes: made anew when the installation did, handed out whole, so
// that no answer mixes two moments (failure F116). Handlers are functions of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/world.h"
#include "ledger/ledger.h"
#include "model/observation.h"
#include "model/step.h"
#include "planner/roster.h"
#include "service/snapshot.h"
#include "store/saved_repositories.h"

namespace trueup::web {

/// What a manifest says for people. A field of the wrong type is as if it were not there (failure F139).
struct PluginCard {
  std::string author;
  std::string category;
  std::string description;
  std::string last_updated;
  std::vector<std::string> tags;
  std::string actions = "[]";  // `web_ui_actions`, JSON text
  bool operator==(const PluginCard&) const = default;
};

/// What the source of an installed plugin offers of it.
struct Offer {
  std::string version;
  bool is_update = false;  // it is newer, and an update would take it
  std::string refused;     // why a newer one is not taken, one sentence: it does not fit this LEDMatrix, say
  bool operator==(const Offer&) const = default;
};

/// Pure.
PluginCard decode_card(const std::string& manifest);

struct Knowledge {
  std::uint64_t version = 0;  // grows with every change
  model::Observation observation;
  model::Plan plan;  // the safe one
  std::vector<planner::RosterEntry> roster;
  std::map<std::string, PluginCard> cards;           // by directory
  std::map<std::string, Offer> offers;               // by plugin id, where its source offers any
  std::string offers_problem;                        // why nothing is known of that, one sentence
  std::vector<ledger::Action> history;               // newest first
  std::string history_problem;                       // why there is none, one sentence
  std::vector<store::SavedRepository> repositories;  // the owner's
  std::shared_ptr<const service::Snapshot> daemon = std::make_shared<service::Snapshot>();

  [[nodiscard]] const planner::RosterEntry* plugin(std::string_view id) const;
  /// Nothing is offered: a version that is empty.
  [[nodiscard]] Offer offer(const std::string& id) const;
  [[nodiscard]] const model::Inconsistency* finding(std::string_view finding) const;
  [[nodiscard]] const std::vector<service::Operation>& operations() const { return daemon->operations; }  // by id
};
using Knowing = std::shared_ptr<const Knowledge>;

/// Looks at everything, as `trueup plan` does. Writes nothing.
Result<Knowledge> learn(engine::World& world);

}  // namespace trueup::web
