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
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts of a training step on the emulated device: launches, calls, bytes. They are exact, but
 * give no times.
 */
final class GpuProfile {
  private static final int SECTOR = 32;

  private final ProfiledNet net;
  private final int batch;
  private final int steps;
  private final JsonNode counts;

  private GpuProfile(ProfiledNet net, int batch, int steps, JsonNode counts) {
    this.net = net;
    this.batch = batch;
    this.steps = steps;
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

  /**
   * Runs three calls and counts the second one, which takes several steps if the data have them.
   */
  static GpuProfile of(ProfiledNet net, int batch) {
    TrainConfig config = TrainConfig.builder().epochs(1).batch(batch).build();
    List<JsonNode> profiles = new ArrayList<>();
    long[] steps = new long[2];
    try (DataSet data = net.data();
        Vae vae = Vae.create(net.spec(), new BackendOptions(Kind.CUDA, 0, Precision.FP32), 1);
        Trainer trainer = vae.trainer(data, null, config, TrainListener.NONE)) {
      int[] asked = new int[1];
      trainer.run(
          () -> {
            asked[0]++;
            if (asked[0] == 2) {
              steps[0] = trainer.state().clock().step();
              CudaSim.profileKernels(true);
              CudaSim.resetCounts();
            } else if (asked[0] == 3) {
              vae.backend().synchronize();
              profiles.add(CudaSim.profile());
              steps[1] = trainer.state().clock().step();
            }
            return asked[0] == 3;
          });
    } finally {
      CudaSim.profileKernels(false);
    }
    return new GpuProfile(net, batch, Math.toIntExact(steps[1] - steps[0]), profiles.get(0));
  }

  int batch() {
    return batch;
  }

  /** The number of counted steps, which is that of one call. */
  int steps() {
    return steps;
  }

  /** The number of kernels and matrix products in a step. */
  int launches() {
    return inAStep(counts.get("launches").asLong());
  }

  int matrixProducts() {
    return inAStep(counts.get("matmuls").asLong()) - convolutions();
  }

  /** The number of convolutions in a step and of their gradients, which cuDNN computes. */
  int convolutions() {
    return net.convolutions();
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
                      net.compulsory(entry.getKey(), batch),
                      (double) sum(kernel, "sectors") / steps(),
                      inAStep(kernel.get("shared").get("bankConflicts").asLong())));
            });
    return kernels;
  }

  /** Floating-point operations of the step's matrix products and convolutions. */
  long productFlops() {
    return net.productFlops(batch);
  }

  /** The least bytes that these can read and write: factors and results once. */
  long productBytes() {
    return net.productBytes(batch);
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
