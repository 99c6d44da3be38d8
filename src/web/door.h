// Who comes in from another machine (promise 9): sessions of people who know the owner's password, tokens of programs,
// and networks that the owner trusts in so many words. This machine itself needs none of it.
//
// The first time, before there is a password, a set-up code opens; it is told in trueup's own log, good for one use and
// for this run only. Sessions last thirty days and end with trueup.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "platform/loop.h"
#include "platform/random.h"
#include "platform/worker.h"
#include "web/attempts.h"
#include "web/guard.h"
#include "web/http.h"
#include "web/logins_file.h"
#include "web/server.h"

namespace trueup::web {

struct DoorPorts {
  LoginsPlace place;
  platform::Loop& loop;
  platform::Worker& worker;  // for what takes long on purpose
  platform::Random& random;
  Logger& logger;
};

/// What somebody may do here.
struct Visitor {
  enum class Caller : std::uint8_t { here, trusted, session, token, stranger } caller = Caller::stranger;
  bool may_read = false;
  bool may_change = false;
  std::string why = {};  // he may not, one sentence
};

class Door {
 public:
  static constexpr std::chrono::hours kSession{30 * 24};
  static constexpr std::size_t kMostSessions = 64;
  static constexpr int kMostChecks = 4;  // of a password at the same time

  Door(DoorPorts ports, GuardPolicy policy);

  [[nodiscard]] const GuardPolicy& policy() const { return policy_; }
  [[nodiscard]] Visitor visitor(const Request& request);
  /// /login, /logout and /setup, where there is a login at all.
  [[nodiscard]] bool answers(const Request& request) const;
  void answer(const Request& request, Respond respond);
  /// To a visitor who may not.
  Response turn_away(const Request& request, const Visitor& visitor);
  /// Of this run; empty once there is a password.
  [[nodiscard]] const std::string& setup_code() const { return setup_code_; }

 private:
  const Result<Logins>& logins();
  [[nodiscard]] bool has_session(const Request& request);
  std::string begin_session();
  void log_in(const Request& request, Respond respond);
  void set_up(const Request& request, Respond respond);
  Response let_in(const Request& request);
  Response log_out(const Request& request);
  std::optional<Response> slow_down(const std::string& who);

  DoorPorts ports_;
  GuardPolicy policy_;
  Result<Logins> logins_ = Logins{};
  std::optional<platform::FileInfo> logins_trace_;
  bool logins_read_ = false;
  std::map<std::string, Attempts::Duration> sessions_;  // by the hash of what the browser holds: when it ends
  Attempts attempts_;
  int checks_ = 0;
  std::string setup_code_;
};

}  // namespace trueup::web
