// SPDX-License-Identifier: Apache-2.0
// Streams, capture and events.
#include "stream.h"

#include <chrono>

using namespace cudasim;

namespace cudasim {

void invalidate(Capture& capture) { capture.invalidated = true; }

Stream* streamOf(Runtime& rt, CUstream handle) {
  const uintptr_t value = reinterpret_cast<uintptr_t>(handle);
  if (value <= 2) return &rt.legacyStream; // null, CU_STREAM_LEGACY, CU_STREAM_PER_THREAD
  return rt.streams.count(handle) ? handle : nullptr;
}

// With a stream: a call that waits for it. Without: an unsafe call, which a capture in global mode
// forbids to every thread and one in thread-local mode to its own.
CUresult checkNotCapturing(Runtime& rt, Stream* stream) {
  if (stream != nullptr && stream->capture) {
    const bool before = stream->capture->invalidated;
    invalidate(*stream->capture);
    return before ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  if (stream != nullptr) return CUDA_SUCCESS;
  for (Capture* capture : rt.captures) {
    const bool own = capture->thread == std::this_thread::get_id();
    if (capture->mode == CaptureMode::Global || (capture->mode == CaptureMode::ThreadLocal && own)) {
      invalidate(*capture);
      return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
  }
  return CUDA_SUCCESS;
}

CUresult enqueue(Runtime& rt, Stream* stream, Work work) {
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) {
    if (stream->capture->invalidated) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    auto node = std::make_shared<GraphNode>();
    node->work = std::move(work);
    stream->capture->graph->nodes.push_back(std::move(node));
    if (stream != stream->capture->origin) stream->capture->joined[stream] = false;
    return CUDA_SUCCESS;
  }
  if (stream == &rt.legacyStream) {
    // The legacy stream waits for all blocking streams, which a capturing one cannot be part of.
    for (Capture* capture : rt.captures) {
      if (!(capture->origin->flags & 1)) {
        invalidate(*capture);
        return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
      }
    }
  }
  rt.submit(stream, std::move(work));
  return CUDA_SUCCESS;
}

} // namespace cudasim

namespace {

CUresult createStream(Runtime& rt, CUstream* out, unsigned flags, int priority) {
  if (out == nullptr || flags > 1) return CUDA_ERROR_INVALID_VALUE;
  auto* stream = new Stream;
  stream->flags = flags;
  stream->priority = priority;
  stream->id = rt.nextStreamId++;
  stream->second = !rt.streams.empty();
  rt.streams.insert(stream);
  *out = stream;
  return CUDA_SUCCESS;
}

} // namespace

CUDASIM_API cuStreamCreate(CUstream* out, unsigned flags) {
  ENTER(kContext);
  return createStream(rt, out, flags, 0);
}

CUDASIM_API cuStreamCreateWithPriority(CUstream* out, unsigned flags, int priority) {
  ENTER(kContext);
  return createStream(rt, out, flags, priority);
}

CUDASIM_API cuStreamDestroy_v2(CUstream handle) {
  ENTER(kContext | kIgnoresSticky);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || stream == &rt.legacyStream) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) {
    invalidate(*stream->capture);
    if (stream->capture->origin == stream) {
      rt.captures.erase(stream->capture.get());
      delete stream->capture->graph;
    }
  } else {
    rt.runUntil(stream->lastTicket);
  }
  rt.streams.erase(stream);
  delete stream;
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamSynchronize(CUstream handle) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (const CUresult rc = checkNotCapturing(rt, stream)) return rc;
  rt.runUntil(stream == &rt.legacyStream ? rt.lastTicket : stream->lastTicket);
  return rt.sticky;
}

CUDASIM_API cuStreamQuery(CUstream handle) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (const CUresult rc = checkNotCapturing(rt, stream)) return rc;
  // A poll sees the device advance: one piece of work each time it asks.
  if (!rt.pending.empty()) rt.runUntil(rt.pending.front().ticket);
  if (rt.sticky != CUDA_SUCCESS) return rt.sticky;
  return rt.isPending(stream->lastTicket) ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

