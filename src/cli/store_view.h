// What `store search` and `store show` tell, as values, and how: for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "model/observation.h"

namespace trueup::cli {

struct StoreRow {
  const model::RegistryEntry* entry = nullptr;
  std::string installed_id;       // under which it is here; empty: it is not
  std::string installed_version;  // likewise
  std::string unfit = {};         // why it does not fit this LEDMatrix, by what its entry says; empty: nothing shows it
};

struct StoreView {
  std::string origin;
  std::string age;
  std::string suspect;
  std::vector<StoreRow> rows;
  std::size_t skipped = 0;  // entries that could not be used
};

/// Requires: `observation` outlives the view. Of the main registry first, then of the saved repositories, in their
/// order. `text`: in id, name, author or description, or empty; likewise `category`.
StoreView store_view(const model::Observation& observation, const std::string& text, const std::string& category);
/// The rows that `name` stands for.
StoreView store_view_of(const model::Observation& observation, const std::string& name);

std::string render_store(const StoreView& view, const Terminal& terminal);
std::string render_store_row(const StoreRow& row, const Terminal& terminal);
void write_store_json(const StoreView& view, Sink& out);

}  // namespace trueup::cli
