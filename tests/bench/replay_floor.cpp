// The floor of `plan`: makes the system calls that a recorded run made, in their order, and does nothing with the
// bytes.
//
// replay_floor CALLS: CALLS is what record_calls.py wrote, one call a line. Prints the nanoseconds that the calls took,
// without starting the program or reading CALLS. Nothing that works on the same files can be faster by more than luck.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Call {
  char kind = ' ';  // o openat, f fstat, n newfstatat, r read, d getdents64, l readlinkat, c close
  int fd = -1;      // as recorded
  int result = -1;  // the descriptor that an openat gave
  int flags = 0;
  std::size_t size = 0;
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
      case 'f': ::fstat(fd, &info_); break;
      case 'n': ::fstatat(fd, call.path.c_str(), &info_, call.flags); break;
      case 'r':
        if (buffer_.size() < call.size) buffer_.resize(call.size);
        if (::read(fd, buffer_.data(), call.size) < 0) ++failures_;
        break;
      case 'd':
        if (buffer_.size() < call.size) buffer_.resize(call.size);
        ::syscall(SYS_getdents64, fd, buffer_.data(), call.size);
        break;
      case 'l': {
        char target[4096];
        if (::readlinkat(fd, call.path.c_str(), target, sizeof target) < 0) ++failures_;
        break;
      }
      case 'c':
        ::close(fd);
        descriptors_.erase(call.fd);
        break;
      default: ++failures_;
    }
  }

  [[nodiscard]] std::size_t failures() const { return failures_; }

 private:
  [[nodiscard]] int real(int recorded) const {
    const auto found = descriptors_.find(recorded);
    return found == descriptors_.end() ? recorded : found->second;
  }

  std::unordered_map<int, int> descriptors_;
  std::string buffer_ = std::string(1U << 16U, '\0');
  struct stat info_{};
  std::size_t failures_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: replay_floor CALLS\n", stderr);
    return 64;
  }
  const std::vector<Call> calls = load(argv[1]);
  Replay replay;
  const auto start = std::chrono::steady_clock::now();
  for (const Call& call : calls) replay.make(call);
  const auto took = std::chrono::steady_clock::now() - start;
  std::printf("%lld\n", static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()));
  return 0;
}
