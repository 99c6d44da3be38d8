#include "cli/change.h"

#include "cli/render_json.h"

namespace trueup::cli {

Outcome show_change(Call& call, const ChangeReport& report) {
  if (call.invocation.json) {
    write_change_json(report, call.console.out);
  } else {
    call.console.out.write(render_change(report, call.console.terminal));
  }
  return {};
}

std::optional<std::int64_t> last_number(const std::vector<std::int64_t>& history) {
  return history.empty() ? std::nullopt : std::optional(history.back());
}

}  // namespace trueup::cli
