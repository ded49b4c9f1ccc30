// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoDAsync;

/** A copy from device memory to device memory. */
final class MemoryCopy implements Step {
  private final CudaContext context;
  private final long source;
  private final long target;
  private final long bytes;

  MemoryCopy(CudaContext context, long source, long target, long bytes) {
    this.context = context;
    this.source = source;
    this.target = target;
    this.bytes = bytes;
  }

  @Override
  public void submit(int block) {
    context.launching("copy");
    context
        .calls()
        .check(cuMemcpyDtoDAsync(target, source, bytes, context.stream()), "cuMemcpyDtoDAsync");
    context.launched();
  }
}
