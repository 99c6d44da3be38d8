// Real servers for tests: one that does what it is told (web_server.py), and nginx. Both speak TLS with certificates of
// a test's own authority, on a port of 127.0.0.1. No test reaches anything else.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.h"

namespace trueup::test {

/// A program that runs until its scope ends, which it is told by the end of its standard input.
class RunningProgram {
 public:
  /// Waits for its first line. Stops the test program when there is none.
  explicit RunningProgram(const std::vector<std::string>& arguments);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  [[nodiscard]] const std::string& first_line() const { return first_line_; }

 private:
  int pid_ = 0;
  int input_ = -1;
  int output_ = -1;
  std::string first_line_;
};

struct SeenRequest {
  std::string path;     // with its query; empty for a CONNECT
  std::string connect;  // what a proxy was asked to connect to
  std::string headers;  // JSON, names in small letters
};

class WebServer {
 public:
  WebServer();

  /// The authority that its certificate is of.
  [[nodiscard]] std::string ca_file() const { return (directory_.path() / "ca.pem").string(); }
  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] std::string place() const { return "127.0.0.1:" + port_; }
  [[nodiscard]] std::string url(std::string_view path) const;
  [[nodiscard]] std::string proxy() const { return "http://127.0.0.1:" + proxy_port_; }

  /// A file that is served under this path.
  void put(std::string_view path, std::string_view bytes);
  /// Where what it serves lies. Bare repositories below git/ are served as git's own https: addresses are.
  [[nodiscard]] std::filesystem::path site() const { return directory_.path() / "site"; }
  /// What requests for a path get, as JSON: {"/path": [rule, ...]} (see web_server.py). From now on.
  void rules(std::string_view json);

  [[nodiscard]] std::vector<SeenRequest> requests() const;
  /// How often this path was asked for.
  [[nodiscard]] std::size_t count(std::string_view path) const;

 private:
  TempDirectory directory_;
  std::unique_ptr<RunningProgram> program_;
  std::string port_;
  std::string proxy_port_;
};

/// nginx, serving a directory. Requires: is_there().
class Nginx {
 public:
  Nginx();
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  [[nodiscard]] static bool is_there();
  [[nodiscard]] std::string ca_file() const { return (directory_.path() / "ca.pem").string(); }
  [[nodiscard]] std::string place() const { return "127.0.0.1:" + port_; }
  [[nodiscard]] std::string url(std::string_view path) const;
  void put(std::string_view path, std::string_view bytes);
  /// Lines of its log: status, path, bytes sent.
  [[nodiscard]] std::vector<std::string> log() const;

 private:
  TempDirectory directory_;
  std::string port_;
};

}  // namespace trueup::test
