// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.bytedeco.cuda.global.cudnn.*;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.driver.Choices;
import io.github.vae4j.backend.cuda.driver.CudaContext;
import io.github.vae4j.backend.cuda.driver.Gpu;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.tensor.Arena;
import org.bytedeco.cuda.cudnn.cudnnContext;

/**
 * The cuDNN handle. The library is loaded and the handle opened by the first convolution, so that
 * models without one need no cuDNN.
 */
public final class DnnHandle implements AutoCloseable {
  private static final int MAJOR = 9;

  private final Gpu gpu;
  private final DnnCalls calls;
  private final DnnSearch search;
  private final Arena owned = new Arena();
  private final cudnnContext handle = new cudnnContext();
  private boolean opened;

  /**
   * A handle that is not open yet.
   *
   * @param gpu the device, which must be closed after this
   * @param precision of the factors
   * @param choices of algorithms
   */
  public DnnHandle(Gpu gpu, Precision precision, Choices choices) {
    this.gpu = gpu;
    this.calls = new DnnCalls(gpu.context());
    // bf16 too: cuDNN rounds float32 operands to TensorFloat-32 only. Of bfloat16 operands it would
    // also round the results.
    boolean tf32 = precision != Precision.FP32 && gpu.context().device().isAmpereOrLater();
    this.search = new DnnSearch(this, choices, tf32);
  }

  Gpu gpu() {
    return gpu;
  }

  DnnCalls calls() {
    return calls;
  }

  CudaContext context() {
    return gpu.context();
  }

  cudnnContext handle() {
    return handle;
  }

  /**
   * Plans a convolution.
   *
   * @param convolution the convolution; its addresses are multiples of 16
   * @param workspace of the program
   * @param owner owns the plan
   * @return the plan
   * @throws BackendUnavailableException if cuDNN is missing or of another version; the message has
   *     the remedy
   */
  public Step plan(DnnConvolution convolution, DnnWorkspace workspace, Arena owner) {
    open();
    return owner.own(search.plan(convolution, workspace));
  }

  private void open() {
    if (opened) {
      return;
    }
    require();
    gpu.context().enter();
    calls.check(
        cudnnCreate(handle),
        "cudnnCreate",
        description() + ": its libraries must be of one version, for CUDA 13 and this device");
    owned.own(() -> calls.checkClose(cudnnDestroy(handle), "cudnnDestroy"));
    opened = true;
  }

  /**
   * Loads the library.
   *
   * @throws BackendUnavailableException if it is missing or of another version
   */
  private static void require() {
    Gpu.requireCudnn();
    String version = version(cudnnGetVersion());
    if (!version.startsWith(MAJOR + ".")) {
      throw new BackendUnavailableException(
          description()
              + ": expected version 9, which convolutions need; install cuDNN 9 for CUDA 13 or put"
              + " its folder in LD_LIBRARY_PATH before other ones");
    }
  }

  /**
   * The library's version and file, for {@code vae4j doctor}: loads it.
   *
   * @return the text; what is missing and the remedy where it is not usable
   */
  public static String diagnosis() {
    try {
      require();
      return description();
    } catch (BackendUnavailableException e) {
      return "no convolutions: " + e.getMessage();
    }
  }

  private static String description() {
    return "cuDNN " + version(cudnnGetVersion()) + " (" + Gpu.fileOf("libcudnn_graph.so") + ")";
  }

  /** The name of the version, for keys. */
  static String versionName() {
    return "cuDNN " + version(cudnnGetVersion());
  }

  /** A version as text; before 9 a version had one digit less. */
  static String version(long number) {
    long unit = number >= 10_000 ? 10_000 : 1_000;
    return number / unit + "." + number % unit / 100 + "." + number % 100;
  }

  @Override
  public void close() {
    owned.close();
  }
}
