// What is not fetched just now although a plan would: it failed a moment ago, itself or the host that it lies on.
//
// A host's failures are kept by the store; those of a single offer (one plugin, from one source, in one state of its
// entry) in a note of the ledger, beside its attempts. A plan holds what waits and says for what; whoever asks by name,
// or with `--retry`, does not wait.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/look.h"
#include "engine/world.h"
#include "ledger/ledger.h"
#include "model/step.h"
#include "store/source_waits.h"

namespace trueup::engine {

/// The note in the ledger: encode(store::SourceWaits).
inline constexpr std::string_view kOfferWaitsNote = "offer-waits";

/// By which an attempt's wait is kept.
std::string wait_key(const model::Attempt& attempt);

/// Those that are not over. A wait without its attempt in the ledger was forgotten.
std::vector<store::Waiting> waiting_offers(const World& world, const store::SourceWaits& waits,
                                           const std::vector<model::Attempt>& attempts);

/// Which of the plugins that lack Python packages pip failed for a moment ago.
void mark_waiting_requirements(Look& seen);

/// Takes what waits out of the plan; its findings say why.
void hold_what_waits(const Look& seen, const model::Policy& policy, model::Plan& plan);

/// When the first of what a plan holds for this is to be tried; nothing: nothing is held for it, or it rests.
std::optional<std::chrono::milliseconds> next_try(const Look& seen, const model::Plan& plan);

/// Whether that is a copy of what this entry offers, or offered.
bool is_of_entry(const store::KeptPlugin& kept, const model::RegistryFacts& registry,
                 const model::RegistryEntry& entry);

/// What a pass does to the waits of offers.
class OfferWaits {
 public:
  OfferWaits(World& world, store::SourceWaits waits) : world_(world), waits_(std::move(waits)) {}
  void failed(const model::Attempt& attempt, store::WaitAfter wait_after = &store::offer_wait_after);
  void forget(const model::Attempt& attempt);
  void forget_all();
  /// Tells the ledger, if anything changed.
  void record(ledger::Pass& pass) const;

 private:
  World& world_;
  store::SourceWaits waits_;
  bool changed_ = false;
};

}  // namespace trueup::engine
