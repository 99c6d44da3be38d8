#include "e2e/http_client.h"

#include <sys/socket.h>

#include "platform/tcp.h"

namespace trueup::test {

std::string ask(std::uint16_t port, const std::string& request) {
  const auto connection = platform::connect_to_loopback(port);
  if (!connection) return connection.error().text();
  ::send(connection->get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer;
  std::string buffer(1U << 16U, '\0');
  for (;;) {
    const auto count = ::recv(connection->get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return answer;
    answer.append(buffer, 0, static_cast<std::size_t>(count));
  }
}

std::string get(std::uint16_t port, const std::string& path) {
  return ask(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

std::string post(std::uint16_t port, const std::string& path, const std::string& body) {
  return ask(port, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                       "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

nlohmann::json json_of(const std::string& answer) {
  return nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false);
}

std::uint16_t free_port() { return platform::TcpListener::open("127.0.0.1", 0)->port(); }

}  // namespace trueup::test
