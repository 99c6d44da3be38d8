// The exchange on the kernel's own file system, against other processes that write the same file.
#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <thread>

#include "engine/file_exchange.h"
#include "platform/observed_file_system.h"
#include "platform/real_file_system.h"
#include "support/files.h"

namespace trueup::engine {
namespace {

using platform::Call;
using platform::Operation;

class Intruder final : public platform::Observer {
 public:
  Status before(const Call& call) override {
    if (!done_ && when && when(call)) {
      done_ = true;
      act();
    }
    return ok();
  }
  void after(const Call&) override {}

  std::function<bool(const Call&)> when;
  std::function<void()> act;

 private:
  bool done_ = false;
};

bool is_exchange(const Call& call) { return call.operation == Operation::exchange; }

/// Another program; ends with the scope at the latest.
class Child {
 public:
  explicit Child(const std::function<int()>& program) : pid_(::fork()) {
    if (pid_ == 0) ::_exit(program());
  }
  ~Child() { (void)wait(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int wait() {
    if (pid_ < 0) return status_;
    ::waitpid(pid_, &status_, 0);
    pid_ = -1;
    return status_;
  }
  /// It sleeps in the kernel (or is gone): whatever it waits for, it does not get on by itself.
  [[nodiscard]] bool is_blocked() const {
    const std::string stat = test::read_file(fmt::format("/proc/{}/stat", pid_));
    const auto after_name = stat.rfind(')');
    const char state = after_name == std::string::npos ? 'Z' : stat[after_name + 2];
    return state == 'S' || state == 'D' || state == 'Z';
  }

 private:
  pid_t pid_ = -1;
  int status_ = 0;
};

/// A line from one process to another.
class Signal {
 public:
  Signal() { EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0); }
  ~Signal() {
    for (const int fd : ends_) ::close(fd);
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  void give() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
  void take() const {
    char byte = 0;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
  }

 private:
  std::array<int, 2> ends_{};
};

int write_all(int fd, const std::string& text) {
  const auto written = ::write(fd, text.data(), text.size());
  ::close(fd);
  return written == static_cast<ssize_t>(text.size()) ? 0 : 1;
}

class RealExchange : public ::testing::Test {
 protected:
  RealExchange() : config_path(home.path() / "config.json") {
    std::filesystem::create_directory(home.path() / "kept");
    test::write_file(config_path, "old\n");
    ::chmod(config_path.c_str(), 0640);
    open(disk);
  }

  void open(platform::FileSystem& on) {
    directory = std::move(on.open_root(home.path().string()).value());
    kept = std::move(on.open_root((home.path() / "kept").string()).value());
  }
  void open_with(Intruder& intruder) {
    watched = std::make_unique<platform::ObservedFileSystem>(disk, intruder);
    open(*watched);
  }

  /// Adds `line` to what is there.
  Result<Exchanged> add(const std::string& line, const std::string& transaction = "1",
                        const std::function<void()>& on_wait = {}) {
    FileExchange exchange(ExchangePlace{.directory = *directory,
                                        .name = "config.json",
                                        .kept = *kept,
                                        .kept_name = {.number = 1, .file = transaction + "-config.json"},
                                        .transaction = transaction,
                                        .if_new = {.mode = 0644, .uid = {}, .gid = {}},
                                        .wait =
                                            [&on_wait](std::chrono::milliseconds) {
                                              if (on_wait) on_wait();
                                            }},
                          [&line](const std::optional<std::string>& text) -> Result<Rewrite> {
                            const std::string now = text.value_or("");
                            if (now.find(line) != std::string::npos) return Rewrite{};
                            return Rewrite{Rewrite::Kind::write, now + line};
                          });
    return exchange.apply();
  }
  std::string live() { return test::read_file(config_path); }

  test::TempDirectory home;
  std::filesystem::path config_path;
  platform::RealFileSystem disk;
  std::unique_ptr<platform::ObservedFileSystem> watched;
  std::unique_ptr<platform::WritableDirectory> directory;
  std::unique_ptr<platform::WritableDirectory> kept;
};

TEST_F(RealExchange, keeps_mode_and_the_old_file_whatever_the_umask) {
  for (const mode_t mask : {0U, 077U}) {
    const mode_t before = ::umask(mask);
    const auto exchanged = add(fmt::format("new{}\n", mask), fmt::format("{}", mask + 1));
    ::umask(before);
    ASSERT_TRUE(exchanged) << exchanged.error().text();
    EXPECT_TRUE(exchanged->notes.empty()) << exchanged->notes.front();
    EXPECT_EQ(std::filesystem::status(config_path).permissions(), std::filesystem::perms{0640});
  }
  EXPECT_EQ(live(), "old\nnew0\nnew63\n");
  EXPECT_EQ(test::read_file(home.path() / "kept/1-1-config.json"), "old\n");
}

TEST_F(RealExchange, sees_a_file_of_the_same_size_and_time_that_was_swapped_in) {  // F113
  Intruder intruder;
  intruder.when = is_exchange;
  intruder.act = [&] {
    struct stat was = {};
    ASSERT_EQ(::stat(config_path.c_str(), &was), 0);
    const auto swap = home.path() / "swap";
    test::write_file(swap, "dlo\n");
    const std::array times{was.st_atim, was.st_mtim};
    ASSERT_EQ(::utimensat(AT_FDCWD, swap.c_str(), times.data(), 0), 0);
    std::filesystem::rename(swap, config_path);
  };
  open_with(intruder);
  ASSERT_TRUE(add("new\n"));
  EXPECT_EQ(live(), "dlo\nnew\n");
}

TEST_F(RealExchange, waits_for_a_program_that_has_truncated_the_file_and_writes_it) {
  const Signal opened;
  const Signal go;
  Child writer([&] {
    const int fd = ::open(config_path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    opened.give();
    go.take();
    return write_all(fd, "patient\n");
  });
  opened.take();
  bool told = false;
  const auto exchanged = add("new\n", "1", [&] {
    if (!told) go.give();
    told = true;
    (void)writer.wait();
  });
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_EQ(live(), "patient\nnew\n");
}

TEST_F(RealExchange, lets_a_program_in_that_came_while_the_names_were_exchanged) {
  Intruder intruder;
  intruder.when = is_exchange;
  const Signal about_to_open;
  std::unique_ptr<Child> writer;
  intruder.act = [&] {
    writer = std::make_unique<Child>([&] {
      about_to_open.give();
      const int fd = ::open(config_path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);  // waits for the lease
      return write_all(fd, "late\n");
    });
    about_to_open.take();
    while (!writer->is_blocked()) std::this_thread::yield();
  };
  open_with(intruder);
  const auto exchanged = add("new\n", "1", [&] { (void)writer->wait(); });
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_EQ(writer->wait(), 0);
  EXPECT_EQ(live().substr(0, 5), "late\n") << live();
}

TEST_F(RealExchange, loses_no_update_of_two_processes_in_two_hundred_rounds) {
  const auto rounds = [&](const std::string& who) {
    open(disk);  // descriptors of its own
    for (int i = 0; i < 100; ++i) {
      const std::string line = fmt::format("{}{}\n", who, i);
      for (;;) {
        const auto exchanged = add(line, fmt::format("{}-{}", who, i));
        if (exchanged) break;
        if (exchanged.error().code != ErrorCode::contended) return 1;
      }
    }
    return 0;
  };
  Child other([&] { return rounds("b"); });
  EXPECT_EQ(rounds("a"), 0);
  EXPECT_EQ(other.wait(), 0);
  // Two that exchange without a lock between them: what one wrote while the other put back may come out too late.
  std::string text = live();
  for (const auto& entry : std::filesystem::directory_iterator(home.path() / "kept")) {
    const auto name = parse_kept_name(entry.path().filename().string());
    ASSERT_TRUE(name) << entry.path();
    if (is_open_question(name->whose)) text += test::read_file(entry.path());
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(text.find(fmt::format("\na{}\n", i)), std::string::npos) << i;
    EXPECT_NE(text.find(fmt::format("\nb{}\n", i)), std::string::npos) << i;
  }
  for (const auto& entry : std::filesystem::directory_iterator(home.path())) {
    EXPECT_FALSE(entry.path().filename().string().starts_with(".")) << "left behind: " << entry.path();
  }
}

TEST_F(RealExchange, loses_no_write_of_a_program_that_replaces_the_file_all_the_time) {
  // It does what an editor does: a new file renamed over the old one, without a look at what we wrote meanwhile.
  constexpr int kRounds = 100;
  Child editor([&] {
    for (int i = 0; i < kRounds; ++i) {
      const auto draft = home.path() / "draft";
      test::write_file(draft, fmt::format("edit{}\n", i));
      std::filesystem::rename(draft, config_path);
    }
    return 0;
  });
  for (int i = 0; i < kRounds; ++i) {
    const auto exchanged = add(fmt::format("ours{}\n", i), fmt::format("t{}", i));
    ASSERT_TRUE(exchanged || exchanged.error().code == ErrorCode::contended) << exchanged.error().text();
  }
  EXPECT_EQ(editor.wait(), 0);
  EXPECT_EQ(live().substr(0, 7), fmt::format("edit{}\n", kRounds - 1)) << "its last word stands";
}

}  // namespace
}  // namespace trueup::engine
