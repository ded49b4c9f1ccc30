// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads each kernel file once, from the first of these that the driver accepts: the cubin for the
 * device's architecture (or for an older one of the same generation, which is compatible) and the
 * PTX, which any driver translates, both from the jar with the classifier kernels; the result of
 * NVRTC for the source in the main jar, which is stored on disk.
 */
final class Modules implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Modules.class);

  /** The driver's codes for an image that does not fit; then the next one is tried. */
  private static final Set<Integer> NOT_FOR_THIS_DEVICE =
      Set.of(
          CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUDA_ERROR_INVALID_IMAGE,
          CUDA_ERROR_INVALID_PTX,
          CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
          CUDA_ERROR_JIT_COMPILATION_DISABLED);

  private final CudaContext context;
  private final KernelCache cache;
  private final KernelSources.Images images;
  private final Arena owned = new Arena();
  private final Map<String, CUmod_st> loaded = new HashMap<>();
  private final Set<String> ofThisDevice = new HashSet<>();

  Modules(CudaContext context, KernelCache cache, KernelSources.Images images) {
    this.context = context;
    this.cache = cache;
    this.images = images;
  }

  /**
   * A kernel.
   *
   * @param module its file, without .cu
   * @param kernel its name
   * @return the function, valid until this is closed
   */
  CUfunc_st function(String module, String kernel) {
    context.enter();
    CUmod_st from = loaded.get(module);
    if (from == null) {
      from = load(module);
      CUmod_st opened = from;
      owned.own(() -> context.release(() -> cuModuleUnload(opened), "cuModuleUnload"));
      loaded.put(module, from);
    }
    CUfunc_st function = new CUfunc_st();
    context.calls().check(cuModuleGetFunction(function, from, kernel), "cuModuleGetFunction");
    return function;
  }

  /**
   * Whether a loaded module is compiled for this device's generation, and not for the oldest
   * supported one.
   */
  boolean isOfThisDevice(String module) {
    return ofThisDevice.contains(module);
  }

  private CUmod_st load(String module) {
    StringBuilder tried = new StringBuilder();
    CUmod_st found = tryCubin(module, tried);
    if (found != null) {
      ofThisDevice.add(module);
    } else {
      found = tryImage(images.image("ptx/" + module + ".ptx"), "PTX", tried);
    }
    if (found == null) {
      LOG.info("{}.cu is compiled for {}:{}", module, context.device().architecture(), tried);
      found = compile(module, tried);
      ofThisDevice.add(module);
    }
    return found;
  }

  private @Nullable CUmod_st tryCubin(String module, StringBuilder tried) {
    Device device = context.device();
    for (int minor = device.minor(); minor >= 0; minor--) {
      String architecture = "sm_" + device.major() + minor;
      byte[] image = images.image(architecture + "/" + module + ".cubin");
      if (image != null) {
        return tryImage(image, "cubin for " + architecture, tried);
      }
    }
    return tryImage(null, "cubin for " + device.architecture(), tried);
  }

  /** The module of an image; null if there is no image or it does not fit the driver. */
  private @Nullable CUmod_st tryImage(byte @Nullable [] image, String what, StringBuilder tried) {
    if (image == null) {
      tried.append(" no ").append(what).append(" in the jar;");
      return null;
    }
    CUmod_st module = new CUmod_st();
    int code;
    try (BytePointer bytes = new BytePointer(image)) {
      code = cuModuleLoadData(module, bytes);
    }
    if (NOT_FOR_THIS_DEVICE.contains(code)) {
      tried.append(' ').append(what).append(": ").append(Calls.name(code)).append(';');
      return null;
    }
    context.calls().check(code, "cuModuleLoadData");
    return module;
  }

  private CUmod_st compile(String module, StringBuilder tried) {
    String failure = Natives.nvrtc();
    if (failure != null) {
      throw new CudaException(
          module
              + ".cu: no compiled form fits this device and driver:"
              + tried
              + " NVRTC: "
              + failure
              + " ("
              + Natives.searched()
              + "); add the artifact io.github.vae4j:vae4j with the classifier kernels (the same"
              + " version as vae4j), or install NVRTC 13 (libnvrtc.so.13: part of the CUDA 13"
              + " toolkit, or nvidia-cuda-nvrtc for Python)",
          "cuModuleLoadData",
          CUDA_ERROR_NO_BINARY_FOR_GPU,
          "CUDA_ERROR_NO_BINARY_FOR_GPU");
    }
    KernelSources.Source source = KernelSources.source(module);
    String architecture = context.device().architecture();
    String key = KernelCache.key(source, Nvrtc.options(architecture), Nvrtc.maker());
    byte[] kept = cache.get(key);
    CUmod_st cached = kept == null ? null : tryImage(kept, "cached cubin", tried);
    if (cached != null) {
      return cached;
    }
    // The emulated device accepts no cubin; a real one accepts the first.
    for (String target : List.of(architecture, architecture.replace("sm_", "compute_"))) {
      byte[] image = Nvrtc.compile(source, Nvrtc.options(target)).image();
      CUmod_st made = tryImage(image, "NVRTC's " + target, tried);
      if (made != null) {
        cache.put(key, image);
        return made;
      }
    }
    throw new CudaException(
        module + ".cu: no compiled form fits this device and driver:" + tried,
        "cuModuleLoadData",
        CUDA_ERROR_NO_BINARY_FOR_GPU,
        "CUDA_ERROR_NO_BINARY_FOR_GPU");
  }

  @Override
  public void close() {
    loaded.clear();
    owned.close();
  }
}
