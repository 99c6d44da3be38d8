#include "engine/restore.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/document_edits.h"
#include "engine/look.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "json/document.h"
#include "planner/next_command.h"
#include "sources/copy_check.h"
#include "sources/last_good.h"
#include "sources/read_file.h"

namespace trueup::engine {
namespace {

using model::DocumentName;

/// Copies of the document below the root, best first.
std::vector<std::string> copies_of(const platform::Directory& root, const Look& seen, DocumentName document) {
  std::vector<std::string> copies;
  if (document == DocumentName::config || document == DocumentName::secrets) {
    const auto source = document == DocumentName::config ? model::Source::config : model::Source::secrets;
    for (const model::LastGoodCopy& copy : seen.observation.last_good) {
      if (copy.source == source) copies.push_back(copy.path);
    }
    for (const auto& kept : ledger::last_good_copies(seen.kept, to_string(document))) {
      copies.push_back(fmt::format("{}/kept/{}", kOwnDirectory, kept.path));
    }
    for (std::string& backup : sources::backups_of(root, source)) copies.push_back(std::move(backup));
    return copies;
  }
  for (const auto& kept : ledger::last_good_copies(seen.kept, to_string(document))) {
    copies.push_back(fmt::format("{}/kept/{}", kOwnDirectory, kept.path));
  }
  return copies;
}

struct Copy {
  std::string path;
  std::string bytes;
};

/// A copy of another document, whatever it is called: the ledger knows these bytes as one, or they stand there now.
std::optional<std::string> whose_bytes(const platform::Directory& root, const std::vector<ledger::KeptFile>& kept,
                                       DocumentName document, const std::string& bytes) {
  const std::string digest = sha256_hex(bytes);
  const auto recorded = [&](DocumentName name) {
    return std::ranges::any_of(
        kept, [&](const ledger::KeptFile& file) { return file.document == to_string(name) && file.digest == digest; });
  };
  if (recorded(document)) return std::nullopt;
  for (const DocumentName other : model::kAllDocuments) {
    if (other == document) continue;
    const auto live = root.read(std::string(relative_path(other)), limits::kMaxConfigBytes, platform::Links::follow);
    if (recorded(other) || (live && live->bytes == bytes)) return std::string(relative_path(other));
  }
  return std::nullopt;
}

/// Which copies may be put back, and which not.
class Copies {
 public:
  Copies(const platform::Directory& root, const Look& seen, DocumentName document)
      : root_(root), seen_(seen), document_(document), secrets_(secret_values()) {}

  [[nodiscard]] Result<Copy> read(const std::string& path) const {
    ASSIGN_OR_RETURN(auto file, root_.read(path, limits::kMaxConfigBytes, platform::Links::refuse));
    if (!is_sound(document_, file.bytes)) return refused(path, "cannot be read by LEDMatrix");
    ASSIGN_OR_RETURN(const auto parsed, json::Document::parse(file.bytes));
    if (auto problem = sources::why_no_copy(document_, path, parsed.root(), secrets_)) return refused(path, *problem);
    const auto owner = parsed.root().size() == 0 ? std::nullopt : whose_bytes(root_, seen_.kept, document_, file.bytes);
    if (owner) return refused(path, "is a copy of " + *owner);
    return Copy{path, std::move(file.bytes)};
  }

  [[nodiscard]] Result<Copy> newest(const std::optional<std::string>& standing) const {
    for (const std::string& path : copies_of(root_, seen_, document_)) {
      auto copy = read(path);
      if (copy && copy->bytes != standing) return copy;
    }
    return Error{.code = ErrorCode::not_found,
                 .message = "there is no copy of it that could be put back",
                 .where = std::string(relative_path(document_)),
                 .hint = "name one with `--from`, or correct the file by hand"};
  }

 private:
  [[nodiscard]] Error refused(const std::string& path, std::string_view why) const {
    return Error{.code = ErrorCode::invalid,
                 .message = fmt::format("this copy {}, so it was not put back", why),
                 .where = path,
                 .hint = fmt::format("name a copy of {} with `--from`, or leave `--from` out for the newest good one",
                                     relative_path(document_))};
  }

