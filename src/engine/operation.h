// The closed set of things a transaction does, as values: a document edited, a document replaced, a plugin directory
// published, set aside or exchanged, a link changed, an uploaded picture moved and noted. The journal holds them as
// JSON, so whoever recovers needs nothing else.
//
// Each kind has one .cpp with the same four functions (steps.h). An operation says what must be true before it and
// what is true after it; it never says "whatever is there".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/observation.h"
#include "model/step.h"

namespace trueup::engine {

/// Puts the bytes of a kept copy back, while the document is byte for byte what trueup left (undo).
struct ExactCopy {
  std::string while_digest;  // of the document as trueup left it; empty: it is not there
  std::string copy;          // path below .trueup; empty: the document was not there, and goes again
  std::string digest;        // of the copy
  // How many actions together made that write: it is exact only for all of them, and only one of them states the
  // digests.
  std::size_t shared_by = 1;
  bool operator==(const ExactCopy&) const = default;
};

/// One write of one document: the exact copy where it may, else the edits in their order, each with its precondition.
struct EditDocument {
  model::DocumentName document = model::DocumentName::config;
  std::optional<ExactCopy> exact;
  std::vector<model::DocumentEdit> edits;
  bool lay_out = true;  // new values get the layout of the document; false: they are written as they stand (undo)
  std::string kept;     // path below .trueup: where the displaced file goes
  bool operator==(const EditDocument&) const = default;
};

/// The whole document, from bytes handed to prepare: restore, and a state file made again.
struct ReplaceDocument {
  model::DocumentName document = model::DocumentName::state;
  std::optional<std::string> expected_digest;  // of what stands there; nothing: nothing stands there
  std::string digest;                          // of the new bytes
  std::string kept;
  bool operator==(const ReplaceDocument&) const = default;
};

/// A directory that lies ready in our container becomes a plugin directory.
struct PublishDirectory {
  std::string plugin_id;        // that the manifest must state, unless accept_any_id
  std::string directory;        // its name in the plugins directory
  std::string staged;           // below the container: "staging/…", or "kept/…" when undo brings one back
  std::string kept;             // below the container: where what stands there goes; empty: nothing may stand there
  std::string entry;            // id of the registry entry it is fetched from; empty: it is in `staged` already
  bool accept_any_id = false;   // the original's rule set takes what comes
  bool as_shipped = false;      // what the owner changed of the old version's files is kept with it, not carried over
  std::string version;          // these two are filled in by prepare, or known
  std::string digest;           // tree digest of what is staged
  std::string replaced_digest;  // tree digest of what stands there; empty: nothing does
  std::uint64_t staged_inode = 0;  // of what is staged: tells after a crash on which side of the exchange it is
  std::string fetched;         // store::tree_digest() of the files as they were fetched; filled in by prepare, and …
  std::string fetched_before;  // … what the receipt of what stands there says of the same version
  bool operator==(const PublishDirectory&) const = default;
};

/// A plugin directory is moved to the kept ones (uninstall, and undo of an install).
struct SetDirectoryAside {
  std::string plugin_id;
  std::string directory;
  std::string kept;    // below the container
  std::string digest;  // tree digest it must still have; empty: whatever it holds is moved
  bool operator==(const SetDirectoryAside&) const = default;
};

/// A directory that lies elsewhere takes a plugin's name as it is, and what stood there goes elsewhere: a copy that an
/// interrupted install set aside comes back. Elsewhere is a name beside the plugins, or "kept/…" below the container.
struct ExchangeDirectory {
  std::string plugin_id;
  std::string directory;        // the plugin's name in the plugins directory
  std::string from;             // where it comes from; empty: nothing comes, what stands there only goes
  std::string to;               // where what stands there goes; empty: nothing may stand there
  std::string digest;           // tree digest of what comes; these three are filled in by prepare, or known
  std::string replaced_digest;  // tree digest of what stands there
  std::uint64_t inode = 0;      // of what comes: tells after a crash on which side of the exchange it is
  bool operator==(const ExchangeDirectory&) const = default;
};

/// A linked plugin: the link itself, never what it points to.
struct ChangeLink {
  std::string plugin_id;
  std::string directory;
  std::optional<std::string> from;  // its target now; nothing: no such name
  std::optional<std::string> to;
  bool operator==(const ChangeLink&) const = default;
};

/// Where each plugin's uploads lie below the root, under its id.
inline constexpr std::string_view kUploadsDirectory = "assets/plugins";

/// What the owner uploaded for a plugin, `assets/plugins/<from>`, goes to a free name beside it. Never through a link.
struct RenameUploads {
  std::string from;
  std::string to;
  std::uint64_t inode = 0;  // of the directory; filled in by prepare: tells after a crash which name it has
  bool operator==(const RenameUploads&) const = default;
};

/// What LEDMatrix notes of each picture, beside them.
inline constexpr std::string_view kPictureNotes = ".metadata.json";

/// Where pictures that were taken away are kept, below `.trueup`.
inline constexpr std::string_view kPicturesAside = "pictures";

/// One picture that the owner uploaded goes from `.trueup/pictures` to `assets/plugins/<id>/uploads`, or back: what is
/// taken away is kept there. Never through a link, never over anything.
struct MovePicture {
  std::string plugin_id;
  std::string filename;  // in uploads
  std::string aside;     // in .trueup/pictures
  bool comes = true;     // into uploads
  bool fresh = false;    // prepare makes `aside`, of Materials::bytes
  std::string digest;
  bool operator==(const MovePicture&) const = default;
};

/// `.metadata.json` beside the pictures, where LEDMatrix notes what it knows of each: one write.
struct NotePictures {
  struct Note {
    std::string id;
    std::optional<std::string> expected;  // JSON text of what it notes now; nothing: it notes nothing
    std::optional<std::string> value;
    bool operator==(const Note&) const = default;
  };
  std::string plugin_id;
  std::vector<Note> notes;
  bool lay_out = true;             // new notes get the layout of the file; false: they are written as they stand (undo)
  std::optional<ExactCopy> exact;  // where it may, instead of the notes
  std::string kept;                // path below .trueup: where the displaced file goes
  std::string moved_to;  // the id whose directory theirs becomes in the same transaction, behind this; empty: it stays
  bool operator==(const NotePictures&) const = default;
};

using Operation = std::variant<EditDocument, ReplaceDocument, PublishDirectory, SetDirectoryAside, ExchangeDirectory,
                               ChangeLink, RenameUploads, MovePicture, NotePictures>;

struct GitCheckout;
struct Undertaking;

/// PublishDirectory::entry of a git checkout that is brought to the tip of its branch.
inline constexpr std::string_view kGitEntry = "git";

/// What prepare needs and the journal need not keep: after prepare it lies on the disk, durable.
struct Materials {
  std::string bytes = {};                       // ReplaceDocument, MovePicture
  const model::RegistryEntry* entry = nullptr;  // PublishDirectory
  std::string* refusal = nullptr;               // PublishDirectory: set to a reason code when the offer is refused
  std::string core_version = {};                // PublishDirectory: of the LEDMatrix that is there, or empty
  const GitCheckout* git = nullptr;             // PublishDirectory: instead of `entry`, a checkout as it was seen
  std::string newer_than = {};                  // PublishDirectory: a version that is not newer is refused; or empty
  /// PublishDirectory: what only the download tells, its version, goes into the operations that are still to be
  /// prepared, and into what history will say.
  std::function<void(Undertaking&, const std::string& version)> on_version = {};
};

struct PlannedOperation {
  Operation operation;
  Materials materials = {};
};

enum class Outcome : std::uint8_t {
  done,     // we did it
  already,  // it was so: by us before a crash, or by someone else
  moved,    // the world is no longer what this rested on: nothing was done
};

std::string_view to_string(Outcome outcome);

/// A file that was displaced and is kept; its digest is compared again later (write_displaced).
struct KeptDocument {
  std::string document = "config";  // as the ledger calls it: its name, or its path below the root
  std::string path;                 // below .trueup
  std::string digest;
  std::uint64_t bytes = 0;
  bool parses = false;  // may serve as a last-good copy
  bool basis = true;    // what was replaced; else it came between
  bool operator==(const KeptDocument&) const = default;
};

/// What applying an operation came to.
struct Applied {
  std::vector<Outcome> outcomes;  // one for each edit of an EditDocument, in order; one for any other kind
  std::vector<std::optional<std::string>> found;  // the text that each edit found, where it was seen
  std::vector<KeptDocument> kept;
  std::string digest;              // of the document, or the directory, as we left it
  std::string version;             // of a directory that was published
  bool written = false;            // a document is as we wrote it, made it or removed it, …
  bool created = false;            // … and was not there before
  bool recovered = false;          // after a crash, or tried again: what is `already` so may well be our own work
  std::vector<std::string> notes;  // one sentence for each way in which this was less safe than usual
  bool operator==(const Applied&) const = default;
};

/// We did it: in this run, or in the one that a crash cut off. Of an operation with one outcome.
bool is_ours(const Applied& applied);

}  // namespace trueup::engine
