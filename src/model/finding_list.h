// Findings that stand in a plan, in its order, without a copy of them: thousands of findings are held once.
//
// Requires: the plan outlives the list. It may be moved, never copied instead.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include "model/inconsistency.h"

namespace trueup::model {

class FindingList {
 public:
  using value_type = Inconsistency;

  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Inconsistency;
    using difference_type = std::ptrdiff_t;
    using pointer = const Inconsistency*;
    using reference = const Inconsistency&;

    const_iterator() = default;
    explicit const_iterator(std::vector<pointer>::const_iterator at) : at_(at) {}
    reference operator*() const { return **at_; }
    pointer operator->() const { return *at_; }
    const_iterator& operator++() {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) { return const_iterator(at_++); }
    bool operator==(const const_iterator&) const = default;

   private:
    std::vector<pointer>::const_iterator at_;
  };
  using iterator = const_iterator;

  void add(const Inconsistency& finding) { findings_.push_back(&finding); }
  void add_all(const std::vector<Inconsistency>& findings) {
    for (const Inconsistency& finding : findings) add(finding);
  }

  [[nodiscard]] std::size_t size() const { return findings_.size(); }
  [[nodiscard]] bool empty() const { return findings_.empty(); }
  const Inconsistency& operator[](std::size_t i) const { return *findings_[i]; }
  [[nodiscard]] const Inconsistency& front() const { return *findings_.front(); }
  [[nodiscard]] const_iterator begin() const { return const_iterator(findings_.begin()); }
  [[nodiscard]] const_iterator end() const { return const_iterator(findings_.end()); }
  bool operator==(const FindingList& other) const { return std::ranges::equal(*this, other); }

 private:
  std::vector<const Inconsistency*> findings_;
};

}  // namespace trueup::model
