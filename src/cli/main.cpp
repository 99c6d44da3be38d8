// The program: makes the real objects and hands them to run(). Decides nothing.
#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "cli/exit_status.h"
#include "cli/verbs.h"
#include "platform/real_file_system.h"
#include "platform/terminal.h"

namespace {

using namespace trueup;  // NOLINT(google-build-using-namespace): the one file that names everything

/// Standard output or error. A reader that went away (`trueup plan | head`) is no failure of ours.
class StreamSink final : public cli::Sink {
 public:
  explicit StreamSink(std::FILE* stream) : stream_(stream) {}
  void write(std::string_view text) override {
    if (std::fwrite(text.data(), 1, text.size(), stream_) < text.size()) failed_with(errno);
  }
  /// Whether all of it got out. A disk that is full is a failure; a reader that went away is none.
  bool end() {
    if (std::fflush(stream_) != 0) failed_with(errno);
    return failure_ == 0 || failure_ == EPIPE;
  }

 private:
  void failed_with(int number) {
    if (failure_ == 0) failure_ = number;
  }

  std::FILE* stream_;
  int failure_ = 0;
};

/// Memory that one large file needed serves the next one, instead of going back to the kernel and coming anew page by
/// page: at ten thousand plugins a third of all page faults. Where malloc does not take these values nothing is lost.
void reuse_large_memory() {
  constexpr int kBytes = 32 * 1024 * 1024;
  ::mallopt(M_MMAP_THRESHOLD, kBytes);
  ::mallopt(M_TRIM_THRESHOLD, kBytes);
}

}  // namespace

int main(int count, char** values) {
  reuse_large_memory();
  std::signal(SIGPIPE, SIG_IGN);
  platform::RealFileSystem file_system;
  platform::RealClock clock;
  platform::RealRandom random;
  const platform::RealProcessTable processes;
  platform::Systemctl services;
  const platform::RealEnvironment environment;
  platform::RealInput input;
  const auto logger = make_stderr_logger(log_format_for_stderr(environment.get("JOURNAL_STREAM").value_or("")),
                                         environment.get("TRUEUP_LOG") ? LogLevel::info : LogLevel::warning);
  std::string working_directory = "/";
  if (const auto here = file_system.open_root_for_reading(".")) {
    working_directory = (*here)->real_path(".").value_or("/");
  }
  const cli::Machine machine{.file_system = file_system,
                             .clock = clock,
                             .random = random,
                             .processes = processes,
                             .services = services,
                             .environment = environment,
                             .logger = *logger,
                             .input = input,
                             .working_directory = working_directory,
                             .user_id = platform::effective_user_id(),
                             .zone = platform::local_offset_seconds,
                             .run_child = &platform::run_child};
  StreamSink out(stdout);
  StreamSink err(stderr);
  const platform::TerminalSize size = platform::terminal_size(STDOUT_FILENO);
  cli::Console console{out, err, cli::terminal_from(size.is_terminal, size.columns, size.rows, environment)};
  const int status = cli::run({values + 1, values + count}, machine, console);
  if (out.end()) return status;
  err.write("trueup: the answer could not be written\n");
  return cli::kExitFailed;
}
