// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.InferenceOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.options.OutputNames;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.InferenceConfig.Start;
import io.github.vae4j.infer.OptimizedCodes;
import io.github.vae4j.model.Shape;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j encode}. */
@Command(
    name = "encode",
    description = {
      "Writes the posterior q(z|x) of each row: its means, and its log variances.",
      "Where a code is an image, NPY has its shape, (rows, height, width, C); CSV is flat."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j encode --model runs/mnist --data mnist --out codes.npy",
      "  ./vae4j encode --model runs/claims --data new.csv --logvar --out codes.csv",
      "  ./vae4j encode --model runs/mnist --limit 100 --optimize --out better.npy"
    })
final class EncodeCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      converter = OutputNames.OfNumbers.class,
      description = "FILE.npy, FILE.csv or FILE.parquet.")
  private OutputFile file = new OutputFile(Path.of(""), OutputFile.Kind.CSV);

  @Option(
      names = "--logvar",
      description =
          "Write the log variances too, to the right of the means: (rows, 2 Z), or (rows, height,"
              + " width, 2 C) where a code is an image of C channels.")
  private boolean logvar;

  @Option(
      names = "--optimize",
      description =
          "Optimise each row's posterior with the decoder fixed instead of taking the encoder's.")
  private boolean optimize;

  @Mixin private InferenceOptions inference = new InferenceOptions();

  @Option(
      names = "--inference-start",
      paramLabel = "WHERE",
      description = "Where it starts: encoder or prior (default encoder).")
  private @Nullable Start start;

  @Option(names = "--seed", paramLabel = "N", description = "Of its noise (default 0).")
  private @Nullable Long seed;

  @Override
  public void run() {
    file.requireNumbers("codes");
    InferenceConfig config = config();
    data.inputs(source).refuse("--out", file.path());
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      DataSet rows = data.open(source, vae.spec(), common.report(), arena);
      Codes codes =
          config == null ? vae.encode(rows) : optimized(vae.measure().optimize(rows, config));
      Shape code = vae.spec().codeShape();
      List<String> columns = new ArrayList<>(OutputFile.numbered("mean", code.size()));
      if (logvar) {
        columns.addAll(OutputFile.numbered("logvar", code.size()));
      }
      Matrix table =
          logvar ? beside(codes, file.isArray() ? code.channels() : code.size()) : codes.mean();
      file.writeNumbers(table, columns, sizes(code, table.columns() / code.size()));
      file.tell(common.report(), table.rows());
    }
  }

  private @Nullable InferenceConfig config() {
    if (!optimize) {
      InferenceOptions.refuse("--inference-start", start, "--optimize");
      InferenceOptions.refuse("--seed", seed, "--optimize");
    }
    return inference.config(
        optimize, "--optimize", start == null ? Start.ENCODER : start, seed == null ? 0 : seed);
  }

  private Codes optimized(OptimizedCodes found) {
    InferenceOptions.remark(found, common.report());
    common
        .report()
        .remark(
            "mean ELBO "
                + Numbers.fixed(found.gap().optimized(), 3)
                + " nats, by the encoder's codes "
                + Numbers.fixed(found.gap().encoder(), 3));
    return found.codes();
  }

  /** A row of an array has the shape of the code, with the log variances in further channels. */
  private static int[] sizes(Shape code, int parts) {
    int channels = parts * code.channels();
    return code.isFlat() ? new int[] {channels} : new int[] {code.height(), code.width(), channels};
  }

  /** Alternates groups of means and groups of log variances. */
  private static Matrix beside(Codes codes, int group) {
    float[] means = codes.mean().values();
    float[] logvars = codes.logvar().values();
    Matrix both = Matrix.zeros(codes.mean().rows(), 2 * codes.mean().columns());
    for (int at = 0; at < means.length; at += group) {
      System.arraycopy(means, at, both.values(), 2 * at, group);
      System.arraycopy(logvars, at, both.values(), 2 * at + group, group);
    }
    return both;
  }
}
