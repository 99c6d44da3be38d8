// What must hold after a cut or a failure, whatever the scenario was: the one place where the promises are checked.
#pragma once

#include <string>
#include <vector>

#include "place.h"
#include "scenario.h"

namespace trueup::test {

/// A scenario's two ends when nothing goes wrong.
struct Ends {
  platform::DiskImage start;
  Tree before;
  Tree after;
  Tree all_before;  // with trueup's own files
  std::vector<platform::LoggedOperation> log;
};

/// Runs it undisturbed. Stops the test where that fails.
Ends ends_of(const Scenario& scenario);

struct Situation {
  const Scenario& scenario;
  const Ends& ends;
  bool finished = false;  // it had said that all was done
  /// A call had failed under it: what could not be read it planned nothing for, secrets that could not be read are left
  /// as they are (and it says so), and a record in plugin_state.json, a cache, may be left to LEDMatrix.
  bool faulty = false;
};

/// Before anybody mends anything: no byte is lost (2), a loader and every reader of a document sees the old or the new
/// one (5), a secret is in no file that others may read (9), a plan can be made and writes nothing (6).
std::string broken_as_it_is(const Situation& situation, Place& place);

/// The next start, without network and without a person, finishes or takes back (5), leaves nothing over, and has
/// nothing to do when it is run once more. `place` is as the start left it afterwards.
std::string broken_by_recovery(const Situation& situation, Place& place);

/// From there on all goes on as if nothing had happened: the same again comes to its end (4), history knows what was
/// done, and undo gives every byte back (2).
std::string broken_afterwards(const Situation& situation, Place& place);

/// All three, in this order. What is broken, or nothing.
std::string broken_promises(const Situation& situation, Place& place);

/// A writing verb with nothing of its own to do: only what was interrupted is settled.
Status recover(Place& place);
Status recover(engine::World& world);

}  // namespace trueup::test
