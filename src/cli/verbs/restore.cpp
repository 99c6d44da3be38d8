// `trueup restore FILE [--from COPY]`.
#include "engine/restore.h"

#include <fmt/core.h>

#include "cli/change.h"

namespace trueup::cli {

Result<Outcome> run_restore(Call& call) {
  const auto document = engine::document_named(call.invocation.file);
  if (!document) {
    return Error{.code = ErrorCode::invalid,
                 .message = "this is not one of the files that can be restored",
                 .where = call.invocation.file,
                 .hint = "they are config, secrets, state and tombstones, as in `trueup restore config`"};
  }
  const auto& from = call.invocation.from;
  ASSIGN_OR_RETURN(const auto done,
                   engine::restore(call.world, *document, from.empty() ? std::nullopt : std::optional(from)));
  return show_change(
      call, {.verb = "restore",
             .plugin_id = done.file,
             .changed = !done.unchanged,
             .says = done.unchanged ? fmt::format("{} says so already, so nothing was written", done.file)
                                    : fmt::format("{} is what {} was; what stood there is kept", done.file, done.copy),
             .details = done.notes,
             .n = last_number(done.history)});
}

}  // namespace trueup::cli
