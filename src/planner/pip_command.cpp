#include "planner/pip_command.h"

namespace trueup::planner {
namespace {

/// As a shell reads it as one word.
std::string quoted(const std::string& word) {
  const bool plain =
      word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-") == std::string::npos;
  if (plain && !word.empty()) return word;
  std::string text = "'";
  for (const char one : word) text += one == '\'' ? std::string(R"('\'')") : std::string(1, one);
  return text + "'";
}

}  // namespace

std::vector<std::string> pip_words(const std::string& interpreter, const std::string& file) {
  return {interpreter, "-m", "pip", "install", "--break-system-packages", "-r", file};
}

std::string pip_command(const std::string& interpreter, const std::string& file) {
  std::string text;
  for (const std::string& word : pip_words(interpreter, file)) text += (text.empty() ? "" : " ") + quoted(word);
  return text;
}

}  // namespace trueup::planner
