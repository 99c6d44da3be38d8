// A repository brought here by the git program: its newest commit, bare and without history, and that commit as an
// archive. What is in it is not looked at: the archive is taken apart like any other one, by the same rules.
#pragma once

#include <string>
#include <variant>

#include "platform/file_system.h"
#include "store/fetch_protocol.h"

namespace trueup::fetch {

/// Before this process gives up its rights: whom git is to trust. `system`: the root of the file system.
Status prepare_clone(const std::string& trusted, platform::WritableDirectory& into, const platform::Directory& system);

/// Into the empty directory kCloneDescriptor and the empty file kArchiveDescriptor.
/// Requires: what this process may do is bounded already; git inherits that.
std::variant<store::ClonedAnswer, store::FetchFailure> clone(const store::CloneRequest& request, bool has_certificates);

}  // namespace trueup::fetch
