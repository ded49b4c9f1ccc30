// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace vae4j::model {

// The SHA-256 of bytes (FIPS 180-4), in hexadecimal digits.
std::string sha256(const void* bytes, size_t count);

}  // namespace vae4j::model
