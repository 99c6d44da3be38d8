// A ledger with any bytes in it is read or refused, and a writing start makes it usable again; nothing crashes.
// An input that begins as an SQLite file is taken as it is. Any other is a list of changes to a sound ledger, four
// bytes each: place (three bytes) and value, so that small inputs reach deep into the pages.
// links: ledger
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ledger/ledger.h"
#include "ledger/sqlite.h"
#include "platform/memory_file_system.h"

namespace {

using trueup::ledger::Ledger;
using trueup::ledger::Pass;
using trueup::ledger::Reader;
using trueup::ledger::Snapshot;
using trueup::platform::MemoryFileSystem;

constexpr const char* kPath = "/root/.trueup";

void require(bool condition) {
  if (!condition) std::abort();
}

Pass pass_of(const std::string& name) {
  return {
      .actions = {{.transaction_id = name, .verb = "install", .plugin_id = name, .result = "done", .inverse = "{}"}},
      .receipts_put = {{.plugin_id = name, .directory = name, .version = "1", .origin = "o"}},
      .tombstones_put = {name},
      .holds_put = {{.finding = name, .evidence_digest = "e", .reason = "r"}},
      .attempts_put = {{.plugin_id = name, .source = "s", .entry_digest = "d", .count = 1}},
      .kept_put = {{.number = 1, .document = "config", .path = name, .digest = "d", .transaction_id = name}},
      .notes_put = {{name, "yes"}}};
}

std::string sound_ledger() {
  MemoryFileSystem disk;
  disk.put_directory(kPath);
  const auto own = disk.open_root(kPath);
  auto ledger = Ledger::open(**own, "00112233445566778899aabbccddeeff");
  for (const char* name : {"clock", "news", "weather"}) require(ledger->record(pass_of(name)).has_value());
  return disk.files().at("/root/.trueup/ledger.db");
}

std::string ledger_from(std::string_view input) {
  static const std::string sound = sound_ledger();
  if (input.starts_with("SQLite format 3")) return std::string(input);
  std::string bytes = sound;
  for (; input.size() >= 4; input.remove_prefix(4)) {
    std::size_t place = 0;
    for (const std::size_t i : {2U, 1U, 0U}) place = place * 256 + static_cast<unsigned char>(input[i]);
    bytes[place % bytes.size()] = input[3];
  }
  return bytes;
}

void ask_everything(const Reader& reader) {
  (void)reader.facts();
  (void)reader.history();
  (void)reader.action(1);
  (void)reader.is_recorded("clock");
  (void)reader.kept_files();
  (void)reader.undoable_transactions();
  (void)reader.last_kept_number();
  (void)reader.note("clock");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = ledger_from({reinterpret_cast<const char*>(data), size});
  if (auto unchecked = trueup::ledger::sqlite::Database::in_memory(bytes)) ask_everything(Reader(**unchecked));
  const auto snapshot = Snapshot::from_bytes(bytes);
  if (snapshot) ask_everything(snapshot->read());

  MemoryFileSystem disk;
  disk.put_file(std::string(kPath) + "/ledger.db", bytes);
  const auto own = disk.open_root(kPath);
  auto ledger = Ledger::open(**own, "00112233445566778899aabbccddeeff");
  if (!ledger) {
    require(ledger.error().code == trueup::ErrorCode::unsupported);  // of a newer trueup
    return 0;
  }
  require(!(snapshot && ledger->damage()));
  require(ledger->record(pass_of("after")).has_value());
  return 0;
}
