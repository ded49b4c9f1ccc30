// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.bench.StepBenchmark;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.train.TrainConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the device's memory. A training run that does not fit is then refused with a message,
 * leaves no object open, and runs when memory is free again.
 */
public final class MemoryFault {
  private MemoryFault() {}

  /**
   * Fills it.
   *
   * @param arguments MiB of a piece
   */
  public static void main(String[] arguments) {
    long piece = Long.parseLong(arguments[0]) << 18;
    BackendOptions options = new BackendOptions(BackendOptions.Kind.CUDA, 0, Precision.FP32);
    List<Buffer> pieces = new ArrayList<>();
    boolean right;
    try (Backend backend = Backends.open(options)) {
      String refusal = "";
      // To the last MiB: a card of 140 GiB that refuses one GiB may have room for a training.
      while (piece >= 1 << 18) {
        try {
          pieces.add(backend.allocate(DType.FLOAT32, piece));
        } catch (VaeException e) {
          refusal = refusal.isEmpty() ? String.valueOf(e.getMessage()) : refusal;
          piece /= 2;
        }
      }
      int before = backend.open();
      String training = train(backend, 1 << 14);
      int after = backend.open();
      int filled = pieces.size();
      pieces.forEach(Buffer::close);
      String again = train(backend, 16);
      right = training.contains("memory") && before == after && again.isEmpty();
      Json.print(
          Json.object()
              .put("pieces", filled)
              .put("refusal", refusal)
              .put("training_refused", training)
              .put("left_open", after - before)
              .put("training_with_room", again.isEmpty() ? "runs" : again));
    }
    System.exit(right ? 0 : 1);
  }

  /** Why it failed; empty if it did not. */
  private static String train(Backend backend, int batch) {
    VaeSpec spec = VaeSpec.builder(784).hidden(8).latent(2).build();
    try {
      StepBenchmark.run(backend, spec, TrainConfig.builder().batch(batch).build(), 2, 1, 64, false);
      return "";
    } catch (VaeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
