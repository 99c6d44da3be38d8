#include "web/connection.h"

#include <utility>

#include "web/envelope.h"
#include "web/guard.h"
#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::size_t kMaxWaitingInput = limits::kMaxRequestHeaderBytes;

Response answer_to(int status, std::string_view message) {
  const ApiCode code = status == 413   ? ApiCode::content_too_large
                       : status == 503 ? ApiCode::service_unavailable
                                       : ApiCode::invalid_input;
  Response response = failure({.status = status, .code = code, .message = std::string(message)});
  add_security_headers(response);
  return response;
}

}  // namespace

bool Connection::reads() const {
  if (phase_ == Phase::closing) return false;
  return phase_ != Phase::answering || input_.size() < kMaxWaitingInput;
}

Connection::Held Connection::held() const {
  Held held{.requests = input_.size(), .uploads = answering_bytes_};
  if (parser_) (parser_->is_upload() ? held.uploads : held.requests) += parser_->body_bytes();
  if (request_) (is_upload_ ? held.uploads : held.requests) += request_->body.size();
  return held;
}

std::chrono::seconds Connection::request_time() const {
  if (!parser_ || !parser_->is_upload()) return limits::kRequestTime;
  return limits::kUploadTime + std::chrono::seconds(parser_->body_bytes() / limits::kSlowUpload);
}

void Connection::receive(std::string_view bytes) {
  if (phase_ == Phase::closing || phase_ == Phase::streaming) return;  // a reader of events has nothing to say
  input_ += bytes;
  advance();
}

void Connection::advance() {
  if (phase_ == Phase::answering || phase_ == Phase::closing || request_ || input_.empty()) return;
  phase_ = Phase::receiving;
  if (!parser_) parser_.emplace();
  const auto state = parser_->feed(input_);
  if (state == RequestParser::State::bad) {
    const BadRequest problem = parser_->problem();
    return refuse(problem.status, problem.message);
  }
  if (state == RequestParser::State::more) {
    if (was_asked_) return;
    question_ = parser_->head();
    if (question_) question_->peer = peer_;
    was_asked_ = question_.has_value();
    return;
  }
  was_asked_ = false;
  is_upload_ = parser_->is_upload();
  keeps_alive_ = parser_->keeps_alive();
  request_ = parser_->take();
  request_->peer = peer_;
  with_body_ = request_->method != Method::head;
  parser_.reset();
}

std::optional<Request> Connection::take_question() { return std::exchange(question_, std::nullopt); }

void Connection::admit() {
  if (parser_ && parser_->take_expects_continue()) output_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

std::optional<Request> Connection::next_request() {
  if (!request_) return std::nullopt;
  phase_ = Phase::answering;
  answering_bytes_ = is_upload_ ? request_->body.size() : 0;
  return std::exchange(request_, std::nullopt);
}

void Connection::answer(const Response& response) {
  if (phase_ != Phase::answering) return;
  answering_bytes_ = 0;
  serialize(response, keeps_alive_, with_body_, output_);
  if (response.is_event_stream && with_body_) {
    phase_ = Phase::streaming;
    input_.clear();
    input_.shrink_to_fit();
    return;
  }
  phase_ = keeps_alive_ && !response.is_event_stream ? Phase::idle : Phase::closing;
  advance();
}

void Connection::refuse(int status, std::string_view message) { refuse(answer_to(status, message)); }

void Connection::refuse(const Response& response) {
  if (phase_ != Phase::streaming) serialize(response, false, true, output_);
  phase_ = Phase::closing;
  was_refused_ = true;
  answering_bytes_ = 0;
  input_ = {};
  parser_.reset();
  request_.reset();
}

bool Connection::send_event(std::string_view event, std::string_view instead) {
  if (phase_ != Phase::streaming) return true;
  if (output().size() + event.size() > limits::kMaxEventQueueBytes) {
    // The event that is half out has to end; what follows it is replaced.
    const auto end = output_.find("\n\n", written_);
    output_.resize(end == std::string::npos ? output_.size() : end + 2);
    output_ += instead;
    return false;
  }
  output_ += event;
  return true;
}

void Connection::written(std::size_t count) {
  written_ += count;
  if (written_ < output_.size()) return;
  output_.clear();
  written_ = 0;
  if (phase_ == Phase::streaming) output_.shrink_to_fit();
}

}  // namespace trueup::web
