// Any bytes: read or refused with a place, never worse. What is read is consistent and survives being written again.
// links: json base
#include <cstdint>
#include <cstdlib>
#include <string>

#include "json/canonical.h"
#include "json/document.h"
#include "json/write.h"

namespace {

using trueup::json::Document;
using trueup::json::Value;

void require(bool condition) {
  if (!condition) std::abort();
}

void walk(Value value) {
  require(value.begin() < value.end());
  static_cast<void>(value.number());
  static_cast<void>(value.integer());
  std::size_t count = 0;
  for (const auto& member : value.members()) {
    require(value.begin() < member.value.begin() && member.value.end() < value.end());
    const auto found = value.find(member.key);
    require(found && found->begin() == member.value.begin());
    walk(member.value);
    ++count;
  }
  for (const Value element : value.elements()) {
    walk(element);
    ++count;
  }
  require(count == value.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto strict = Document::parse(text, trueup::json::Dialect::strict);
  const auto document = Document::parse(text);
  if (!document) {
    require(document.error().message.substr(0, 5) == "line ");
    return 0;
  }
  static_cast<void>(strict);
  walk(document->root());
  static_cast<void>(trueup::json::python_repr(document->root()));
  trueup::json::Writer out({.indent = 2, .sort_keys = size % 2 == 0});
  out.value(document->root());
  const auto again = Document::parse(std::move(out).text());
  require(again.has_value());
  require(trueup::json::equal(document->root(), again->root()));
  require(trueup::json::canonical(document->root()) == trueup::json::canonical(again->root()));
  return 0;
}
