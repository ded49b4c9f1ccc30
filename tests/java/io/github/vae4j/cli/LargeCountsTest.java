// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes that nothing can hold name the option and the remedy, and no class of Java. */
class LargeCountsTest {
  private static final String HUGE = "2000000000";

  @TempDir static Path shared;

  private static String model = "";
  private static String data = "";

  @BeforeAll
  static void train() throws IOException {
    data = Cli.binaryRows(shared);
    model = "--model=" + shared.resolve("run");
    Cli.ok(
        "train",
        "--schema=none",
        data,
        "--out=" + shared.resolve("run"),
        "--epochs=1",
        "--latent=3",
        "--hidden=4",
        "--backend=reference");
  }

  private static void refused(List<String> parts, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!arguments[0].equals("inspect")) {
      all.add("--backend=reference");
    }
    Cli.fails(2, parts, all.toArray(String[]::new));
  }

  @Test
  void rows() {
    String out = "--out=" + shared.resolve("x.npy");
    refused(
        List.of("-n: 2,000,000,000 rows of 4 values take 29.8 GiB", "at most", "another --seed"),
        "sample",
        model,
        out,
        "-n=" + HUGE);
    refused(
        List.of("--draws: 80,000,000,000 rows of 3 values take 894.1 GiB", "--limit"),
        "fit-sampler",
        model,
        data,
        "--sampler=gmm",
        "--draws=" + HUGE);
    refused(
        List.of("--steps: 6,000,000,000 rows of 4 values take 89.4 GiB", "--dimensions"),
        "traverse",
        model,
        data,
        out,
        "--steps=" + HUGE);
    refused(
        List.of("--steps: 2,000,000,000 rows of 4 values take 29.8 GiB", "give Java more memory"),
        "interpolate",
        model,
        data,
        out,
        "--rows=0,1",
        "--steps=" + HUGE);
  }

  @Test
  void samplesAndBatches() {
    refused(List.of("; lower --samples " + HUGE), "evaluate", model, data, "--samples=" + HUGE);
    refused(List.of("; lower --samples " + HUGE), "score", model, data, "--samples=" + HUGE);
    refused(List.of("; lower --batch " + HUGE), "inspect", model, "--batch=" + HUGE);
  }

  @Test
  void modelsWhoseSizeIsTheCause() {
    String out = "--out=" + shared.resolve("large");
    refused(
        List.of("(2^31); lower --latent " + HUGE),
        "train",
        "--schema=none",
        data,
        out,
        "--batch=8",
        "--latent=" + HUGE);
    refused(
        List.of(
            "encoder.1.weight: with this tensor the model has more parameters",
            "(2^31); lower one of --hidden 60000,60000, --latent 2000"),
        "train",
        "--schema=none",
        data,
        out,
        "--hidden=60000,60000",
        "--batch=8",
        "--latent=2000",
        "--seed=123456");
    refused(
        List.of("(2^31); lower --prior vamp:" + HUGE),
        "train",
        "--schema=none",
        data,
        out,
        "--batch=8",
        "--prior=vamp:" + HUGE);
    refused(
        List.of("(2^31); lower --posterior planar:" + HUGE),
        "train",
        "--schema=none",
        data,
        out,
        "--batch=8",
        "--posterior=planar:" + HUGE);
  }

  @Test
  void numbersThatAreNone() {
    String out = "--out=" + shared.resolve("large");
    refused(
        List.of("'--batch'", "expected 2147483647 or less, given 3000000000"),
        "train",
        "--schema=none",
        data,
        out,
        "--batch=3000000000");
    refused(
        List.of("'--seed'", "expected a whole number, given \"x\""),
        "train",
        "--schema=none",
        data,
        out,
        "--seed=x");
    refused(
        List.of("'--lr'", "expected a number, given \"x\""),
        "train",
        "--schema=none",
        data,
        out,
        "--lr=x");
  }
}
