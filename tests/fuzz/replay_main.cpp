// Runs a fuzz target without libFuzzer: each corpus file once, then a fixed series of mutations of them, the same in
// every run, so that a failure can be repeated. `NAME_fuzz FILE` runs one input, such as one that libFuzzer found.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr int kMutations = 4000;
constexpr std::size_t kLongestMutated = 4096;  // a long input costs time and finds little here

std::vector<std::string> read_inputs(const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  } else {
    files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& inputs) : inputs_(inputs) {}

  std::string next() {
    std::string text = any_input();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  const std::string& any_input() { return inputs_[below(inputs_.size())]; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(16, text.size() - at) + 1);
    switch (below(6)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, text.substr(at, length)); break;
      case 2: text.resize(at); break;
      case 3: text.insert(at, 1, static_cast<char>(below(256))); break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      default: {
        const std::string& other = any_input();
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other, from, below(64));
      }
    }
  }

  const std::vector<std::string>& inputs_;
  std::mt19937 random_{20260326};  // NOLINT(cert-msc51-cpp): the same series in every run is the point
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s CORPUS-DIRECTORY | FILE\n", arguments[0]);
    return 64;
  }
  std::vector<std::string> inputs = read_inputs(arguments[1]);
  for (const auto& input : inputs) run(input);
  if (!fs::is_directory(arguments[1])) return 0;
  if (inputs.empty()) {
    std::fprintf(stderr, "%s holds no input\n", arguments[1]);
    return 1;
  }
  const std::size_t total = inputs.size();
  std::erase_if(inputs, [](const auto& input) { return input.size() > kLongestMutated; });
  inputs.emplace_back();
  Mutator mutator(inputs);
  for (int i = 0; i < kMutations; ++i) run(mutator.next());
  std::printf("%zu corpus files and %d mutations\n", total, kMutations);
  return 0;
}
