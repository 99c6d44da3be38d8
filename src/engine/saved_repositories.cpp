#include "engine/saved_repositories.h"

#include <fmt/core.h>

#include <functional>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/session.h"
#include "engine/undertaking_builder.h"
#include "engine/unfinished.h"
#include "json/edit.h"
#include "json/write.h"
#include "model/document.h"
#include "store/saved_repositories.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using store::SavedRepository;

/// The new text, or nothing when it says so already.
using Change = std::function<Result<std::optional<std::string>>(const std::string& text)>;

json::Path list_in(const json::Document& document) {
  return document.root().is_object() ? json::Path{"repositories"} : json::Path{};
}

/// The places of this repository in the list, last first, however its address is spelled there.
std::vector<std::string> places_in(const json::Document& document, const std::string& url) {
  std::vector<std::string> places;
  const auto list = json::find(document, list_in(document));
  if (!list) return places;
  std::size_t number = 0;
  for (const json::Value one : list->elements()) {
    const auto address = one.find("url");
    const auto saved = store::repository_to_save(address ? address->string().value_or("") : "");
    if (saved && saved->url == url) places.insert(places.begin(), std::to_string(number));
    ++number;
  }
  return places;
}

Result<std::optional<std::string>> read_list(const platform::Directory& root) {
  const std::string path(model::relative_path(DocumentName::saved_repositories));
  auto file = root.read(path, limits::kMaxConfigBytes, platform::Links::follow);
  if (file) return std::optional(std::move(file->bytes));
  if (file.error().code == ErrorCode::not_found) return std::optional<std::string>();
  return std::move(file).error();
}

Result<json::Document> parse_list(std::string text) {
  RETURN_IF_ERROR(store::decode_saved(text));
  return json::Document::parse(std::move(text));
}

Result<RepositoryReport> change_list(World& world, const std::string& url, const std::string& done,
                                     const Change& change) {
  const std::string verb = "store";
  ASSIGN_OR_RETURN(const SettledLook first, look_when_settled(world, verb));
  RepositoryReport report{.url = url, .notes = first.notes};
  {
    ASSIGN_OR_RETURN(const auto root, world.file_system.open_root_for_reading(world.root));
    ASSIGN_OR_RETURN(const auto text, read_list(*root));
    auto possible = change(text.value_or("[]"));
    if (!possible) return first.refusal(std::move(possible).error());
    if (!*possible) return report;
  }
  ASSIGN_OR_RETURN(const auto session, Session::begin(world, verb));
  ASSIGN_OR_RETURN(const auto standing, read_list(session->site().root()));
  ASSIGN_OR_RETURN(auto text, change(standing.value_or("[]")));
  if (text) {
    ASSIGN_OR_RETURN(const auto number, session->next_number());
    UndertakingBuilder builder(number);
    builder.begin_deed({.verb = verb, .plugin_id = "", .reason = "asked_by_owner", .result = done});
    ReplaceDocument replace{.document = DocumentName::saved_repositories, .digest = sha256_hex(*text)};
    if (standing) replace.expected_digest = sha256_hex(*standing);
    builder.add(Operation(std::move(replace)), Materials{.bytes = std::move(*text)});
    builder.all_or_nothing();
    ASSIGN_OR_RETURN(const TransactionReport ran, session->run(builder.take(), builder.materials()));
    report.notes.insert(report.notes.end(), ran.notes.begin(), ran.notes.end());
    report.changed = true;
  }
  ASSIGN_OR_RETURN(report.history, session->end());
  report.notes.insert(report.notes.end(), session->notes().begin(), session->notes().end());
  return report;
}

std::string element_of(const SavedRepository& repository) {
  json::Writer out;
  out.begin_object();
  out.key("url").string(repository.url);
  out.key("name").string(repository.name);
  out.key("type").string(repository.type == SavedRepository::Type::registry ? "registry" : "single");
  out.end_object();
  return std::move(out).text();
}

}  // namespace

Result<RepositoryReport> add_repository(World& world, const std::string& url) {
  ASSIGN_OR_RETURN(const SavedRepository repository, store::repository_to_save(url));
  return change_list(world, repository.url, fmt::format("added the repository {}", repository.url),
                     [&](const std::string& text) -> Result<std::optional<std::string>> {
                       ASSIGN_OR_RETURN(const json::Document list, parse_list(text));
                       if (!places_in(list, repository.url).empty()) return std::optional<std::string>();
                       json::Path end = list_in(list);
                       end.emplace_back("-");
                       ASSIGN_OR_RETURN(auto longer, json::apply(list, {{std::move(end), element_of(repository)}}));
                       return std::optional(std::move(longer));
                     });
}

Result<RepositoryReport> remove_repository(World& world, const std::string& url) {
  ASSIGN_OR_RETURN(const SavedRepository repository, store::repository_to_save(url));
  return change_list(world, repository.url, fmt::format("removed the repository {}", repository.url),
                     [&](const std::string& text) -> Result<std::optional<std::string>> {
                       ASSIGN_OR_RETURN(const json::Document list, parse_list(text));
                       std::vector<json::Edit> edits;
                       for (const std::string& place : places_in(list, repository.url)) {
                         edits.push_back({.path = list_in(list), .value = {}});
                         edits.back().path.push_back(place);
                       }
                       if (edits.empty()) {
                         return Error{.code = ErrorCode::not_found,
                                      .message = "this is none of the saved repositories",
                                      .where = repository.url,
                                      .hint = "`trueup store search` shows where each plugin comes from"};
                       }
                       ASSIGN_OR_RETURN(auto shorter, json::apply(list, edits));
                       return std::optional(std::move(shorter));
                     });
}

}  // namespace trueup::engine
