// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.NativeLoading;
import io.github.vae4j.backend.Precision;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/**
 * Checks in several steps whether this machine can run the backend, and reports the reason if not.
 */
final class Probe {
  /** The oldest driver that runs cuBLAS 13 and cubins made by a 13.x compiler. */
  static final int MIN_DRIVER = 13000;

  /** Compute capability 7.5 (Turing): the oldest that CUDA 13 supports. */
  private static final int MIN_CAPABILITY = 75;

  private static final int NAME_BYTES = 256;

  private Probe() {}

  /**
   * The device to use.
   *
   * @param precision that the device must support
   * @return device 0
   * @throws BackendUnavailableException if there is none; the message names the missing part and
   *     the remedy
   */
  static Device device(Precision precision) {
    requireDriver();
    int version = driverVersion();
    if (version < MIN_DRIVER) {
      throw new BackendUnavailableException(
          "the NVIDIA driver is too old: it supports CUDA "
              + Device.version(version)
              + ", and CUDA "
              + Device.version(MIN_DRIVER)
              + " is needed; install driver 580 or newer");
    }
    require(cuInit(0), "cuInit");
    Device device = query(version);
    if (10 * device.major() + device.minor() < MIN_CAPABILITY) {
      throw new BackendUnavailableException(
          device
              + ": expected compute capability 7.5 or more (Turing, 2018), which CUDA 13 needs; use"
              + " BackendOptions.kind cpu on this machine");
    }
    if (precision == Precision.BF16 && !device.isAmpereOrLater()) {
      throw new BackendUnavailableException(
          device
              + ": bfloat16 needs compute capability 8.0 or more (Ampere, 2020); use precision"
              + " fp32");
    }
    requireCublasLt();
    return device;
  }

  private static void requireDriver() {
    NativeLoading.requireOneLoader(Loader.class, Natives.class);
    if (!Natives.present()) {
      throw new BackendUnavailableException(
          "its native bindings are not on the class path; add org.bytedeco:cuda:13.1-9.19-1.5.13"
              + " with the classifier linux-x86_64");
    }
    String failure = Natives.driver();
    if (failure == null) {
      return;
    }
    if (failure.contains("libcudart")) {
      throw missing(
          "the CUDA runtime is missing: " + failure,
          Natives.searched(),
          "install the CUDA 13 runtime (libcudart.so.13: part of the CUDA 13 toolkit, or"
              + " nvidia-cuda-runtime for Python) or put its folder in LD_LIBRARY_PATH");
    }
    throw missing(
        "no usable CUDA driver: " + failure,
        Natives.searchedForDriver(),
        "install the NVIDIA driver, 580 or newer (it brings libcuda.so.1)");
  }

  private static void requireCublasLt() {
    String failure = Natives.cublasLt();
    if (failure != null) {
      throw missing(
          "cuBLASLt is missing: " + failure,
          Natives.searched(),
          "install cuBLAS 13 (libcublas.so.13 and libcublasLt.so.13: part of the CUDA 13 toolkit, or"
              + " nvidia-cublas for Python) or put its folder in LD_LIBRARY_PATH");
    }
  }

  /** Loads cuDNN; the message of a failure names the library, the folders and the remedy. */
  static void requireCudnn() {
    String failure = Natives.cudnn();
    if (failure != null) {
      throw missing(
          "cuDNN is missing, which convolutions need: " + failure,
          Natives.searched(),
          "install cuDNN 9 for CUDA 13 (libcudnn_graph.so.9, libcudnn_ops.so.9, libcudnn_cnn.so.9 and"
              + " libcudnn_adv.so.9: the package cudnn9-cuda-13, or nvidia-cudnn-cu13 for Python) or"
              + " put its folder in LD_LIBRARY_PATH; or use BackendOptions.kind cpu");
    }
  }

  private static BackendUnavailableException missing(String what, String searched, String remedy) {
    return new BackendUnavailableException(what + " (" + searched + "); " + remedy);
  }

  private static int driverVersion() {
    int[] version = new int[1];
    require(cuDriverGetVersion(version), "cuDriverGetVersion");
    return version[0];
  }

  private static Device query(int driverVersion) {
    int[] value = new int[1];
    require(cuDeviceGetCount(value), "cuDeviceGetCount");
    if (value[0] < 1) {
      throw noDevice(null);
    }
    require(cuDeviceGet(value, 0), "cuDeviceGet");
    int ordinal = value[0];
    try (BytePointer name = new BytePointer(NAME_BYTES);
        SizeTPointer bytes = new SizeTPointer(1)) {
      require(cuDeviceGetName(name.zero(), NAME_BYTES, ordinal), "cuDeviceGetName");
      require(cuDeviceTotalMem(bytes, ordinal), "cuDeviceTotalMem");
      return new Device(
          ordinal,
          Natives.cString(name),
          attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, ordinal),
          attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, ordinal),
          bytes.get(),
          driverVersion);
    }
  }

  private static int attribute(int which, int ordinal) {
    int[] value = new int[1];
    require(cuDeviceGetAttribute(value, which, ordinal), "cuDeviceGetAttribute");
    return value[0];
  }

  private static void require(int code, String call) {
    if (code == CUDA_SUCCESS) {
      return;
    }
    String said = call + " failed: " + Calls.name(code) + " (" + code + "): " + Calls.string(code);
    if (code == cudart.CUDA_ERROR_NO_DEVICE) {
      throw noDevice(said);
    }
    throw new BackendUnavailableException(
        said
            + "; check that nvidia-smi works, and that the driver was not updated without a reboot");
  }

  private static BackendUnavailableException noDevice(@Nullable String said) {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return new BackendUnavailableException(
        "no CUDA device"
            + (said == null ? "" : " (" + said + ")")
            + "; CUDA_VISIBLE_DEVICES is "
            + (visible == null ? "not set" : "\"" + visible + "\"")
            + "; check that nvidia-smi lists a GPU");
  }
}
