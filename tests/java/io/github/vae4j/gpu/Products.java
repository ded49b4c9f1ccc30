package io.github.vae4j.gpu;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.bench.StepBenchmark;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Takes a few steps in each precision and prints what was chosen for their matrix products by
 * measuring: lines that start with PRODUCT. cuBLASLt's own log comes before where {@code
 * CUBLASLT_LOG_LEVEL} is set.
 */
public final class Products {
  private Products() {}

  /**
   * Takes the steps.
   *
   * @param arguments BATCH INPUTS HIDDEN...
   */
  public static void main(String[] arguments) {
    int[] sizes = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    VaeSpec.Builder builder = VaeSpec.builder(sizes[1]);
    VaeSpec spec =
        builder.hidden(Arrays.stream(sizes).skip(2).boxed().toArray(Integer[]::new)).build();
    TrainConfig config = TrainConfig.builder().batch(sizes[0]).build();
    for (Precision precision : Precision.values()) {
      BackendOptions options = new BackendOptions(BackendOptions.Kind.CUDA, 0, precision);
      System.out.println("PRECISION " + precision);
      try (Backend backend = Backends.open(options)) {
        StepBenchmark.run(new Ops(backend), spec, config, 8, 1, 64);
        // The algorithm's own bytes are for cuBLASLt alone.
        new TreeMap<>(backend.choices())
            .forEach(
                (of, choice) ->
                    System.out.println(
                        "PRODUCT " + of + ": " + choice.replaceAll(" data=[^ ]*", "")));
      }
    }
  }
}
