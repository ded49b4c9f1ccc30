// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.NativeLoading;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Processors;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.Turn;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * The backend in native code on the CPU: oneDNN's matrix products and the fused loops of libvae4j,
 * for the machine's instruction set, on its cores. Results of the loops do not depend on the number
 * of threads; those of matrix products may, in the last bits.
 */
public final class CpuBackend implements Backend {
  private static final String PLATFORM = "linux-x86_64";

  /** In the order in which they need each other. */
  private static final List<String> LIBRARIES =
      List.of(
          PLATFORM + "/libvae4jwait.so",
          "/org/bytedeco/dnnl/" + PLATFORM + "/libgomp.so.1",
          "/org/bytedeco/dnnl/" + PLATFORM + "/libdnnl.so.3",
          PLATFORM + "/libvae4j.so",
          PLATFORM + "/libjnivae4j.so");

  private final LeakTracker tracker = new LeakTracker();
  private final Turn turn = new Turn("cpu backend");
  private final Precision precision;
  private long handle;

  private CpuBackend(int threads, Precision precision, @Nullable String isa) {
    this.precision = precision;
    this.handle =
        NativeCall.made(
            "context", out -> Native.vae4j_context_create(threads, code(precision), isa, out));
  }

  /**
   * Opens the backend.
   *
   * @param threads threads of a computation; 0 for {@link Processors#count}
   * @param precision of matrix products
   * @return the backend, owned by the caller
   * @throws BackendUnavailableException if its native libraries do not load here
   */
  public static CpuBackend open(int threads, Precision precision) {
    return open(threads, precision, null);
  }

  /**
   * Opens the backend with the loops of an instruction set: baseline, avx2, avx512; null for the
   * best.
   */
  static CpuBackend open(int threads, Precision precision, @Nullable String isa) {
    int used = Processors.here().threads(threads);
    if (!Loader.getPlatform().equals(PLATFORM)) {
      throw new BackendUnavailableException(
          "its natives are for "
              + PLATFORM
              + " and this is "
              + Loader.getPlatform()
              + "; use BackendOptions.kind reference here");
    }
    NativeLoading.requireOneLoader(Loader.class, Native.class);
    return NativeLoading.exclusively(
        () -> {
          load();
          return new CpuBackend(used, precision, isa);
        });
  }

  private static void load() {
    NativeFolder.require(LIBRARIES);
    try {
      NativeLoading.run(() -> Loader.load(Native.class));
    } catch (LinkageError e) {
      throw new BackendUnavailableException(
          "its native libraries do not load: " + NativeFolder.failure(e, LIBRARIES), e);
    }
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    try (Turn held = turn.take()) {
      return describe();
    }
  }

  private String describe() {
    int[] threads = new int[1];
    NativeCall.check(Native.vae4j_context_threads(context(), threads), "threads");
    return Native.vae4j_context_isa(context())
        + ", "
        + threads[0]
        + (threads[0] == 1 ? " thread, " : " threads, ")
        + precision.name().toLowerCase(Locale.ROOT)
        + ", oneDNN "
        + Native.vae4j_onednn_version()
        + ", libvae4j "
        + Native.vae4j_version();
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public Buffer allocate(DType type, long length) {
    try (Turn held = turn.take()) {
      return Buffer.owning(new NativeMemory(type.bytes(length), tracker, turn), type, length);
    }
  }

  @Override
  public boolean rowsAreIndependent() {
    return precision == Precision.FP32;
  }

  @Override
  public Program compile(List<Op> ops) {
    try (Turn held = turn.take()) {
      return new NativeProgram(ops, this);
    }
  }

  @Override
  public void synchronize() {
    turn.take().close();
  }

  @Override
  public int open() {
    return tracker.open();
  }

  @Override
  public void close() {
    try (Turn held = turn.takeToFree()) {
      if (handle != 0) {
        long destroyed = handle;
        handle = 0;
        turn.end();
        tracker.reportOpen();
        NativeCall.check(Native.vae4j_context_destroy(destroyed), "destroy context");
      }
    }
  }

  /** The native context; throws if the backend was closed. */
  long context() {
    if (handle == 0) {
      throw new IllegalStateException("the cpu backend was closed");
    }
    return handle;
  }

  LeakTracker tracker() {
    return tracker;
  }

  /** The value of vae4j_precision in vae4j.h. */
  private static int code(Precision precision) {
    return switch (precision) {
      case FP32 -> 0;
      case TF32 -> 1;
      case BF16 -> 2;
    };
  }
}
