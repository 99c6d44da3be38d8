// The files that the page is made of, as they were when trueup was built (cmake/embed.py makes them a table).
#pragma once

#include <optional>
#include <string_view>

namespace trueup::web {

struct Asset {
  std::string_view name;  // "trueup.css", "pages/plugins.html"
  std::string_view bytes;
  std::string_view gzip;    // the same, compressed; empty for what is never sent as it is
  std::string_view digest;  // changes when the bytes do; part of the address, so that a browser may keep it for ever
};

const Asset* asset(std::string_view name);

}  // namespace trueup::web
