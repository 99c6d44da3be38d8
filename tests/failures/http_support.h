// A plugin with settings and secrets, as a client of the HTTP API meets it.
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "cli/web_test_support.h"

namespace trueup::cli {

inline const std::string kSection =
    R"({"enabled": true, "size": 3, "mode": "gone", "on_air": true, "users": {"a": 1}, "devices": ["x"],
        "display_duration": 1e1, "live_priority": true, "mqtt_password": "canary-mqtt",
        "leagues": {"eng.1": {"on": true}}, "feeds": [{"name": "a"}, {"name": "b"}]})";
inline const std::string kSecrets =
    R"({"api_key": "canary-key", "feeds": [{"code": "canary-a"}, {"code": "canary-b"}]})";

class Http : public WebTest {
 protected:
  Http() { add_news(kSection, kSecrets); }

  Response save(const std::string& config) {
    return post("/api/v3/plugins/config", R"({"plugin_id": "news", "config": )" + config + "}");
  }
  std::string config() { return read("config/config.json"); }
  std::string secrets() { return read("config/config_secrets.json"); }
  /// config.json as it would be with `from` replaced by `to`.
  std::string with(const std::string& from, const std::string& to) {
    std::string text = config();
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
};

}  // namespace trueup::cli