  /// As the secrets file says, or its newest copies where that is damaged.
  [[nodiscard]] sources::SecretValues secret_values() const {
    if (document_ == DocumentName::secrets) return {};
    std::vector<std::string> paths{std::string(relative_path(DocumentName::secrets))};
    for (std::string& copy : copies_of(root_, seen_, DocumentName::secrets)) paths.push_back(std::move(copy));
    for (const std::string& path : paths) {
      auto file = root_.read(path, limits::kMaxConfigBytes, platform::Links::follow);
      if (!file) continue;
      const auto parsed = json::Document::parse(std::move(file->bytes));
      if (parsed && parsed->root().is_object()) return sources::SecretValues(parsed->root());
    }
    return {};
  }

  const platform::Directory& root_;
  const Look& seen_;
  DocumentName document_;
  sources::SecretValues secrets_;
};

/// What is to be put back, and what stands there.
struct Choice {
  Copy copy;
  std::optional<std::string> standing;
};

Result<Choice> choose(const platform::Directory& root, const Look& seen, DocumentName document,
                      const std::optional<std::string>& named) {
  Choice choice;
  auto file = root.read(std::string(relative_path(document)), limits::kMaxConfigBytes, platform::Links::follow);
  if (file) choice.standing = std::move(file->bytes);
  if (!file && file.error().code != ErrorCode::not_found) {
    // A directory, or what is too large to be read, is not displaced unseen.
    if (sources::reason_of(file.error()) == "not_a_file") {
      file.error().hint = fmt::format("move it away by hand (`{}`), then put a copy back",
                                      planner::move_away_command(relative_path(document)));
    }
    return std::move(file).error();
  }
  const Copies copies(root, seen, document);
  ASSIGN_OR_RETURN(choice.copy, named ? copies.read(*named) : copies.newest(choice.standing));
  return choice;
}

}  // namespace

std::optional<DocumentName> document_named(const std::string& name) {
  for (const DocumentName document : model::kAllDocuments) {
    if (name == to_string(document) || name == relative_path(document) || name == file_name(document)) return document;
  }
  return std::nullopt;
}

Result<RestoreReport> restore(World& world, DocumentName document, const std::optional<std::string>& copy) {
  const std::string path(relative_path(document));
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, "restore"));
  ASSIGN_OR_RETURN(const auto for_reading, world.file_system.open_root_for_reading(world.root));
  const auto possible = choose(*for_reading, first.seen, document, copy);
  if (!possible) return first.refusal(possible.error());
  if (possible->standing == possible->copy.bytes) {
    return RestoreReport{.file = path, .copy = possible->copy.path, .unchanged = true, .notes = first.notes};
  }

  ASSIGN_OR_RETURN(const auto session, Session::begin(world, "restore"));
  ASSIGN_OR_RETURN(const Look seen, look(world));
  ASSIGN_OR_RETURN(Choice choice, choose(session->site().root(), seen, document, copy));
  auto& [chosen, standing] = choice;
  RestoreReport report{.file = path, .copy = chosen.path, .unchanged = standing == chosen.bytes, .notes = first.notes};
  if (!report.unchanged) {
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed({.verb = "restore",
                        .plugin_id = "",
                        .reason = "asked_by_owner",
                        .result = fmt::format("put {} back from {}", path, chosen.path)});
    ReplaceDocument replace{.document = document, .digest = sha256_hex(chosen.bytes)};
    if (standing) replace.expected_digest = sha256_hex(*standing);
    builder.add(Operation(std::move(replace)), Materials{.bytes = std::move(chosen.bytes)});
    builder.all_or_nothing();
    ASSIGN_OR_RETURN(const TransactionReport done, session->run(builder.take(), builder.materials()));
    report.notes.insert(report.notes.end(), done.notes.begin(), done.notes.end());
  }
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

}  // namespace trueup::engine
