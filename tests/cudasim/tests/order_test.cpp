// SPDX-License-Identifier: Apache-2.0
// Two streams run in the orders that their events allow, and a missing wait shows.
#include "harness.h"

namespace {

struct TwoStreams {
  Device device;
  CUstream first = nullptr, second = nullptr;
  CUevent event = nullptr;
  CUdeviceptr shared, out;

  explicit TwoStreams(int order) {
    CHECK_EQ(cudasim_set_option("order", order), 0);
    CHECK_EQ(cuStreamCreate(&first, 1), 0);
    CHECK_EQ(cuStreamCreate(&second, 1), 0);
    CHECK_EQ(cuEventCreate(&event, 2), 0);
    shared = device.allocate(4);
    out = device.allocate(4);
    CHECK_EQ(cuMemsetD32Async(shared, 1, 1, first), 0);
    CHECK_EQ(cuMemsetD32Async(out, 0, 1, first), 0);
    CHECK_EQ(cuStreamSynchronize(first), 0);
  }
  ~TwoStreams() {
    cuEventDestroy_v2(event);
    cuStreamDestroy_v2(second);
    cuStreamDestroy_v2(first);
    cudasim_set_option("order", 0);
  }
  void wait(CUstream from, CUstream waiting) {
    CHECK_EQ(cuEventRecord(event, from), 0);
    CHECK_EQ(cuStreamWaitEvent(waiting, event, 0), 0);
  }
  // The second stream writes, then the first reads.
  uint32_t readAfterWrite(bool waits) {
    CHECK_EQ(cuMemsetD32Async(shared, 2, 1, second), 0);
    if (waits) wait(second, first);
    CHECK_EQ(cuMemcpyDtoDAsync_v2(out, shared, 4, first), 0);
    return result();
  }
  // The first reads, then the second writes.
  uint32_t writeAfterRead(bool waits) {
    CHECK_EQ(cuMemcpyDtoDAsync_v2(out, shared, 4, first), 0);
    if (waits) wait(first, second);
    CHECK_EQ(cuMemsetD32Async(shared, 2, 1, second), 0);
    return result();
  }
  uint32_t result() {
    CHECK_EQ(cuStreamSynchronize(first), 0);
    return device.download<uint32_t>(out, 1)[0];
  }
};

} // namespace

TEST(order_late_shows_a_read_that_does_not_wait) {
  {
    TwoStreams s(1);
    CHECK_EQ(s.readAfterWrite(false), 1);
  }
  {
    TwoStreams s(1);
    CHECK_EQ(s.readAfterWrite(true), 2);
  }
}

TEST(order_early_shows_a_write_that_does_not_wait) {
  {
    TwoStreams s(2);
    CHECK_EQ(s.writeAfterRead(false), 2);
  }
  {
    TwoStreams s(2);
    CHECK_EQ(s.writeAfterRead(true), 1);
  }
}

TEST(order_of_submission_hides_both) {
  {
    TwoStreams s(0);
    CHECK_EQ(s.readAfterWrite(false), 2);
  }
  {
    TwoStreams s(0);
    CHECK_EQ(s.writeAfterRead(false), 1);
  }
}

TEST(order_query_sees_work_that_waits) {
  TwoStreams s(1);
  CHECK_EQ(cuMemsetD32Async(s.shared, 2, 1, s.second), 0);
  s.wait(s.second, s.first);
  CHECK_EQ(cuStreamSynchronize(s.first), 0);
  CHECK_EQ(cuStreamQuery(s.second), 0);
  CHECK_EQ(cudasim_set_option("order", 3), 1);
}