CUDASIM_API cuStreamGetPriority(CUstream handle, int* out) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = stream->priority;
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamGetFlags(CUstream handle, unsigned* out) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = stream->flags;
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamGetId(CUstream handle, unsigned long long* out) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = stream->id;
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamGetCtx(CUstream handle, CUcontext* out) {
  ENTER(kContext);
  if (streamOf(rt, handle) == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = currentContext();
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamBeginCapture_v2(CUstream handle, int mode) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (mode < 0 || mode > 2) return CUDA_ERROR_INVALID_VALUE;
  // "Capture must be initiated on a stream other than the legacy one, which is not capturing."
  if (stream == &rt.legacyStream) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  if (stream->capture) return CUDA_ERROR_INVALID_VALUE;
  auto capture = std::make_shared<Capture>();
  capture->graph = new Graph;
  capture->origin = stream;
  capture->mode = static_cast<CaptureMode>(mode);
  capture->thread = std::this_thread::get_id();
  rt.captures.insert(capture.get());
  stream->capture = std::move(capture);
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamEndCapture(CUstream handle, CUgraph* out) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = nullptr;
  if (!stream->capture) return CUDA_ERROR_INVALID_VALUE;
  const std::shared_ptr<Capture> capture = stream->capture;
  if (capture->origin != stream) return CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
  if (capture->mode != CaptureMode::Relaxed && capture->thread != std::this_thread::get_id()) {
    return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  }
  bool unjoined = false;
  for (const auto& [other, waited] : capture->joined) {
    unjoined |= !waited;
    if (rt.streams.count(other)) other->capture.reset();
  }
  stream->capture.reset();
  rt.captures.erase(capture.get());
  if (capture->invalidated || unjoined) {
    delete capture->graph;
    return capture->invalidated ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
  }
  rt.graphs.insert(capture->graph);
  *out = capture->graph;
  return CUDA_SUCCESS;
}

CUDASIM_API cuStreamIsCapturing(CUstream handle, int* out) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = !stream->capture ? 0 : stream->capture->invalidated ? 2 : 1;
  return CUDA_SUCCESS;
}

CUDASIM_API cuThreadExchangeStreamCaptureMode(int* mode) {
  ENTER(kContext);
  if (mode == nullptr) return CUDA_ERROR_INVALID_VALUE;
  return rt.note(CUDA_ERROR_NOT_SUPPORTED, "cuThreadExchangeStreamCaptureMode is not emulated");
}

CUDASIM_API cuStreamWaitEvent(CUstream handle, CUevent event, unsigned) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || rt.events.count(event) == 0) return CUDA_ERROR_INVALID_HANDLE;
  const std::shared_ptr<Capture> from = event->capture.lock();
  if (event->captured && !from) return CUDA_ERROR_INVALID_VALUE; // of a capture that has ended
  if (!event->captured) {
    // "Event recorded before capture" is a dependency from outside of the graph.
    if (stream->capture && event->recorded) {
      invalidate(*stream->capture);
      return CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
    }
    if (event->recorded) {
      Work wait;
      wait.type = NodeType::WaitEvent;
      wait.name = "cuStreamWaitEvent";
      wait.run = [] { return LaunchError{}; };
      rt.submit(stream, std::move(wait), event->ticket);
    }
    return CUDA_SUCCESS;
  }
  if (stream->capture && stream->capture != from) {
    invalidate(*stream->capture);
    invalidate(*from);
    return CUDA_ERROR_STREAM_CAPTURE_MERGE;
  }
  if (!stream->capture) { // joins the capture
    stream->capture = from;
    from->joined[stream] = false;
  }
  // This stream now waits for the work of the event's stream; waits for this stream are recorded
  // separately.
  const auto other = from->joined.find(event->capturedOn);
  if (other != from->joined.end() && event->capturedOn != stream) other->second = true;
  return CUDA_SUCCESS;
}

