// Programs of one machine that talk to each other over a socket in a directory, which is named by an open descriptor:
// nobody can swap the directory in between, and its path may be longer than a socket's name can be.
//
// The socket is its owner's alone (0600), and each side may ask the kernel who the other one is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/descriptor.h"
#include "platform/loop.h"

namespace trueup::platform {

struct Peer {
  std::uint32_t user_id = 0;
  std::int64_t pid = 0;
  bool operator==(const Peer&) const = default;
};

/// One end of a connection. Never waits.
class LocalStream {
 public:
  explicit LocalStream(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  /// As the kernel noted it when the connection was made.
  [[nodiscard]] Result<Peer> peer() const;
  /// Nothing: there is nothing yet. Empty: the other side has closed it.
  Result<std::optional<std::string>> read_some();
  /// How many bytes went out; 0: none can now.
  Result<std::size_t> write_some(std::string_view bytes);

 private:
  Descriptor descriptor_;
};

class LocalListener {
 public:
  /// Under `name` in `directory`, which must be no link; a socket that is there already is taken away.
  /// Requires: the caller holds the lock by which only one program listens there.
  static Result<LocalListener> open(const std::string& directory, const std::string& name);
  LocalListener(LocalListener&&) noexcept = default;
  LocalListener& operator=(LocalListener&&) = delete;
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;
  /// Takes the name away.
  ~LocalListener();

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  /// Nothing: nobody waits.
  Result<std::optional<LocalStream>> accept();

 private:
  LocalListener(Descriptor directory, Descriptor socket, std::string name)
      : directory_(std::move(directory)), socket_(std::move(socket)), name_(std::move(name)) {}

  Descriptor directory_;
  Descriptor socket_;
  std::string name_;
};

/// not_found: nobody listens there.
Result<LocalStream> connect_local(const std::string& directory, const std::string& name);

/// For those who have nothing else to do. False: the time is over.
bool wait_until_ready(int descriptor, Direction direction, std::chrono::milliseconds patience);

}  // namespace trueup::platform
