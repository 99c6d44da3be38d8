// A value that most of thousands do not have: like std::optional, and an absent one takes only a pointer's place.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace trueup {

template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT(google-explicit-constructor): as optional
  Boxed(const Boxed& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Boxed() = default;

  [[nodiscard]] bool has_value() const { return value_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  T& emplace() { return *(value_ = std::make_unique<T>()); }
  /// The value, made where there is none.
  T& made() { return has_value() ? *value_ : emplace(); }
  void reset() { value_.reset(); }

  bool operator==(const Boxed& other) const {
    return has_value() == other.has_value() && (!has_value() || *value_ == *other);
  }

 private:
  std::unique_ptr<T> value_;
};

/// std::optional and Boxed alike.
template <typename T>
concept MayBeNothing = requires(const T& value) {
  { value.has_value() } -> std::same_as<bool>;
  *value;
};

}  // namespace trueup
