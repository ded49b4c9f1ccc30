// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.GpuProfile.Kernel;
import io.github.vae4j.backend.cuda.driver.KernelBuild;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** docs/gpu-profile.md: the counts as tables, and bounds of the time on an H100. */
final class GpuProfilePage {
  /** H100 SXM, by its data sheet. */
  private static final double BYTES_PER_SECOND = 3.35e12;

  private static final double FP32_FLOPS = 67e12;

  private GpuProfilePage() {}

  static String of(List<GpuProfile> dense, GpuProfile conv64) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # A training step on the GPU, counted

        Written by a test, `GpuProfileTest`, on the emulated device (`tests/cudasim`): do not edit.
        `mvn verify -Dcuda.profile.write=true` writes it anew; without, the test fails where the page
        is out of date. Two models in float32, with data on the device as uint8: 784-400-20, Bernoulli,
        MNIST; `conv64` with ReLU and discretised logistics on 3 x 64 x 64.

        **Nothing here was measured on hardware.** Launches, calls, bytes, sectors and bank conflicts
        are exact counts of our kernels' requests; registers are those that ptxas allocated (sm_90). The
        work of cuBLASLt inside its products is not counted, nor are the bytes that cuDNN moves inside
        its convolutions and any kernels of its own that it launches for one.

        """);
    for (GpuProfile profile : dense) {
      add(page, "784-400-20", profile);
    }
    add(page, "conv64", conv64);
    page.append(
        """
        A batch of 8 is what the emulated device computes in the time of a test. Bytes grow with the batch,
        except those of the parameters (`update`); launches do not.

        - `activation_backward_identity` falls short, for the 6 channels of the last layer alone (mean and
          log scale of 3): a thread sums columns four at a time, and a row of 6 floats has no whole number
          of fours, so that it loads each float by itself, beside threads without work. It asks for each
          sector several times; the first-level cache has it from the second time on. It moves 2 % of
          the bytes of the step. The 1.06 are the partial sums of 1,024 chunks of rows.
        - `swap_axes_tiles` has rows of an odd length in shared memory, so that a column of single floats
          is in all banks. A warp that takes runs of 3 floats, or the ends of two columns of 16 pixels,
          meets some banks twice.

        """);
    page.append(
        """
        ## How to read it
        - **Launches** (goal 16 or less, of the dense net): the 11 products (4 forward, 4 weight gradients, 3 input
          gradients) carry bias, ReLU, ReLU gradient and all four bias gradients in their epilogues.
          Gather, reparameterise, likelihood, reparameterise backward are one each; norm, metrics and
          Adam are one together (`update`). In `conv64` a convolution adds a kernel for its bias and
          activation, one for their gradients, and its own two gradients.
        - **Over compulsory** (goal 1.05 or less): bytes asked for over the bytes that the op's maths must
          read and write once; the gradients twice, for the norm and then for Adam.
        - **Sector efficiency** (goal 0.95 or more): bytes asked for over 32 bytes for each sector touched. A
          row of means and log variances is 160 bytes, 5 sectors whose third holds the end of one half
          and the start of the other: loaded half by half it is 6 sectors, 160 / 192 = 0.83 at best. So a
          pair of threads loads both halves by one instruction and exchanges values. Rows
          of 784 bytes end in half a sector: 784 / (25 * 32) = 0.98 for the bytes, more with the
          floats that are written.
        - **Host calls** (goal 2 or less a step): the copy of 8 control blocks and the launch of a graph of
          8 steps, each of which reads its block. The rest of an epoch, and a streamed set, runs single
          steps by the same two calls.
        """);
    return page.toString();
  }

  private static void add(StringBuilder page, String net, GpuProfile profile) throws IOException {
    page.append(
        String.format(
            Locale.ROOT,
            """
            ## %s, batch %d
            | | |
            | --- | --- |
            | launches a step | %d: %s%d matrix products, %d of our kernels |
            | graph launches | %d for %s |
            | host calls | %s for %s |

            | kernel | launches | bytes | over compulsory | sector efficiency | bank conflicts \
            | registers |
            | --- | --- | --- | --- | --- | --- | --- |
            """,
            net,
            profile.batch(),
            profile.launches(),
            profile.convolutions() == 0
                ? ""
                : profile.convolutions() + " convolutions and gradients of them, ",
            profile.matrixProducts(),
            profile.launches() - profile.matrixProducts() - profile.convolutions(),
            profile.graphLaunches(),
            steps(profile),
            calls(profile.hostCalls()),
            steps(profile)));
    Map<String, List<Integer>> registers = KernelCompileTest.registers();
    int hopper = KernelBuild.ARCHITECTURES.indexOf("sm_90");
    for (Kernel kernel : profile.kernels()) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %,d | %.3f | %.3f | %d | %d |%n",
              kernel.name(),
              kernel.launches(),
              kernel.bytes(),
              kernel.overCompulsory(),
              kernel.sectorEfficiency(),
              kernel.bankConflicts(),
              registers.getOrDefault(kernel.name(), List.of()).get(hopper)));
    }
    page.append(estimate(profile)).append('\n');
  }

  private static String steps(GpuProfile profile) {
    return profile.steps() == 1 ? "1 step" : profile.steps() + " steps";
  }

  private static String calls(Map<String, Integer> calls) {
    StringBuilder text = new StringBuilder();
    calls.forEach(
        (name, count) ->
            text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(name));
    return text.toString();
  }

  private static String estimate(GpuProfile profile) {
    long ours = profile.kernels().stream().mapToLong(Kernel::bytes).sum();
    double kernels = ours / BYTES_PER_SECOND;
    double products =
        Math.max(profile.productBytes() / BYTES_PER_SECOND, profile.productFlops() / FP32_FLOPS);
    return String.format(
        Locale.ROOT,
        """

        **Estimate, not a measurement** (H100 SXM: %.2f TB/s of HBM, %.0f TFLOP/s in float32, both at
        their peaks): %s %,d MFLOP, %.1f us; our kernels %.1f MB, %.1f us (less where the data stay
        in the L2 cache, as most of this net's do); together %.1f us. Launch latency, which %d dependent
        launches of a few microseconds pay, is not in it and is likely to be the larger part.
        """,
        BYTES_PER_SECOND / 1e12,
        FP32_FLOPS / 1e12,
        profile.convolutions() == 0 ? "products" : "convolutions and products",
        profile.productFlops() / 1_000_000,
        products * 1e6,
        ours / 1e6,
        kernels * 1e6,
        (products + kernels) * 1e6,
        profile.launches());
  }
}
