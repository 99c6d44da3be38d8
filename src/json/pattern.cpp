#include "json/pattern.h"

#include <fmt/core.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <cstdint>

#include "base/limits.h"

namespace trueup::json {
namespace {

constexpr std::uint32_t kQuickMatchLimit = 2'000;
constexpr std::uint32_t kMatchLimit = 100'000;  // about 2 ms
constexpr std::uint32_t kDepthLimit = 1'000;
constexpr std::uint32_t kHeapLimitKib = 1'024;
constexpr std::uint32_t kNestedParentheses = 100;

PCRE2_SPTR bytes_of(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());  // NOLINT: PCRE2's own type for bytes
}

std::string words_for(int error) {
  std::array<PCRE2_UCHAR, 200> buffer{};
  pcre2_get_error_message(error, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());  // NOLINT: as above
}

struct ContextDeleter {
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct Pattern::Code {
  explicit Code(pcre2_code* compiled) : code(compiled) {}
  ~Code() { pcre2_code_free(code); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  pcre2_code* code;
};

Result<Pattern> Pattern::compile(std::string_view text) {
  if (text.size() > limits::kMaxPatternBytes) {
    return Error{ErrorCode::invalid, fmt::format("the pattern is longer than {} bytes", limits::kMaxPatternBytes)};
  }
  if (text.substr(0, 2) == "(*") return Error{ErrorCode::invalid, "the pattern starts with a command to its engine"};
  const std::unique_ptr<pcre2_compile_context, ContextDeleter> context(pcre2_compile_context_create(nullptr));
  pcre2_set_parens_nest_limit(context.get(), kNestedParentheses);
  int error = 0;
  PCRE2_SIZE offset = 0;
  constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX |
                                     PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALLOW_EMPTY_CLASS;
  pcre2_code* code = pcre2_compile(bytes_of(text), text.size(), kOptions, &error, &offset, context.get());
  if (code == nullptr) {
    return Error{ErrorCode::invalid,
                 fmt::format("the pattern is none that can be used: {}, at its byte {}", words_for(error), offset)};
  }
  return Pattern(std::make_shared<const Code>(code));
}

Match Pattern::search(std::string_view subject, bool quick) const {
  const std::unique_ptr<pcre2_match_data, ContextDeleter> data(
      pcre2_match_data_create_from_pattern(code_->code, nullptr));
  const std::unique_ptr<pcre2_match_context, ContextDeleter> context(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(context.get(), quick ? kQuickMatchLimit : kMatchLimit);
  pcre2_set_depth_limit(context.get(), kDepthLimit);
  pcre2_set_heap_limit(context.get(), kHeapLimitKib);
  const int found = pcre2_match(code_->code, bytes_of(subject), subject.size(), 0, 0, data.get(), context.get());
  if (found >= 0) return Match::yes;
  return found == PCRE2_ERROR_NOMATCH ? Match::no : Match::too_much_work;
}

}  // namespace trueup::json
