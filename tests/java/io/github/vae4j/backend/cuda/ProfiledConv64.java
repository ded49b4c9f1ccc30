// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Architecture;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The net conv64 with discretised logistics, on pixels of noise in 3 x 64 x 64. */
final class ProfiledConv64 implements ProfiledNet {
  private static final ImageShape IMAGE = new ImageShape(64, 64, 3);
  private static final long PIXELS = 64 * 64;
  private static final int CHANNELS = 3;
  private static final int ROWS = 32;

  /** The mean and the log scale of each value. */
  private static final int PARAMETERS = 2;

  private static final int TAPS = 4 * 4;
  private static final long UNITS = 256;

  /** The values between the convolutions and the dense layers. */
  private static final long CODES = 4 * 4 * 64;

  private static final VaeSpec SPEC = made();

  /** The layers whose ReLU is not an epilogue: the convolutions of both halves. */
  private static final List<Convolution> CONVOLUTIONS =
      List.of(
          new Convolution(64, CHANNELS, 32),
          new Convolution(32, 32, 32),
          new Convolution(16, 32, 64),
          new Convolution(8, 64, 64),
          new Convolution(8, 64, 64),
          new Convolution(16, 32, 64),
          new Convolution(32, 32, 32),
          new Convolution(64, PARAMETERS * CHANNELS, 32));

  /** The dense layers of both halves: inputs and outputs. */
  private static final long[][] DENSE = {
    {CODES, UNITS}, {UNITS, 2 * 32}, {32, UNITS}, {UNITS, CODES}
  };

  private final Path folder;

  /**
   * The net.
   *
   * @param folder for the file of its data
   */
  ProfiledConv64(Path folder) {
    this.folder = folder;
  }

  /**
   * A convolution of stride 2, or a transposed one, whose sides are exchanged.
   *
   * @param size of the larger side, in rows and columns
   * @param large its channels
   * @param small the channels of the smaller side
   */
  private record Convolution(int size, int large, int small) {
    long largeValues() {
      return (long) size * size * large;
    }

    long smallValues() {
      return (long) size * size / 4 * small;
    }

    long weights() {
      return (long) TAPS * large * small;
    }

    long products() {
      return (long) size * size / 4 * weights();
    }
  }

  private static VaeSpec made() {
    Architecture.Layout layout =
        Architecture.CONV64.layout(IMAGE.features(), IMAGE, Activation.RELU);
    return VaeSpec.builder(IMAGE.features())
        .image(IMAGE)
        .layers(layout.encoder())
        .latent(layout.latent())
        .likelihood(Likelihoods.parse("discretized-logistic:levels=256"))
        .build();
  }

  @Override
  public VaeSpec spec() {
    return SPEC;
  }

  /** An NPY file: pixels of a byte, as pictures have them. */
  @Override
  public DataSet data() {
    String header =
        "{'descr': '|u1', 'fortran_order': False, 'shape': (" + ROWS + ", 3, 64, 64), }";
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    byte[] pixels = new byte[ROWS * IMAGE.features()];
    new Random(1).nextBytes(pixels);
    ByteBuffer file = ByteBuffer.allocate(10 + padded.length() + pixels.length);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) padded.length(), 0});
    file.put(padded.getBytes(StandardCharsets.US_ASCII)).put(pixels);
    Path npy = folder.resolve("noise.npy");
    try {
      Files.write(npy, file.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataSets.open(npy.toString());
  }

  @Override
  public long compulsory(String kernel, long batch) {
    long values = batch * PIXELS * CHANNELS;
    return switch (kernel) {
      case "bias_activation_few_relu" -> reluBytes(batch, 8);
      case "bias_activation_few_identity" -> 8 * PARAMETERS * values + 4 * PARAMETERS * CHANNELS;
      // Also of the dense layer below the first transposed convolution.
      case "activation_backward_relu" -> reluBytes(batch, 12) + (12 * batch + 4) * CODES;
      case "activation_backward_identity" -> 4 * PARAMETERS * values + 4 * PARAMETERS * CHANNELS;
      // Between channels first and last: the ends of the dense layers, the parameters, and the
      // gradients of both. Images are kept with the channels last.
      case "swap_axes_tiles" -> 8 * 2 * (2 * batch * CODES + PARAMETERS * values);
      case "likelihood_discretized_logistic" -> 4 * values * (1 + 2 * PARAMETERS) + 4 * batch;
      default -> ProfiledNet.ofAnyNet(kernel, SPEC, new ParameterLayout(SPEC).length(), batch);
    };
  }

  /** So many bytes for each output of a convolution with a ReLU, and its biases. */
  private static long reluBytes(long batch, int bytes) {
    long total = 0;
    for (int i = 0; i + 1 < CONVOLUTIONS.size(); i++) {
      Convolution layer = CONVOLUTIONS.get(i);
      boolean transposed = i >= CONVOLUTIONS.size() / 2;
      long outputs = transposed ? layer.largeValues() : layer.smallValues();
      long biases = transposed ? layer.large() : layer.small();
      total += bytes * batch * outputs + Float.BYTES * biases;
    }
    return total;
  }

  /** There is no gradient of the data. */
  @Override
  public int convolutions() {
    return 3 * CONVOLUTIONS.size() - 1;
  }

  @Override
  public long productFlops(long batch) {
    long products = 0;
    for (Convolution layer : CONVOLUTIONS) {
      products += 3 * layer.products();
    }
    for (long[] layer : DENSE) {
      products += 3 * layer[0] * layer[1];
    }
    return 2 * batch * (products - CONVOLUTIONS.get(0).products());
  }

  @Override
  public long productBytes(long batch) {
    long floats = 0;
    for (int i = 0; i < CONVOLUTIONS.size(); i++) {
      Convolution layer = CONVOLUTIONS.get(i);
      long one = batch * (layer.largeValues() + layer.smallValues()) + layer.weights();
      floats += i == 0 ? 2 * one : 3 * one;
    }
    for (long[] layer : DENSE) {
      floats += 3 * (batch * (layer[0] + layer[1]) + layer[0] * layer[1]);
    }
    return floats * Float.BYTES;
  }
}
