#include "engine/git_checkout.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/child_program.h"
#include "platform/git_program.h"

namespace trueup::engine {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookPatience{20'000};
constexpr milliseconds kNetworkPatience{180'000};
constexpr std::size_t kMostNamed = 20;

struct GitRun {
  bool well = false;
  std::string output;
};

Result<GitRun> run_git(int directory, std::vector<std::string> arguments, milliseconds patience) {
  if (directory < 0) {
    return Error{.code = ErrorCode::unsupported, .message = "this disk cannot be handed to the git program"};
  }
  GitRun run;
  const platform::GitPlace place{.directory = "/proc/self/fd/3/.git", .work_tree = "/proc/self/fd/3"};
  platform::ChildProgram child = platform::locked_down_git(place, std::move(arguments));
  child.descriptors = {directory};
  child.patience = patience;
  const auto end = platform::run_child(child, [&run](std::string_view line) {
    if (!run.output.empty()) run.output += '\n';
    run.output += line;
  });
  if (!end) return end.error();
  if (!end->in_time) return Error{.code = ErrorCode::contended, .message = "the git program takes too long"};
  if (end->exit_status == platform::kNoGitProgram) {
    return Error{.code = ErrorCode::not_found, .message = "the git program is not installed"};
  }
  run.well = end->exit_status == 0;
  return run;
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    if (end > start) parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

/// One question to a checkout; an answer that is a failure sets `problem`.
class Questions {
 public:
  Questions(const platform::Directory& plugin, GitCheckout& checkout) : plugin_(plugin), checkout_(checkout) {}

  std::string ask(std::vector<std::string> arguments, bool may_fail = false) {
    if (!checkout_.problem.empty()) return {};
    auto run = run_git(plugin_.descriptor(), std::move(arguments), kLookPatience);
    if (!run) {
      checkout_.problem = run.error().message;
    } else if (!run->well && !may_fail) {
      checkout_.problem = "the git program cannot read its checkout, or refuses to, as it does for another owner's";
    }
    return run && run->well ? std::move(run->output) : std::string();
  }

 private:
  const platform::Directory& plugin_;
  GitCheckout& checkout_;
};

}  // namespace

bool is_git_checkout(const platform::Directory& plugin) {
  return plugin.info(".git", platform::Links::refuse).has_value();
}

GitCheckout look_at_checkout(const platform::Directory& plugin) {
  GitCheckout checkout;
  Questions git(plugin, checkout);
  checkout.commit = git.ask({"rev-parse", "--verify", "HEAD"});
  checkout.remote = git.ask({"config", "--local", "--get", "remote.origin.url"}, /*may_fail=*/true);
  checkout.branch = git.ask({"symbolic-ref", "-q", "--short", "HEAD"}, /*may_fail=*/true);
  const std::string status =
      git.ask({"status", "--porcelain=v1", "--untracked-files=no", "--ignore-submodules=all", "--no-renames", "-z"});
  for (const std::string& line : parts_of(status, '\0')) {
    constexpr std::size_t kMarks = 3;  // two letters and a space
    if (line.size() > kMarks) checkout.changed.push_back(line.substr(kMarks));
  }
  const std::string commits = git.ask(
      {"log", fmt::format("--max-count={}", kMostNamed), "--format=%h %s", "--branches", "HEAD", "--not", "--remotes"});
  checkout.commits = parts_of(commits, '\n');
  checkout.has_stash = !git.ask({"rev-parse", "--verify", "-q", "refs/stash"}, /*may_fail=*/true).empty();
  return checkout;
}

Result<std::string> tip_of(const platform::Directory& plugin, const GitCheckout& checkout) {
  const std::string reference = "refs/heads/" + checkout.branch;
  ASSIGN_OR_RETURN(const GitRun run,
                   run_git(plugin.descriptor(), {"ls-remote", "--", checkout.remote, reference}, kNetworkPatience));
  const std::size_t end = run.output.find('\t');
  if (run.well && end != std::string::npos) return run.output.substr(0, end);
  return Error{.code = ErrorCode::unreadable,
               .message = run.well ? fmt::format("it has no branch '{}' any more", checkout.branch)
                                   : "its repository does not answer, or wants a login",
               .where = checkout.remote,
               .hint = "try again when the network is there"};
}

Status fast_forward(platform::WritableDirectory& copy, const GitCheckout& checkout) {
  const std::string here = "refs/remotes/origin/" + checkout.branch;
  const std::string what = fmt::format("+refs/heads/{}:{}", checkout.branch, here);
  ASSIGN_OR_RETURN(const GitRun fetched, run_git(copy.descriptor(),
                                                 {"fetch", "--quiet", "--no-tags", "--no-recurse-submodules",
                                                  "--no-write-fetch-head", "--", checkout.remote, what},
                                                 kNetworkPatience));
  if (!fetched.well) {
    return Error{.code = ErrorCode::unreadable,
                 .message = "its repository could not be fetched",
                 .where = checkout.remote,
                 .hint = "try again when the network is there"};
  }
  ASSIGN_OR_RETURN(const GitRun merged,
                   run_git(copy.descriptor(), {"merge", "--quiet", "--ff-only", "--no-stat", here}, kLookPatience));
  if (merged.well) return ok();
  return Error{.code = ErrorCode::conflict,
               .message = "its repository has another history now, or new files where you have your own",
               .where = checkout.remote,
               .hint = "settle that with git in its directory"};
}

}  // namespace trueup::engine
