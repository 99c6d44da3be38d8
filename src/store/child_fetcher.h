// The real Fetcher: the child program `fetch`, started anew for each piece of work and killed when it takes too long.
//
// It lies at a fixed place beside trueup's own binary, which the kernel names: nothing that a user could set for
// someone who runs trueup as root leads to another program.
#pragma once

#include <functional>
#include <string>

#include "store/fetcher.h"

namespace trueup::store {

/// "/usr/libexec/trueup/fetch" for "/usr/bin/trueup"; likewise in a build.
std::string fetch_program_beside(const std::string& own_executable);

class ChildFetcher final : public Fetcher {
 public:
  /// The program beside trueup's own binary.
  ChildFetcher() = default;
  /// `program`: empty for the one beside trueup's own binary. `stop_wanted`: asked a few times a second, and true ends
  /// what is at work; may be empty.
  explicit ChildFetcher(std::string program, std::function<bool()> stop_wanted = {})
      : program_(std::move(program)), stop_wanted_(std::move(stop_wanted)) {}

  GetResult get(const GetRequest& request, platform::WritableFile& body, const OnProgress& on_progress) override;
  UnpackResult unpack(const UnpackRequest& request, const platform::File& archive, platform::WritableDirectory& into,
                      platform::WritableFile* pack) override;
  CloneResult clone(const CloneRequest& request, platform::WritableFile& archive,
                    platform::WritableDirectory& scratch) override;
  PeekResult peek(const PeekRequest& request, const platform::File& archive) override;

 private:
  FetchAnswer run(const FetchRequest& request, std::chrono::milliseconds patience, std::vector<int> descriptors,
                  const OnProgress& on_progress) const;

  std::string program_;  // empty: not asked for yet
  std::function<bool()> stop_wanted_;
};

}  // namespace trueup::store
