// Which timestamps Python 3.11's datetime.fromisoformat takes: LEDMatrix reads plugin_state.json with it and drops an
// entry whose time it cannot read. We never use the time itself.
//
// It must agree with Python on every text, the odd ones too: what it gets wrong, the original's rule set gets wrong.
// The unit test asks python3 itself.
#pragma once

#include <string_view>

namespace trueup::sources {

/// `given` is UTF-8, with a surrogate that stands alone as the three bytes UTF-8 would give it.
bool python_reads_timestamp(std::string_view given);

}  // namespace trueup::sources
