// SPDX-License-Identifier: Apache-2.0
// The objects of cuBLASLt's Create functions.
#pragma once

#include "../driver/library_objects.h"
#include "lt.h"

namespace lt {

template <class T>
class Objects : public cudasim::LibraryObjects<T> {
 public:
  using cudasim::LibraryObjects<T>::LibraryObjects;

  int destroy(const char* call, T* object) {
    if (object == nullptr || this->drop(object)) return kSuccess;
    return fail(kInvalidValue, call, "it was destroyed before, or not made by the Create function");
  }
};

} // namespace lt
