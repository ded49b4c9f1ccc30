// SPDX-License-Identifier: Apache-2.0
// The border of the C API: no exception crosses it.
#pragma once

#include "vae4j.h"

namespace vae4j {

// Within a handler: keeps the text of the exception for vae4j_last_error, and returns its status.
int caught() noexcept;

template <class Body>
int guarded(const Body& body) noexcept {
  try {
    body();
    return VAE4J_OK;
  } catch (...) {
    return caught();
  }
}

}  // namespace vae4j
