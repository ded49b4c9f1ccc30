// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The C API of libvae4j, declared in native/include/vae4j.h; JavaCPP makes the glue from these
 * declarations. Addresses are longs (0 for NULL), so that a call makes no object. The libraries are
 * loaded in this order: libvae4jwait (which sets OpenMP's wait policy), oneDNN's libgomp, oneDNN,
 * libvae4j. So oneDNN and libvae4j share one OpenMP runtime.
 */
@Properties(
    @Platform(
        value = "linux-x86_64",
        include = "vae4j.h",
        preload = {"vae4jwait", "gomp@.1", "dnnl@.3"},
        preloadresource = "org/bytedeco/dnnl/",
        link = "vae4j",
        library = "jnivae4j"))
final class Native {
  private Native() {}

  static native String vae4j_last_error();

  static native String vae4j_version();

  static native String vae4j_onednn_version();

  static native int vae4j_allocate(@Cast("size_t") long bytes, @Cast("void**") long[] out);

  static native int vae4j_free(@Cast("void*") long memory);

  static native int vae4j_copy(
      @Cast("void*") long target,
      @Cast("const void*") ByteBuffer source,
      @Cast("size_t") long bytes);

  static native int vae4j_copy(
      @Cast("void*") ByteBuffer target,
      @Cast("const void*") long source,
      @Cast("size_t") long bytes);

  static native int vae4j_context_create(
      int threads, int precision, @Nullable String isa, @Cast("vae4j_context**") long[] out);

  static native int vae4j_context_destroy(@Cast("vae4j_context*") long context);

  static native int vae4j_context_threads(@Cast("vae4j_context*") long context, int[] out);

  static native String vae4j_context_isa(@Cast("vae4j_context*") long context);

  static native int vae4j_program_create(
      @Cast("vae4j_context*") long context, @Cast("vae4j_program**") long[] out);

  static native int vae4j_program_destroy(@Cast("vae4j_program*") long program);

  static native int vae4j_program_add(
      @Cast("vae4j_program*") long program,
      String op,
      String names,
      @Cast("const void*") long[] values,
      @Cast("size_t") long bytes);

  static native int vae4j_program_run(@Cast("vae4j_program*") long program);
}
