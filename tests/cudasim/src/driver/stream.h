// SPDX-License-Identifier: Apache-2.0
// A capture in progress (CUDA driver API, "Stream Management": cuStreamBeginCapture).
#pragma once

#include "runtime.h"

namespace cudasim {

enum class CaptureMode : int { Global = 0, ThreadLocal = 1, Relaxed = 2 };

struct Capture {
  Graph* graph = nullptr;
  Stream* origin = nullptr;
  CaptureMode mode = CaptureMode::Global;
  std::thread::id thread;
  bool invalidated = false;
  // Streams that joined by waiting on a captured event; they must be joined back.
  std::map<Stream*, bool> joined; // stream -> its work has been waited for
};

void invalidate(Capture& capture);

} // namespace cudasim
