// SPDX-License-Identifier: Apache-2.0
// The objects of a library's Create functions. A destroyed object is recognised: its memory is kept
// for a while, without the magic number.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "control.h"

namespace cudasim {

template <class T>
class LibraryObjects {
 public:
  explicit LibraryObjects(const char* kind) : kind_(kind) {}

  T* create(const T& value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto made = std::make_unique<T>(value);
    T* const object = made.get();
    alive_[object] = std::move(made);
    cudasim_library_own(object, kind_);
    return object;
  }

  // False if it was destroyed before, or not made by the Create function.
  bool drop(T* object) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = alive_.find(object);
    if (found == alive_.end()) return false;
    object->magic = 0;
    cudasim_library_drop(object);
    destroyed_.push_back(std::move(found->second));
    alive_.erase(found);
    if (destroyed_.size() > kRemembered) destroyed_.pop_front();
    return true;
  }

 private:
  static constexpr size_t kRemembered = 4096;
  const char* const kind_;
  std::mutex mutex_;
  std::unordered_map<const T*, std::unique_ptr<T>> alive_;
  std::deque<std::unique_ptr<T>> destroyed_;
};

} // namespace cudasim
