// Readers of the catalogue beside a writer that scans again and again, against the same questions to a map that a
// mutex guards. One question: does a plugin exist, and who provides a mode.
#include <benchmark/benchmark.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "host/catalogue.h"
#include "support/observation_builder.h"

namespace {

using namespace trueup;  // NOLINT(google-build-using-namespace): a benchmark

constexpr int kPlugins = 100;

std::string id_of(int i) { return "plugin-" + std::to_string(i); }

model::Observation scan() {
  test::ObservationBuilder builder;
  for (int i = 0; i < kPlugins; ++i) builder.installed(id_of(i)).modes({"mode_" + std::to_string(i)});
  return builder.seen;
}

/// Runs `work` again and again until it ends.
class Writer {
 public:
  template <typename Work>
  explicit Writer(const Work& work)
      : thread_([this, work] {
          while (!stop_.load(std::memory_order_relaxed)) work();
        }) {}
  ~Writer() {
    stop_ = true;
    thread_.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

host::CataloguePublisher& publisher() {
  static host::CataloguePublisher one;
  return one;
}

void snapshot_beside_a_writer(benchmark::State& state) {
  static std::unique_ptr<Writer> writer;
  if (state.thread_index() == 0) {
    const auto seen = scan();
    if (!publisher().publish(seen)) state.SkipWithError("not published");
    writer = std::make_unique<Writer>([seen] { benchmark::DoNotOptimize(publisher().publish(seen)); });
  }
  host::CatalogueReader reader(publisher());
  int i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(reader.now().find(id_of(++i % kPlugins)));
  if (state.thread_index() == 0) writer.reset();
}

/// What the catalogue would be without snapshots.
struct GuardedMap {
  std::mutex mutex;
  std::map<std::string, model::CataloguePlugin, std::less<>> plugins;

  void rescan(const model::Observation& seen) {
    const std::lock_guard lock(mutex);
    plugins.clear();
    for (const auto& directory : seen.disk.directories) {
      plugins[directory.id] = {.id = directory.id, .directory = directory.name, .version = directory.version};
    }
  }
  bool has(const std::string& id) {
    const std::lock_guard lock(mutex);
    return plugins.contains(id);
  }
};

void guarded_map_beside_a_writer(benchmark::State& state) {
  static GuardedMap map;
  static std::unique_ptr<Writer> writer;
  if (state.thread_index() == 0) {
    const auto seen = scan();
    map.rescan(seen);
    writer = std::make_unique<Writer>([seen] { map.rescan(seen); });
  }
  int i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(map.has(id_of(++i % kPlugins)));
  if (state.thread_index() == 0) writer.reset();
}

BENCHMARK(snapshot_beside_a_writer)->ThreadRange(1, 16)->UseRealTime();
BENCHMARK(guarded_map_beside_a_writer)->ThreadRange(1, 16)->UseRealTime();

void make_catalogue(benchmark::State& state) {
  test::ObservationBuilder builder;
  for (int i = 0; i < state.range(0); ++i) builder.installed(id_of(i)).modes({"mode_" + std::to_string(i)});
  for (auto _ : state) benchmark::DoNotOptimize(model::make_catalogue(builder.seen));
}
BENCHMARK(make_catalogue)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
