#include "web/template.h"

#include <kainjow/mustache.hpp>

#include "base/escape.h"
#include "web/assets.h"

namespace trueup::web {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

constexpr std::string_view kPages[] = {"page",    "plugins", "store",  "history", "why",
                                       "finding", "card",    "switch", "line",    "work"};

std::string page_text(std::string_view name) {
  const Asset* found = asset("pages/" + std::string(name) + ".html");
  return found == nullptr ? std::string() : std::string(found->bytes);
}

data data_of(const View& view) {
  data out{data::type::object};
  // An empty text counts as "not there", so that a template can ask.
  for (const auto& [name, text] : view.texts()) out.set(name, text.empty() ? data(data::type::bool_false) : data(text));
  for (const auto& [name, flag] : view.flags()) out.set(name, flag ? data::type::bool_true : data::type::bool_false);
  for (const auto& [name, views] : view.lists()) {
    data list{data::type::list};
    for (const View& one : views) list.push_back(data_of(one));
    out.set(name, list);
  }
  return out;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : escape_for_display(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '`': out += "&#96;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string render(std::string_view name, const View& view) {
  mustache page(page_text(name));
  page.set_custom_escape([](const std::string& text) { return html_text(text); });
  data values = data_of(view);
  for (const std::string_view part : kPages) {
    values.set(std::string(part) + "_part", partial([part] { return page_text(part); }));
  }
  return page.render(values);
}

}  // namespace trueup::web
