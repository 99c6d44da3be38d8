#include "platform/local_socket.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cstring>

namespace trueup::platform {
namespace {

constexpr int kMostWaiting = 64;  // of connections that were not accepted yet
constexpr std::size_t kReadAtOnce = 64U << 10U;

Result<Descriptor> open_directory(const std::string& path) {
  Descriptor opened(
      retry_interrupted([&] { return ::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!opened.is_open()) return read_error(errno, "open the directory", path);
  return opened;
}

/// The name by which the kernel finds `name` in an open directory.
Result<sockaddr_un> address_in(const Descriptor& directory, const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/{}", directory.get(), name);
  if (path.size() >= sizeof address.sun_path) {
    return Error{.code = ErrorCode::invalid, .message = "the socket's name is too long", .where = name};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

// The socket interface's own way to name an address.
const sockaddr* general(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

Result<Descriptor> new_socket(const std::string& where) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return read_error(errno, "open a socket", where);
  return socket;
}

}  // namespace

Result<Peer> LocalStream::peer() const {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(descriptor_.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
    return read_error(errno, "ask who is there", "socket");
  }
  return Peer{.user_id = who.uid, .pid = who.pid};
}

Result<std::optional<std::string>> LocalStream::read_some() {
  std::string bytes(kReadAtOnce, '\0');
  const auto count = retry_interrupted([&] { return ::read(descriptor_.get(), bytes.data(), bytes.size()); });
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::optional<std::string>();
  if (count < 0) return read_error(errno, "read", "socket");
  bytes.resize(static_cast<std::size_t>(count));
  return std::optional(std::move(bytes));
}

Result<std::size_t> LocalStream::write_some(std::string_view bytes) {
  const auto count =
      retry_interrupted([&] { return ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::size_t{0};
  if (count < 0) return write_error(errno, "write", "socket");
  return static_cast<std::size_t>(count);
}

Result<LocalListener> LocalListener::open(const std::string& directory, const std::string& name) {
  ASSIGN_OR_RETURN(auto opened, open_directory(directory));
  ASSIGN_OR_RETURN(auto socket, new_socket(directory));
  ASSIGN_OR_RETURN(const auto address, address_in(opened, name));
  if (::unlinkat(opened.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    return write_error(errno, "remove the old socket", directory + "/" + name);
  }
  // What the socket's own mode forbids, bind() forbids: at no moment can anybody else connect.
  if (::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 || ::bind(socket.get(), general(address), sizeof address) != 0 ||
      ::listen(socket.get(), kMostWaiting) != 0) {
    return write_error(errno, "listen", directory + "/" + name);
  }
  return LocalListener(std::move(opened), std::move(socket), name);
}

LocalListener::~LocalListener() {
  if (directory_.is_open()) ::unlinkat(directory_.get(), name_.c_str(), 0);
}

Result<std::optional<LocalStream>> LocalListener::accept() {
  Descriptor one(
      retry_interrupted([&] { return ::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); }));
  if (one.is_open()) return std::optional(LocalStream(std::move(one)));
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ECONNABORTED) return std::optional<LocalStream>();
  return read_error(errno, "accept a connection", name_);
}

Result<LocalStream> connect_local(const std::string& directory, const std::string& name) {
  ASSIGN_OR_RETURN(const auto opened, open_directory(directory));
  ASSIGN_OR_RETURN(const auto address, address_in(opened, name));
  ASSIGN_OR_RETURN(auto socket, new_socket(directory));
  const int done =
      static_cast<int>(retry_interrupted([&] { return ::connect(socket.get(), general(address), sizeof address); }));
  if (done == 0) return LocalStream(std::move(socket));
  Error error = read_error(errno, "connect", directory + "/" + name);
  if (errno == ECONNREFUSED) error.code = ErrorCode::not_found;  // the program that listened has ended
  return error;
}

bool wait_until_ready(int descriptor, Direction direction, std::chrono::milliseconds patience) {
  pollfd waiting{
      .fd = descriptor, .events = direction == Direction::reading ? short{POLLIN} : short{POLLOUT}, .revents = 0};
  return retry_interrupted([&] { return ::poll(&waiting, 1, static_cast<int>(patience.count())); }) > 0;
}

}  // namespace trueup::platform
