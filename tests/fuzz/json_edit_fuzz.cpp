// A document, then lines "path/to/value=JSON" or "path/to/value" (removed), behind the first zero byte: the edited text
// is always JSON again, each edit is seen in it, and doing nothing changes nothing.
// links: json base
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "json/canonical.h"
#include "json/edit.h"

namespace {

using trueup::json::Document;
using trueup::json::Edit;

void require(bool condition) {
  if (!condition) std::abort();
}

Edit parse_edit(std::string_view line) {
  Edit edit;
  if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
    edit.value = line.substr(equals + 1);
    line = line.substr(0, equals);
  }
  while (!line.empty()) {
    const std::size_t slash = std::min(line.find('/'), line.size());
    edit.path.emplace_back(line.substr(0, slash));
    line.remove_prefix(std::min(slash + 1, line.size()));
  }
  return edit;
}

bool counts_elements(const Edit& edit) {
  for (const auto& step : edit.path) {
    if (step == "-" || step.find_first_not_of("0123456789") == std::string::npos) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\0'), input.size());
  const auto document = Document::parse(std::string(input.substr(0, end)));
  if (!document) return 0;
  require(*trueup::json::apply(*document, {}) == document->bytes());
  std::vector<Edit> edits;
  std::string_view rest = input.substr(std::min(end + 1, input.size()));
  while (!rest.empty() && edits.size() < 20) {
    const std::size_t line = std::min(rest.find('\n'), rest.size());
    edits.push_back(parse_edit(rest.substr(0, line)));
    rest.remove_prefix(std::min(line + 1, rest.size()));
  }
  const auto text = trueup::json::apply(*document, edits);
  if (!text) return 0;
  const auto edited = Document::parse(*text);
  require(edited.has_value());
  for (const Edit& edit : edits) {
    if (counts_elements(edit)) continue;  // positions move
    const auto now = trueup::json::find(*edited, edit.path);
    require(now.has_value() == edit.value.has_value());
    if (now) require(trueup::json::equal(*now, Document::parse(*edit.value)->root()));
  }
  return 0;
}
