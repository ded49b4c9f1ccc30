// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of weights with the names, shapes and order of {@code torch.nn} gives the numbers that
 * torch_layout.py computes by the definitions in PyTorch's documentation.
 */
final class TorchLayoutTest {
  private static final ImageShape IMAGE = new ImageShape(8, 8, 3);
  private static final Path EXPECTED =
      Path.of("tests/resources/io/github/vae4j/checkpoint/torch_layout.txt");

  private static VaeSpec spec() {
    return new VaeSpec(
        IMAGE.features(),
        Layers.parse(
            "conv:4x3s2,norm,relu,conv:6x3x1g2,group-norm:3,silu,max-pool:2,res(silu,conv:8x3),"
                + "res(attention:2),flatten,5,tanh",
            Activation.RELU),
        2,
        Layers.parse(
            "12,tanh,reshape:3x2x2,deconv:8x3s2,leakyRelu,pixel-shuffle:2,conv:4x3,gelu,conv:outx3",
            Activation.RELU),
        Likelihoods.parse("gaussian:sigma=1"),
        Initializer.PYTORCH,
        IMAGE,
        null,
        Latents.STANDARD,
        false,
        DataNames.NONE,
        null);
  }

  /** The values of a tensor in torch_layout.py. */
  private static float[] weights(String name, int count) {
    int phase = name.chars().sum();
    int more = name.endsWith("running_var") ? 1 : 0;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (more + Math.sin(0.37 * i + phase) / 3);
    }
    return values;
  }

  private static Path modelOfTorch(Path folder) {
    Path zeros = folder.resolve("zeros.safetensors");
    VaeSpec spec = spec();
    ModelFile.save(zeros, spec, new float[new ParameterLayout(spec).length()]);
    Path file = folder.resolve("model.safetensors");
    try (SafeTensorsReader reader = SafeTensorsReader.open(zeros)) {
      SafeTensorsWriter writer = new SafeTensorsWriter();
      reader.metadata().forEach((key, value) -> metadata(writer, key, value));
      for (SafeTensors.Tensor tensor : reader.tensors().values()) {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        int count = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
        float[] values = weights(tensor.name(), count);
        writer.tensor(
            tensor.name(), TensorType.F32, sink -> sink.floats(values, 0, values.length), shape);
      }
      writer.write(file);
    }
    return file;
  }

  private static void metadata(SafeTensorsWriter writer, String key, String value) {
    if (!key.equals(SafeTensors.CHECKSUM)) {
      writer.metadata(key, value);
    }
  }

  @Test
  void numbersAreThoseOfAnIndependentProgram(@TempDir Path folder) throws IOException {
    float[] want = new float[4 + IMAGE.features()];
    int read = 0;
    for (String line : Files.readAllLines(EXPECTED)) {
      want[read++] = Float.parseFloat(line);
    }
    Matrix row = Matrix.zeros(1, IMAGE.features());
    float[] given = new float[want.length];
    BackendOptions options = new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32);
    try (Vae vae = Vae.load(modelOfTorch(folder), options)) {
      for (int i = 0; i < IMAGE.features(); i++) {
        row.values()[channelsLast(i)] = (float) Math.cos(0.61 * i);
      }
      try (DataSet data = DataSets.of(row)) {
        Codes codes = vae.encode(data);
        System.arraycopy(codes.mean().values(), 0, given, 0, 2);
        System.arraycopy(codes.logvar().values(), 0, given, 2, 2);
      }
      Matrix code = Matrix.zeros(1, 2);
      code.values()[0] = 0.5f;
      code.values()[1] = -1.25f;
      float[] decoded = vae.decode(code).values();
      for (int i = 0; i < IMAGE.features(); i++) {
        given[4 + i] = decoded[channelsLast(i)];
      }
    }
    assertArrayEquals(want, given, 1e-5f);
  }

  /** The place of a value of an image whose channels are first, in one whose channels are last. */
  private static int channelsLast(int place) {
    int pixels = IMAGE.width() * IMAGE.height();
    return place % pixels * IMAGE.channels() + place / pixels;
  }
}
