// What the owner asks for: command lines of other processes, whose words go back to them while it is done, and
// operations, which have an id and survive a restart. Both are done by the same code, one after the other.
#include <fmt/core.h>

#include <utility>

#include "service/daemon.h"
#include "service/operations_file.h"

namespace trueup::service {
namespace {

std::string shown(const std::vector<std::string>& words) {
  // Only the verb: what stands behind it may be a secret.
  for (const std::string& word : words) {
    if (!word.starts_with("-") && !word.starts_with("/")) return fmt::format("`{}`", word);
  }
  return "a command";
}

/// What a command says last, without its name before it.
std::string last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  text.remove_prefix(std::min(text.size(), text.rfind('\n') + 1));
  constexpr std::string_view kName = "trueup: ";
  if (text.starts_with(kName)) text.remove_prefix(kName.size());
  return std::string(text.substr(0, 200));
}

}  // namespace

std::string Daemon::command(CommandRequest request, CommandListener listener) {
  const std::string name = fmt::format("command {}", ++last_command_);
  if (phase_ != Phase::ready) {
    listener.declined({.code = ErrorCode::unsupported, .message = "the daemon is not ready"});
    return name;
  }
  auto command = std::make_shared<Command>();
  command->request = std::move(request);
  command->listener = std::move(listener);
  commands_[name] = command;
  queue_.add(name, Urgency::owner);
  pump();
  if (queue_.waits(name)) {
    command->patience = ports_.loop.after(command->request.wait, [this, name] {
      decline(name, {.code = ErrorCode::busy,
                     .message = fmt::format("trueup's daemon is at work ({})", at_work_.empty() ? "pass" : at_work_),
                     .where = ports_.own_directory,
                     .hint = "run the command again when it is done, or let it wait longer with --wait SECONDS"});
    });
  }
  return name;
}

void Daemon::decline(const std::string& name, const Error& error) {
  const auto found = commands_.find(name);
  if (found == commands_.end()) return;
  const auto command = std::move(found->second);
  commands_.erase(found);
  queue_.remove(name);
  command->listener.declined(error);
}

void Daemon::abandon(const std::string& name) {
  const auto found = commands_.find(name);
  if (found == commands_.end()) return;
  const bool begun = queue_.is_processed(name);
  commands_.erase(found);
  queue_.remove(name);
  if (begun && stop_) stop_->store(true);
}

void Daemon::begin_owners(Batch batch) {
  const std::string& name = batch.names.front();
  if (const auto found = commands_.find(name); found != commands_.end()) {
    return begin_command(batch, found->second);
  }
  for (const Operation& operation : operations_.all()) {
    if (queue_name(operation.id) == name && operation.state == OperationState::waiting) {
      return begin_operation(batch, operation.id);
    }
  }
  queue_.done(batch);  // it was called off
  pump();
}

void Daemon::begin_command(const Batch& batch, const std::shared_ptr<Command>& command) {
  at_work_ = shown(command->request.words);
  began_ = ports_.loop.now();
  stop_ = std::make_shared<std::atomic<bool>>(false);
  ++counters_.commands;
  command->patience.reset();
  command->listener.begun();
  publish();
  const std::string name = batch.names.front();
  // What the worker says goes to the listener as long as there is one.
  const auto hand_on = [this, name](auto member, std::string_view text) {
    ports_.loop.post([this, name, member, text = std::string(text)] {
      const auto found = commands_.find(name);
      if (found != commands_.end()) (found->second->listener.*member)(text);
    });
  };
  ports_.worker.start([this, batch, name, command, hand_on, stop = stop_] {
    const CommandOutput output{
        .out = [hand_on](std::string_view text) { hand_on(&CommandListener::out, text); },
        .err = [hand_on](std::string_view text) { hand_on(&CommandListener::err, text); },
        .log = [](const LogEvent&) {},
        .stop_wanted = [stop] { return stop->load(); },
    };
    const int status = ports_.command(command->request, output);
    platform::give_back_memory();
    ports_.loop.post([this, batch, name, status] {
      if (const auto found = commands_.find(name); found != commands_.end()) {
        const auto listener = std::move(found->second->listener);
        commands_.erase(found);
        listener.ended(status);
      }
      queue_.add(kEverything, Urgency::change);
      work_ended(batch);
    });
  });
}

