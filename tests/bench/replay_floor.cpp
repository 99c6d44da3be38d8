// The floor of `plan`: makes the system calls that a recorded run made, in their order, and does nothing with the
// bytes.
//
// replay_floor CALLS: CALLS is what record_calls.py wrote, one call a line. Prints the nanoseconds of processor time
// and of wall time that the calls took, without starting the program or reading CALLS, and how many bytes were read.
// Nothing that makes these calls can be faster by more than luck.
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Call {
  char kind = ' ';  // o openat, O openat2, f fstat, n newfstatat, r read, d getdents64, l readlinkat, c close
  int fd = -1;      // as recorded
  int result = -1;  // the descriptor that an openat gave
  int flags = 0;
  std::size_t size = 0;  // of the buffer; of an openat2 its `resolve`
  std::string path;
};

std::vector<Call> load(const char* file) {
  std::vector<Call> calls;
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    Call call;
    words >> call.kind >> call.fd >> call.result >> call.flags >> call.size;
    words.get();
    std::getline(words, call.path);
    calls.push_back(std::move(call));
  }
  return calls;
}

class Replay {
 public:
  void make(const Call& call) {
    const int fd = real(call.fd);
    switch (call.kind) {
      case 'o': {
        const int opened = ::openat(fd, call.path.c_str(), call.flags);
        if (call.result >= 0) descriptors_[call.result] = opened;
        break;
      }
      case 'O': {
        open_how how = {};
        how.flags = static_cast<std::uint64_t>(call.flags);
        how.resolve = call.size;
        const long opened = ::syscall(SYS_openat2, fd, call.path.c_str(), &how, sizeof how);
        if (call.result >= 0) descriptors_[call.result] = static_cast<int>(opened);
        break;
      }
      case 'f': ::fstat(fd, &info_); break;
      case 'n': ::fstatat(fd, call.path.c_str(), &info_, call.flags); break;
      case 'r':
        if (buffer_.size() < call.size) buffer_.resize(call.size);
        if (const auto got = ::read(fd, buffer_.data(), call.size); got > 0) bytes_read_ += got;
        break;
      case 'd':
        if (buffer_.size() < call.size) buffer_.resize(call.size);
        ::syscall(SYS_getdents64, fd, buffer_.data(), call.size);
        break;
      case 'l': {
        char target[4096];
        links_read_ += ::readlinkat(fd, call.path.c_str(), target, sizeof target) >= 0 ? 1 : 0;
        break;
      }
      case 'c':
        ::close(fd);
        descriptors_.erase(call.fd);
        break;
      default: break;
    }
  }

  [[nodiscard]] long long bytes_read() const { return bytes_read_; }

 private:
  [[nodiscard]] int real(int recorded) const {
    const auto found = descriptors_.find(recorded);
    return found == descriptors_.end() ? recorded : found->second;
  }

  std::unordered_map<int, int> descriptors_;
  std::string buffer_ = std::string(1U << 16U, '\0');
  struct stat info_{};
  long long bytes_read_ = 0;
  std::size_t links_read_ = 0;
};

long long nanoseconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: replay_floor CALLS\n", stderr);
    return 64;
  }
  const std::vector<Call> calls = load(argv[1]);
  Replay replay;
  const long long wall = nanoseconds(CLOCK_MONOTONIC);
  const long long cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
  for (const Call& call : calls) replay.make(call);
  const long long cpu_took = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  const long long wall_took = nanoseconds(CLOCK_MONOTONIC) - wall;
  std::printf("%lld %lld %lld\n", cpu_took, wall_took, replay.bytes_read());
  return 0;
}
