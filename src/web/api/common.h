// What the handlers of the API share.
#pragma once

#include <string>
#include <string_view>

#include "base/iso_time.h"
#include "json/write.h"
#include "web/body.h"
#include "web/endpoint.h"
#include "web/envelope.h"

namespace trueup::web {

/// What may be a plugin's id, or 400: never a path, an option or a setting of the core (failures F137, F141).
tl::expected<std::string, ApiError> plugin_id_of(const std::string& text);
/// The same from the field `plugin_id` of a body, or of the query.
tl::expected<std::string, ApiError> plugin_id_in(const Body& body);
tl::expected<std::string, ApiError> plugin_id_in(const Request& request);

void write_texts(json::Writer& out, const std::vector<std::string>& texts);

/// An error of trueup as an answer; one that names what is wrong with settings lists it.
Response failed(const Error& error);

/// The source's own reason, when it could not be read (promise 1).
std::optional<Response> unless_known(const Knowledge& knowledge, model::Source source);

/// `changed`, `notes` and the number of history, for the top of an answer.
std::vector<std::pair<std::string, std::string>> what_changed(const Outcome& outcome);

/// What a change came to: its sentence, and for programs `changed`, `notes` and the number of history.
Response told(const Outcome& outcome, const Knowledge& knowledge);

}  // namespace trueup::web