void Daemon::begin_operation(const Batch& batch, std::int64_t id) {
  const Operation operation = *operations_.find(id);
  at_work_ = queue_name(id);
  began_ = ports_.loop.now();
  stop_ = std::make_shared<std::atomic<bool>>(false);
  stoppable_operation_ = id;
  operations_.begin(id);
  save_operations({});
  publish();
  ports_.worker.start([this, batch, id, request = operation.request, stop = stop_] {
    CommandRequest command{.words = request.words, .working_directory = "/", .input = request.input};
    command.words.emplace_back("--json");
    std::string out;
    std::string err;
    const auto tell = [this, id](Doing doing) {
      if (doing.says.empty()) return;
      ports_.loop.post([this, id, doing = std::move(doing)]() mutable {
        operations_.tell(id, std::move(doing));
        publish();
      });
    };
    const CommandOutput output{
        .out = [&out](std::string_view text) { out += text; },
        .err =
            [&err, tell](std::string_view text) {
              err += text;
              tell({.says = last_line(text), .percent = {}});
            },
        .log =
            [tell](const LogEvent& event) {
              std::string says = event.name;
              for (const LogField& field : event.fields) {
                if (field.key == "plugin_id") says += " " + field.value;
              }
              tell({.says = std::move(says), .percent = {}});
            },
        .stop_wanted = [stop] { return stop->load(); },
        .progress = tell,
    };
    const int status = ports_.command(command, output);
    platform::give_back_memory();
    ports_.loop.post([this, batch, id, status, out = std::move(out), err = std::move(err)]() mutable {
      operations_.end(id, status, out, std::move(err), seconds_now());
      save_operations({});
      queue_.add(kEverything, Urgency::change);
      Operation ended = *operations_.find(id);
      ended.output = std::move(out);  // what is kept of it may be shorter
      work_ended(batch);
      tell_end(ended);
    });
  });
}

void Daemon::submit(OperationRequest request, std::function<void(Result<std::int64_t>)> then) {
  if (phase_ == Phase::stopping) {
    return then(Error{.code = ErrorCode::busy, .message = "the daemon is about to end"});
  }
  const auto id = operations_.submit(std::move(request), seconds_now());
  if (!id) return then(id.error());
  publish();
  save_operations([this, id = *id, then = std::move(then)](const Status&) {
    // One that cannot be written down is done all the same (failure F68).
    then(id);
    queue_.add(queue_name(id), Urgency::owner);
    pump();
  });
}

Status Daemon::cancel(std::int64_t id) {
  RETURN_IF_ERROR(operations_.cancel(id));
  if (stoppable_operation_ == id && stop_) stop_->store(true);
  queue_.remove(queue_name(id));
  save_operations({});
  publish();
  if (const Operation* ended = operations_.find(id); ended->has_ended()) tell_end(*ended);
  return ok();
}

void Daemon::when_ended(std::int64_t id, std::function<void(const Operation&)> then) {
  const Operation* operation = operations_.find(id);
  if (operation->has_ended()) return then(*operation);
  wait_for_end_.emplace(id, std::move(then));
}

void Daemon::tell_end(const Operation& operation) {
  const auto [first, last] = wait_for_end_.equal_range(operation.id);
  std::vector<std::function<void(const Operation&)>> waiting;
  for (auto one = first; one != last; ++one) waiting.push_back(std::move(one->second));
  wait_for_end_.erase(first, last);
  for (const auto& then : waiting) then(operation);
}

std::int64_t Daemon::seconds_now() const {
  return std::chrono::duration_cast<std::chrono::seconds>(ports_.clock.wall_now().time_since_epoch()).count();
}

void Daemon::save_operations(std::function<void(Status)> then) {
  ++saving_;
  ports_.scribe.start([this, text = operations_.encode(), then = std::move(then)]() mutable {
    const auto own = ports_.file_system.open_root(ports_.own_directory);
    const Status saved = own ? service::save_operations(**own, text) : Status(own.error());
    ports_.loop.post([this, saved, then = std::move(then)] {
      --saving_;
      if (!saved && !save_failed_) {
        log(LogLevel::warning, "operations.not_kept", {{"why", saved.error().text()}});
      }
      save_failed_ = !saved;
      if (then) then(saved);
      if (phase_ == Phase::stopping && saving_ == 0 && at_work_.empty() && ended_) {
        ports_.loop.post(std::exchange(ended_, {}));
      }
    });
  });
}

}  // namespace trueup::service
