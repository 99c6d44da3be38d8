// How files are named that were displaced and are kept: "<number>-[taken-back-]<file>[.<whose>][.<count>]". The name
// says whose text it is, so that what a failed or interrupted action left is understood without a record of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trueup::engine {

/// Whose text a displaced file holds.
enum class Whose : std::uint8_t {
  basis,          // what the rewrite rests on and replaced
  theirs,         // another program's, which came out when it was too late to put it back: a person is asked
  ours,           // stood under the document's name for a moment, so another program may have it open still
  crossed,        // a copy of another program's text that was put back: it may be lost to a text that rests on ours
  crossed_basis,  // the text before both, which tells what of `crossed` is that program's own
};

/// Of these it is not settled yet whether what they say is in effect: the ledger lists them without a digest.
bool is_open_question(Whose whose);

struct KeptName {
  std::int64_t number = 0;  // of the action
  bool taken_back = false;  // displaced when the action was taken back
  std::string file;         // name of the document's file
  Whose whose = Whose::basis;
  int count = 1;  // of several of one action
  bool operator==(const KeptName&) const = default;
};

std::string text_of(const KeptName& name);

/// Nothing unless `text` is exactly what text_of makes.
std::optional<KeptName> parse_kept_name(std::string_view text);

}  // namespace trueup::engine
