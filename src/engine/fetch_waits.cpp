#include "engine/fetch_waits.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "planner/requirements.h"
#include "store/network_identity.h"
#include "store/plugin_source.h"
#include "store/registry.h"

namespace trueup::engine {
namespace {

constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(2);  // what takes longer rests

/// Why an install waits.
struct Held {
  const store::Waiting* waiting = nullptr;
  bool is_host = false;
};

const store::Waiting* find(const std::vector<store::Waiting>& waiting, const std::string& place) {
  const auto found = std::ranges::find(waiting, place, &store::Waiting::place);
  return found == waiting.end() ? nullptr : &*found;
}

/// No network is asked for it.
bool lies_here(const Look& seen, const model::InstallOrder& order, const model::RegistryEntry& entry) {
  return std::ranges::any_of(seen.kept_plugins, [&](const store::KeptPlugin& one) {
    const bool wanted = order.version.empty() || order.version == entry.latest_version
                            ? one.entry_digest == entry.digest
                            : one.version == order.version;
    return wanted && is_of_entry(one, seen.observation.registry, entry);
  });
}

Held waits_for(const Look& seen, const std::string& plugin_id, const model::RegistryEntry& entry) {
  const model::Attempt attempt{
      .plugin_id = plugin_id, .source = seen.observation.registry.origin, .entry_digest = entry.digest};
  if (const auto* waiting = find(seen.waiting_offers, wait_key(attempt))) return {.waiting = waiting};
  return {.waiting = find(seen.waiting, store::place_of_archive(entry)), .is_host = true};
}

/// What all offers of this install wait for; nothing where one of them can be tried.
Held waits_for(const Look& seen, const model::Step& step) {
  Held last;
  for (const std::string& id : step.install->candidates) {
    const model::RegistryEntry* entry = store::find_entry(seen.observation.registry, id);
    if (entry == nullptr || lies_here(seen, *step.install, *entry)) return {};
    last = waits_for(seen, step.plugin_id, *entry);
    if (last.waiting == nullptr) return {};
  }
  return last;
}

std::string advice_for(const Held& held) {
  constexpr std::string_view kAnyway = "and at once by `trueup reconcile --retry`";
  const store::Waiting& waiting = *held.waiting;
  if (held.is_host) {
    return fmt::format("pending: {} failed a moment ago ({}); it is asked again by itself, {}", waiting.place,
                       waiting.why, kAnyway);
  }
  if (waiting.left > kLongestWait) {
    return fmt::format("pending: it failed again and again ({}); it is tried when its entry or the network changes, {}",
                       waiting.why, kAnyway);
  }
  return fmt::format("pending: it failed a moment ago ({}); it is tried again by itself, {}", waiting.why, kAnyway);
}

bool asks_for(const model::Policy& policy, const std::string& plugin_id) {
  return policy.retry || std::ranges::count(policy.only, plugin_id) > 0;
}

}  // namespace

bool is_of_entry(const store::KeptPlugin& kept, const model::RegistryFacts& registry,
                 const model::RegistryEntry& entry) {
  return kept.entry == entry.id && kept.source == (entry.source.empty() ? registry.origin : entry.source);
}

std::string wait_key(const model::Attempt& attempt) {
  return fmt::format("{} {} {}", attempt.plugin_id, attempt.entry_digest, attempt.source);
}

std::vector<store::Waiting> waiting_offers(const World& world, const store::SourceWaits& waits,
                                           const std::vector<model::Attempt>& attempts) {
  if (waits.empty()) return {};
  auto waiting = store::still_waiting(waits, {world.clock, store::network_identity(world.file_system)});
  std::erase_if(waiting, [&](const store::Waiting& one) {
    return std::ranges::find(attempts, one.place, &wait_key) == attempts.end();
  });
  return waiting;
}

void mark_waiting_requirements(Look& seen) {
  for (model::MissingRequirements& lacks : seen.observation.python.missing) {
    for (const model::Attempt& attempt : seen.observation.ledger.attempts) {
      if (attempt.source != model::kPipAttempt || attempt.entry_digest != lacks.digest) continue;
      lacks.waits = lacks.waits || find(seen.waiting_offers, wait_key(attempt)) != nullptr;
    }
  }
}

void hold_what_waits(const Look& seen, const model::Policy& policy, model::Plan& plan) {
  std::map<std::string, Held> pending;  // by finding
  for (const model::Step& step : plan.steps) {
    if (!step.install || !step.held.empty() || asks_for(policy, step.plugin_id)) continue;
    if (const Held held = waits_for(seen, step); held.waiting != nullptr) pending[step.finding] = held;
  }
  if (pending.empty()) return;
  std::erase_if(plan.steps, [&](const model::Step& step) { return pending.contains(step.finding); });
  for (model::Inconsistency& finding : plan.findings) {
    const auto found = pending.find(finding.finding);
    if (found == pending.end()) continue;
    finding.fix_action = model::FixAction::no_action;
    finding.can_auto_fix = false;
    finding.reason = found->second.is_host ? kSourceWaits : kOfferWaits;
    finding.advice = advice_for(found->second);
  }
  plan.digest = model::plan_digest(plan);
}

std::optional<std::chrono::milliseconds> next_try(const Look& seen, const model::Plan& plan) {
  std::optional<std::chrono::milliseconds> first;
  const auto look_at = [&](const std::vector<store::Waiting>& waiting, std::string_view reason) {
    if (std::ranges::count(plan.findings, reason, &model::Inconsistency::reason) == 0) return;
    for (const store::Waiting& one : waiting) {
      if (one.left <= kLongestWait) first = std::min(first.value_or(one.left), one.left);
    }
  };
  look_at(seen.waiting, kSourceWaits);
  look_at(seen.waiting_offers, kOfferWaits);
  look_at(seen.waiting_offers, planner::kRequirementsWait);
  return first;
}

void OfferWaits::failed(const model::Attempt& attempt, store::WaitAfter wait_after) {
  const auto jitter = static_cast<unsigned char>(world_.random.bytes(1).front());
  store::note_failure(waits_, wait_key(attempt), attempt.detail,
                      {world_.clock, store::network_identity(world_.file_system), jitter}, wait_after);
  changed_ = true;
}

void OfferWaits::forget(const model::Attempt& attempt) {
  changed_ = store::note_answer(waits_, wait_key(attempt)) || changed_;
}

void OfferWaits::forget_all() {
  changed_ = changed_ || !waits_.empty();
  waits_.clear();
}

void OfferWaits::record(ledger::Pass& pass) const {
  if (!changed_) return;
  if (waits_.empty()) {
    pass.notes_removed.emplace_back(kOfferWaitsNote);
  } else {
    pass.notes_put.emplace_back(kOfferWaitsNote, store::encode(waits_));
  }
}

}  // namespace trueup::engine
