// Edits of a document as pure functions of its text: what changes, what is so already, what has moved on.
//
// Each edit is applied only where its precondition holds on the text of now; everything else in the text stays byte for
// byte. A text that cannot be read is an error and never becomes anything else (promise 1).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/operation.h"
#include "model/step.h"

namespace trueup::engine {

/// Points at what outlives the call.
struct EditOrder {
  model::DocumentName document = model::DocumentName::config;
  const std::vector<model::DocumentEdit>& edits;
  bool lay_out = true;  // new values get the layout of the document
};

struct EditedText {
  std::string text;
  std::vector<Outcome> outcomes;                  // one for each edit
  std::vector<std::optional<std::string>> found;  // what stood there before it, verbatim
  bool changed = false;
};

/// `text`: nothing when the document is not there. A missing state or tombstone file is begun; a missing config file is
/// not (LEDMatrix makes it from the template, which it would not do if there were one).
/// In the tombstone file, which is a list, a path of one id stands for its being listed.
Result<EditedText> apply_edits(const EditOrder& order, const std::optional<std::string>& text);

/// The same for any file that holds an object, and that is begun when it is not there. `where`: for messages.
Result<EditedText> edit_object(const std::vector<model::DocumentEdit>& edits, bool lay_out, std::string text,
                               const std::string& where);

/// The edits that undo those that took effect, in the order in which that works. `first`: what the first of `edits` is
/// among all that were applied.
std::vector<model::DocumentEdit> inverse_of(std::span<const model::DocumentEdit> edits, const Applied& applied,
                                            std::size_t first = 0);

/// It parses, and is of the shape that LEDMatrix reads: it may serve as a last-good copy.
bool is_sound(model::DocumentName document, std::string text);

/// A state file with these entries and nothing else.
std::string state_file_of(const model::StateRebuild& rebuild);

}  // namespace trueup::engine
