#include "support/web_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/command.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

void require(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::abort();
}

void run(const std::vector<std::string>& arguments) {
  const CommandResult ran = run_command(arguments);
  if (ran.exit_status == 0) return;
  std::fprintf(stderr, "%s failed: %s\n", arguments.front().c_str(), ran.errors.c_str());
  std::abort();
}

/// An authority and a certificate for this machine and for the hosts that a proxy pretends to be; once per program.
const fs::path& certificates() {
  static const TempDirectory directory;
  static const bool made = [] {
    const auto path = [](const char* name) { return (directory.path() / name).string(); };
    write_file(path("names"),
               "subjectAltName=DNS:localhost,DNS:raw.githubusercontent.com,DNS:github.com,DNS:codeload.github.com,"
               "DNS:plugins.example.org,IP:127.0.0.1\n");
    const std::vector<std::string> key{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"};
    std::vector<std::string> authority{"openssl",      "req",   "-x509", "-keyout", path("ca.key"),           "-out",
                                       path("ca.pem"), "-days", "3650",  "-subj",   "/CN=authority of a test"};
    authority.insert(authority.end(), key.begin(), key.end());
    run(authority);
    std::vector<std::string> asked{"openssl", "req",       "-keyout", path("key"),
                                   "-out",    path("csr"), "-subj",   "/CN=localhost"};
    asked.insert(asked.end(), key.begin(), key.end());
    run(asked);
    run({"openssl", "x509", "-req", "-in", path("csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
         "-CAcreateserial", "-days", "3650", "-extfile", path("names"), "-out", path("certificate")});
    write_file(path("server.pem"), read_file(path("certificate")) + read_file(path("key")));
    return true;
  }();
  (void)made;
  return directory.path();
}

void copy_certificates(const fs::path& to) {
  for (const char* name : {"ca.pem", "server.pem"}) write_file(to / name, read_file(certificates() / name));
}

std::string free_port() {
  const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  require(::bind(one, reinterpret_cast<sockaddr*>(&address), length) == 0, "bind");
  require(::getsockname(one, reinterpret_cast<sockaddr*>(&address), &length) == 0, "getsockname");
  ::close(one);
  return std::to_string(ntohs(address.sin_port));
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  if (!fs::exists(path)) return lines;
  std::istringstream text(read_file(path));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string joined(std::string_view place, std::string_view path) {
  return "https://" + std::string(place) + (path.starts_with('/') ? "" : "/") + std::string(path);
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& arguments) {
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  require(::pipe2(to.data(), O_CLOEXEC) == 0 && ::pipe2(from.data(), O_CLOEXEC) == 0, "pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  require(::posix_spawnp(&pid_, words[0].c_str(), &actions, nullptr, pointers.data(), environ) == 0, "posix_spawnp");
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  input_ = to[1];
  output_ = from[0];
  for (char one = 0; ::read(output_, &one, 1) == 1 && one != '\n';) first_line_ += one;
  require(!first_line_.empty(), "a test's server did not start");
}

RunningProgram::~RunningProgram() {
  ::close(input_);
  ::close(output_);
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

WebServer::WebServer() {
  copy_certificates(directory_.path());
  fs::create_directories(directory_.path() / "site");
  program_ = std::make_unique<RunningProgram>(std::vector<std::string>{
      "python3", std::string(TRUEUP_TEST_SUPPORT) + "/web_server.py", directory_.path().string()});
  std::istringstream(program_->first_line()) >> port_ >> proxy_port_;
}

std::string WebServer::url(std::string_view path) const { return joined(place(), path); }

void WebServer::put(std::string_view path, std::string_view bytes) {
  write_file(directory_.path() / "site" / path.substr(path.starts_with('/') ? 1 : 0), bytes);
}

void WebServer::rules(std::string_view json) {
  write_file(directory_.path() / "rules.new", json);
  fs::rename(directory_.path() / "rules.new", directory_.path() / "rules.json");
}

std::vector<SeenRequest> WebServer::requests() const {
  std::vector<SeenRequest> seen;
  for (const std::string& line : lines_of(directory_.path() / "requests.log")) {
    const Json one = Json::parse(line);
    seen.push_back({one.value("path", ""), one.value("connect", ""), one.value("headers", Json::object()).dump()});
  }
  return seen;
}

std::size_t WebServer::count(std::string_view path) const {
  std::size_t count = 0;
  for (const SeenRequest& one : requests()) count += one.path == path ? 1 : 0;
  return count;
}

bool Nginx::is_there() { return fs::exists("/usr/sbin/nginx"); }

Nginx::Nginx() : port_(free_port()) {
  const std::string root = directory_.path().string();
  copy_certificates(root);
  fs::create_directories(directory_.path() / "site");
  write_file(root + "/nginx.conf",
             (::geteuid() == 0 ? "user root;\n" : "") +
                 ("pid " + root + "/pid;\nerror_log " + root + "/errors;\nworker_processes 1;\n") +
                 "events { worker_connections 64; }\nhttp {\n  log_format short '$status $uri "
                 "$body_bytes_sent';\n  access_log " +
                 root + "/log short;\n  types { application/json json; application/zip zip; }\n" +
                 "  gzip on; gzip_types application/json; gzip_min_length 100;\n" + "  client_body_temp_path " + root +
                 "/body; proxy_temp_path " + root + "/proxy; fastcgi_temp_path " + root + "/fastcgi; uwsgi_temp_path " +
                 root + "/uwsgi; scgi_temp_path " + root + "/scgi;\n  server {\n    listen 127.0.0.1:" + port_ +
                 " ssl http2;\n    ssl_certificate " + root + "/server.pem;\n    ssl_certificate_key " + root +
                 "/server.pem;\n    root " + root + "/site;\n  }\n}\n");
  run({"/usr/sbin/nginx", "-p", root, "-e", root + "/errors", "-c", root + "/nginx.conf"});
}

Nginx::~Nginx() {
  const int pid = std::atoi(read_file(directory_.path() / "pid").c_str());
  if (pid > 0) ::kill(pid, SIGTERM);
}

std::string Nginx::url(std::string_view path) const { return joined(place(), path); }

void Nginx::put(std::string_view path, std::string_view bytes) {
  write_file(directory_.path() / "site" / path.substr(path.starts_with('/') ? 1 : 0), bytes);
}

std::vector<std::string> Nginx::log() const { return lines_of(directory_.path() / "log"); }

}  // namespace trueup::test
