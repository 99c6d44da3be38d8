#include "ledger/kept_files.h"

#include <gmock/gmock.h>

#include "base/limits.h"

namespace trueup::ledger {

namespace {

KeptFile copy_of(const std::string& document, std::int64_t number, const std::string& digest) {
  return {.number = number,
          .document = document,
          .path = std::to_string(number) + "-" + document,
          .digest = digest,
          .transaction_id = "t-" + std::to_string(number),
          .parses = true};
}

std::vector<std::int64_t> numbers(const std::vector<KeptFile>& files) {
  std::vector<std::int64_t> numbers;
  for (const auto& file : files) numbers.push_back(file.number);
  return numbers;
}

}  // namespace

TEST(KeptFiles, five_distinct_last_good_copies_of_each_document_stay) {
  std::vector<KeptFile> kept;
  for (int number = 1; number <= 7; ++number) kept.push_back(copy_of("config", number, std::to_string(number)));
  kept.push_back(copy_of("state", 8, "s"));
  EXPECT_THAT(numbers(removable_kept_files(kept, {})), ::testing::ElementsAre(1, 2));
  EXPECT_THAT(numbers(last_good_copies(kept, "config")), ::testing::ElementsAre(7, 6, 5, 4, 3));
}

TEST(KeptFiles, the_same_content_again_counts_once_and_its_newest_copy_stays) {
  std::vector<KeptFile> kept;
  for (int number = 1; number <= 9; ++number)
    kept.push_back(copy_of("config", number, number % 2 == 0 ? "even" : "odd"));
  EXPECT_THAT(numbers(removable_kept_files(kept, {})), ::testing::ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST(KeptFiles, what_an_undo_still_needs_stays_however_old) {
  std::vector<KeptFile> kept;
  for (int number = 1; number <= 8; ++number) kept.push_back(copy_of("config", number, std::to_string(number)));
  kept[0].needed_for_undo = true;
  kept[1].needed_for_undo = true;
  EXPECT_THAT(numbers(removable_kept_files(kept, {"t-1", "t-3"})), ::testing::ElementsAre(2, 3));
}

TEST(KeptFiles, damaged_bytes_are_no_last_good_copy) {
  KeptFile damaged = copy_of("state", 1, "d");
  damaged.parses = false;
  damaged.needed_for_undo = true;
  EXPECT_THAT(last_good_copies({damaged}, "state"), ::testing::IsEmpty());
  EXPECT_THAT(removable_kept_files({damaged}, {"t-1"}), ::testing::IsEmpty());
  EXPECT_THAT(numbers(removable_kept_files({damaged}, {})), ::testing::ElementsAre(1));
}

TEST(KeptFiles, the_next_number_is_above_the_recorded_and_above_what_a_crash_left) {
  EXPECT_EQ(next_kept_number(0, {}), 1);
  EXPECT_EQ(next_kept_number(7, {{.name = "3-config.json"}}), 8);
  EXPECT_EQ(next_kept_number(7, {{.name = "12-config.json"}, {.name = "99"}, {.name = "x-1"}, {.name = ""}}), 13);
}

}  // namespace trueup::ledger
