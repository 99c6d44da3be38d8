// One request out of the bytes of a connection, strictly: what two readers could understand in two ways is an error.
// Boost.Beast's parser stays in the one .cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "web/http.h"

namespace trueup::web {

/// Why a connection is answered and closed.
struct BadRequest {
  int status = 400;
  std::string message;
  bool operator==(const BadRequest&) const = default;
};

class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  enum class State { more, complete, bad };
  /// Takes bytes off the front of `bytes` as far as they belong to this request. After `complete` or `bad` it is not
  /// called again.
  State feed(std::string& bytes);

  /// The client waits for a word before it sends the body; true once.
  [[nodiscard]] bool take_expects_continue();
  /// What asks, before its body has come; nothing while that is not known.
  [[nodiscard]] std::optional<Request> head() const;
  /// Requires: complete.
  [[nodiscard]] Request take();
  [[nodiscard]] bool keeps_alive() const;
  /// What is sent may be as large as pictures are, and may take as long. Known as soon as the header is.
  [[nodiscard]] bool is_upload() const;
  /// What it holds of a body so far.
  [[nodiscard]] std::size_t body_bytes() const;
  /// Requires: bad.
  [[nodiscard]] const BadRequest& problem() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The bytes of an answer, behind `out`. `with_body`: not for HEAD.
void serialize(const Response& response, bool keep_alive, bool with_body, std::string& out);

}  // namespace trueup::web