CUDASIM_API cuEventCreate(CUevent* out, unsigned flags) {
  ENTER(kContext);
  if (out == nullptr || (flags & ~7u) != 0 || ((flags & 4) && !(flags & 2))) return CUDA_ERROR_INVALID_VALUE;
  auto* event = new Event;
  event->flags = flags;
  rt.events.insert(event);
  *out = event;
  return CUDA_SUCCESS;
}

CUDASIM_API cuEventDestroy_v2(CUevent event) {
  ENTER(kContext | kIgnoresSticky);
  if (rt.events.count(event) == 0) return CUDA_ERROR_INVALID_HANDLE;
  rt.runUntil(event->ticket);
  rt.events.erase(event);
  delete event;
  return CUDA_SUCCESS;
}

namespace {

Work recordWork(Event* event) {
  Work work;
  work.type = NodeType::EventRecord;
  work.name = "cuEventRecord";
  work.run = [event]() -> LaunchError {
    Runtime& rt = runtime();
    if (rt.events.count(event) == 0) return {CUDA_ERROR_INVALID_HANDLE, "record of a destroyed event"};
    using namespace std::chrono;
    event->milliseconds = duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
    event->complete = true;
    return {};
  };
  return work;
}

} // namespace

namespace {

CUresult recordEvent(Runtime& rt, CUevent event, CUstream handle, bool external) {
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr || rt.events.count(event) == 0) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture && external) return enqueue(rt, stream, recordWork(event)); // a node
  if (stream->capture) { // marks a point of the capture
    if (stream->capture->invalidated) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    event->captured = true;
    event->capture = stream->capture;
    event->capturedOn = stream;
    return CUDA_SUCCESS;
  }
  event->captured = false;
  event->capture.reset();
  event->recorded = true;
  event->complete = false;
  const CUresult rc = enqueue(rt, stream, recordWork(event));
  event->ticket = stream->lastTicket;
  return rc;
}

} // namespace

CUDASIM_API cuEventRecord(CUevent event, CUstream handle) {
  ENTER(kContext);
  return recordEvent(rt, event, handle, false);
}

CUDASIM_API cuEventRecordWithFlags(CUevent event, CUstream handle, unsigned flags) {
  ENTER(kContext);
  if (flags > 1) return CUDA_ERROR_INVALID_VALUE;
  return recordEvent(rt, event, handle, flags == 1);
}

CUDASIM_API cuEventQuery(CUevent event) {
  ENTER(kContext | kUnsafe);
  if (rt.events.count(event) == 0) return CUDA_ERROR_INVALID_HANDLE;
  if (event->captured) return CUDA_ERROR_CAPTURED_EVENT;
  if (!rt.pending.empty()) rt.runUntil(rt.pending.front().ticket);
  if (rt.sticky != CUDA_SUCCESS) return rt.sticky;
  return !event->recorded || event->complete ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

CUDASIM_API cuEventSynchronize(CUevent event) {
  ENTER(kContext);
  if (rt.events.count(event) == 0) return CUDA_ERROR_INVALID_HANDLE;
  if (event->captured) return CUDA_ERROR_CAPTURED_EVENT;
  rt.runUntil(event->ticket);
  return rt.sticky;
}

CUDASIM_API cuEventElapsedTime_v2(float* out, CUevent start, CUevent end) {
  ENTER(kContext);
  if (rt.events.count(start) == 0 || rt.events.count(end) == 0) return CUDA_ERROR_INVALID_HANDLE;
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  // "CUDA_ERROR_INVALID_HANDLE if either event has not been recorded or timing is disabled"
  if (!start->recorded || !end->recorded || ((start->flags | end->flags) & 2)) return CUDA_ERROR_INVALID_HANDLE;
  if (!start->complete || !end->complete) return CUDA_ERROR_NOT_READY;
  *out = static_cast<float>(end->milliseconds - start->milliseconds);
  return CUDA_SUCCESS;
}
