// Writes one JSON object piece by piece, in ASCII, so that a plan of 10,000 findings needs no second copy in memory.
//
// Knows punctuation and nothing else: what is said, and in which order, is the caller's. Keys are written in sorted
// order by the callers (a test over every object holds them to it).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/console.h"

namespace trueup::cli {

class JsonOutput {
 public:
  explicit JsonOutput(Sink& sink) : sink_(sink) {}
  ~JsonOutput() { flush(); }
  JsonOutput(const JsonOutput&) = delete;
  JsonOutput& operator=(const JsonOutput&) = delete;

  JsonOutput& key(std::string_view name);
  JsonOutput& begin_object() { return open('{'); }
  JsonOutput& end_object() { return close('}'); }
  JsonOutput& begin_array() { return open('['); }
  JsonOutput& end_array() { return close(']'); }
  JsonOutput& text(std::string_view value);
  JsonOutput& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonOutput& number(std::int64_t value) { return raw(std::to_string(value)); }
  JsonOutput& null() { return raw("null"); }
  /// JSON text as it is, but in ASCII. Requires: it is valid.
  JsonOutput& raw(std::string_view json);
  /// The line break after the object, and everything out.
  void finish();

 private:
  JsonOutput& open(char bracket);
  JsonOutput& close(char bracket);
  void separate();
  void flush();

  Sink& sink_;
  std::string buffer_;
  bool first_ = true;  // nothing was written yet in the innermost object or array
  bool after_key_ = false;
};

}  // namespace trueup::cli
