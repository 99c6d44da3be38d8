// A plain client of the page and the API, one connection a request, for tests with a real daemon.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace trueup::test {

/// One request as it stands, and all that comes back until the other side closes.
std::string ask(std::uint16_t port, const std::string& request);
std::string get(std::uint16_t port, const std::string& path);
std::string post(std::uint16_t port, const std::string& path, const std::string& body);

/// The JSON in an answer.
nlohmann::json json_of(const std::string& answer);

/// A port that was free a moment ago.
std::uint16_t free_port();

}  // namespace trueup::test
