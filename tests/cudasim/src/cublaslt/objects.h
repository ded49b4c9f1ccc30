// SPDX-License-Identifier: Apache-2.0
// The objects of the library's Create functions. A destroyed object is recognised: its memory is kept
// for a while, without the magic number.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "lt.h"

namespace lt {

template <class T>
class Objects {
 public:
  explicit Objects(const char* kind) : kind_(kind) {}

  T* create(const T& value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto made = std::make_unique<T>(value);
    T* const object = made.get();
    alive_[object] = std::move(made);
    cudasim_library_own(object, kind_);
    return object;
  }

  int destroy(const char* call, T* object) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (object == nullptr) return kSuccess;
    const auto found = alive_.find(object);
    if (found == alive_.end()) {
      return fail(kInvalidValue, call, "it was destroyed before, or not made by the Create function");
    }
    object->magic = 0;
    cudasim_library_drop(object);
    destroyed_.push_back(std::move(found->second));
    alive_.erase(found);
    if (destroyed_.size() > kRemembered) destroyed_.pop_front();
    return kSuccess;
  }

 private:
  static constexpr size_t kRemembered = 4096;
  const char* const kind_;
  std::mutex mutex_;
  std::unordered_map<const T*, std::unique_ptr<T>> alive_;
  std::deque<std::unique_ptr<T>> destroyed_;
};

} // namespace lt
