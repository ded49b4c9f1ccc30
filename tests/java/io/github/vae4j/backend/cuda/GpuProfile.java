// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts of a training step of the 784-400-20 net on the emulated device: launches, calls, bytes.
 * They are exact, but give no times.
 */
final class GpuProfile {
  private static final int D = 784;
  private static final int H = 400;
  private static final int Z = 20;
  private static final int SECTOR = 32;
  private static final VaeSpec SPEC = VaeSpec.builder(D).hidden(H).latent(Z).build();

  private final int batch;
  private final JsonNode counts;

  private GpuProfile(int batch, JsonNode counts) {
    this.batch = batch;
    this.counts = counts;
  }

  /**
   * One of our kernels in a step.
   *
   * @param name its name
   * @param launches in a step
   * @param bytes of global memory that its threads access
   * @param compulsory bytes that must be read and written once
   * @param sectors of 32 bytes that its accesses need; the mean over steps, whose rows differ
   * @param bankConflicts extra passes over shared memory
   */
  record Kernel(
      String name, int launches, long bytes, long compulsory, double sectors, long bankConflicts) {
    double overCompulsory() {
      return (double) bytes / compulsory;
    }

    double sectorEfficiency() {
      return bytes / (SECTOR * sectors);
    }
  }

  /** Runs three calls of several steps each and counts the second call. */
  static GpuProfile of(int batch) {
    TrainConfig config = TrainConfig.builder().epochs(1).batch(batch).build();
    List<JsonNode> profiles = new ArrayList<>();
    try (DataSet mnist = DataSets.open("mnist");
        Vae vae = Vae.create(SPEC, new BackendOptions(Kind.CUDA, 0, Precision.FP32), 1);
        Trainer trainer = vae.trainer(mnist, null, config, TrainListener.NONE)) {
      int[] asked = new int[1];
      trainer.run(
          () -> {
            asked[0]++;
            if (asked[0] == 2) {
              vae.backend().synchronize();
              CudaSim.profileKernels(true);
              CudaSim.resetCounts();
            } else if (asked[0] == 3) {
              vae.backend().synchronize();
              profiles.add(CudaSim.profile());
            }
            return asked[0] == 3;
          });
    } finally {
      CudaSim.profileKernels(false);
    }
    return new GpuProfile(batch, profiles.get(0));
  }

  int batch() {
    return batch;
  }

  /** The number of counted steps, which is that of one call. */
  int steps() {
    return CudaProgram.RUNS;
  }

  /** The number of kernels and matrix products in a step. */
  int launches() {
    return inAStep(counts.get("launches").asLong());
  }

  int matrixProducts() {
    return inAStep(counts.get("matmuls").asLong());
  }

  /** The number of graph launches in all steps together. */
  int graphLaunches() {
    return counts.get("graphLaunches").asInt();
  }

  /**
   * Calls of the driver and cuBLASLt in all steps, without the wait that ends the counting and
   * without the reading of metrics, whose number depends on time.
   */
  Map<String, Integer> hostCalls() {
    Map<String, Integer> calls = new TreeMap<>();
    counts
        .get("calls")
        .properties()
        .forEach(entry -> calls.put(Faults.documented(entry.getKey()), entry.getValue().asInt()));
    calls
        .keySet()
        .removeAll(
            Set.of(
                "cuStreamSynchronize",
                "cuMemcpyDtoHAsync",
                "cuEventRecord",
                "cuEventQuery",
                "cuEventSynchronize"));
    return calls;
  }

  /** Our kernels, by name. */
  List<Kernel> kernels() {
    List<Kernel> kernels = new ArrayList<>();
    counts
        .get("kernels")
        .properties()
        .forEach(
            entry -> {
              JsonNode kernel = entry.getValue();
              kernels.add(
                  new Kernel(
                      entry.getKey(),
                      inAStep(kernel.get("launches").asLong()),
                      inAStep(sum(kernel, "bytes")),
                      compulsory(entry.getKey()),
                      (double) sum(kernel, "sectors") / steps(),
                      inAStep(kernel.get("shared").get("bankConflicts").asLong())));
            });
    return kernels;
  }

  /** Floating-point operations of the step's matrix products. */
  long productFlops() {
    long forward = (long) D * H + H * 2 * Z + Z * H + (long) H * D;
    // Two backward products for each forward one, except for the gradient of the data.
    return 2L * batch * (3 * forward - (long) D * H);
  }

  /** The least bytes that the matrix products can read and write: factors and results once. */
  long productBytes() {
    long[][] layers = {{D, H}, {H, 2 * Z}, {Z, H}, {H, D}};
    long floats = 0;
    for (int i = 0; i < layers.length; i++) {
      long in = layers[i][0];
      long out = layers[i][1];
      long one = batch * in + in * out + batch * out;
      floats += i == 0 ? 2 * one : 3 * one;
    }
    return floats * Float.BYTES;
  }

  /** The compulsory bytes, from the header of the kernel's source. */
  private long compulsory(String kernel) {
    long b = batch;
    long n = new ParameterLayout(SPEC).length();
    return switch (kernel) {
      case "gather_uint8" -> 5 * b * D;
      case "reparameterize" -> 12 * b * Z + 4 * b;
      case "likelihood_bernoulli" -> 12 * b * D + 4 * b;
      case "reparameterize_backward" -> 20 * b * Z;
      // The norm needs all gradients before the first parameter changes, so they are read twice.
      case "update" -> 32 * n + 8 * b;
      default -> throw new IllegalArgumentException("no compulsory bytes are known of " + kernel);
    };
  }

  /** The count of one step; all steps have the same. */
  private int inAStep(long count) {
    if (count % steps() != 0) {
      throw new IllegalStateException(count + " is not the same in each of " + steps() + " steps");
    }
    return Math.toIntExact(count / steps());
  }

  private static long sum(JsonNode kernel, String count) {
    return kernel.get("globalLoads").get(count).asLong()
        + kernel.get("globalStores").get(count).asLong();
  }
}
