// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of one node, written by the test and run by ONNX Runtime. */
class OnnxFeaturesTest {
  @TempDir private Path folder = Path.of("");

  private Path file(byte[] network) throws IOException {
    Path file = folder.resolve("network.onnx");
    Files.write(file, network);
    return file;
  }

  @Test
  void greyBecomesThreeChannelsInTheNetworksOrder() throws IOException {
    ImageShape shape = new ImageShape(2, 1, 1);
    Matrix images = new Matrix(2, 2, new float[] {0.1f, 0.2f, 0.3f, 0.4f});
    try (ImageFeatures first = ImageFeatures.onnx(file(Onnx.network("Flatten", -1, 3, 1, 2)))) {
      assertArrayEquals(
          new float[] {0.1f, 0.2f, 0.1f, 0.2f, 0.1f, 0.2f}, first.features(images, shape).row(0));
    }
    try (ImageFeatures last = ImageFeatures.onnx(file(Onnx.network("Flatten", -1, 1, 2, 3)))) {
      assertArrayEquals(
          new float[] {0.3f, 0.3f, 0.3f, 0.4f, 0.4f, 0.4f}, last.features(images, shape).row(1));
    }
  }

  /** Centres of four pixels over two: 1/4 and 3/4 of the way, beyond the centres no change. */
  @Test
  void imagesAreResizedBetweenPixelCentres() throws IOException {
    ImageShape shape = new ImageShape(2, 2, 3);
    Matrix image = Matrix.zeros(1, 12);
    for (int channel = 0; channel < 3; channel++) {
      image.values()[3 + channel] = channel + 1;
      image.values()[9 + channel] = channel + 1;
    }
    try (ImageFeatures network = ImageFeatures.onnx(file(Onnx.network("Flatten", -1, 3, 4, 4)))) {
      float[] values = network.features(image, shape).row(0);
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 4; y++) {
          float[] line = new float[4];
          System.arraycopy(values, (channel * 4 + y) * 4, line, 0, 4);
          float most = channel + 1;
          assertArrayEquals(new float[] {0, 0.25f * most, 0.75f * most, most}, line, 1e-6f);
        }
      }
    }
  }

  @Test
  void openAndFixedBatchesAgree() throws IOException {
    ImageShape shape = new ImageShape(3, 2, 1);
    Matrix images = images(123, 6);
    float[] open;
    try (ImageFeatures network = ImageFeatures.onnx(file(Onnx.network("Flatten", -1, 3, -1, -1)))) {
      Matrix features = network.features(images, shape);
      assertEquals(18, features.columns());
      open = features.values();
    }
    try (ImageFeatures network = ImageFeatures.onnx(file(Onnx.network("Identity", 10, 3, 2, 3)))) {
      assertArrayEquals(open, network.features(images, shape).values());
    }
  }

  private static Matrix images(int rows, int columns) {
    Matrix images = Matrix.zeros(rows, columns);
    for (int i = 0; i < images.values().length; i++) {
      images.values()[i] =
          (float) Philox.uniform(1, Stream.OBSERVATION, 0, i / columns, i % columns);
    }
    return images;
  }

  /** Grey images in three channels: three times the squared distance of each pixel. */
  @Test
  void theDistanceOfImagesThroughANetworkIsKnown() throws IOException {
    Matrix images = images(80, 4);
    Matrix brighter = Matrix.zeros(80, 4);
    for (int i = 0; i < 320; i++) {
      brighter.values()[i] = images.values()[i] + 0.25f;
    }
    try (ImageFeatures network = ImageFeatures.onnx(file(Onnx.network("Flatten", -1, 3, 2, 2)))) {
      ImageShape shape = new ImageShape(2, 2, 1);
      FeatureMoments a = new FeatureMoments();
      a.add(network.features(images, shape));
      FeatureMoments b = new FeatureMoments();
      b.add(network.features(brighter, shape));
      assertEquals(12 * 0.0625, a.distance(b), 1e-5);
    }
  }

  /** The network of docs/results.md: the more an image is blurred, the farther it is. */
  @Test
  void blurIsADistanceInTheRandomNetwork() throws IOException {
    ImageShape shape = new ImageShape(8, 8, 3);
    Matrix images = images(400, 192);
    try (ImageFeatures network = ImageFeatures.onnx(file(RandomNetwork.of(8)))) {
      FeatureMoments data = new FeatureMoments();
      data.add(network.features(images, shape));
      double last = 0;
      for (float share : new float[] {0.1f, 0.3f, 0.6f}) {
        Matrix blurred = network.features(towardsGrey(images, share), shape);
        assertEquals(160, blurred.columns());
        FeatureMoments moments = new FeatureMoments();
        moments.add(blurred);
        double distance = data.distance(moments);
        assertTrue(distance > 2 * last, distance + " after " + last);
        last = distance;
      }
    }
  }

  /** Noise has no edges but those of its pixels: less contrast is less of them. */
  private static Matrix towardsGrey(Matrix images, float share) {
    float[] values = images.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += share * (0.5f - values[i]);
    }
    return new Matrix(images.rows(), images.columns(), values);
  }

  @Test
  void filesThatDoNotFitAreNamed() throws IOException {
    Thrown.says(
        VaeException.class,
        () -> ImageFeatures.onnx(folder.resolve("none.onnx")),
        "none.onnx",
        "no such file");
    Path noise = folder.resolve("noise.onnx");
    Files.writeString(noise, "this is not a network");
    Thrown.says(VaeException.class, () -> ImageFeatures.onnx(noise), "noise.onnx", "not a network");
    Path flat = file(Onnx.network("Identity", -1, 12));
    Thrown.says(VaeException.class, () -> ImageFeatures.onnx(flat), "(N, 3, H, W)", "12");
    Path grey = file(Onnx.network("Flatten", -1, 1, 8, 8));
    Thrown.says(VaeException.class, () -> ImageFeatures.onnx(grey), "(N, 3, H, W)", "8, 8");
    Path wide = file(Onnx.typed("Flatten", Onnx.DOUBLE, -1, 3, 8, 8));
    Thrown.says(VaeException.class, () -> ImageFeatures.onnx(wide), "float32");
    Path shape = file(Onnx.network("Size", -1, 3, 2, 2));
    assertThrows(VaeException.class, () -> ImageFeatures.onnx(shape).close());
  }

  /** The library alone, as a user has it who did not add ONNX Runtime. */
  @Test
  void withoutOnnxRuntimeTheErrorSaysWhatToAdd() throws Exception {
    ClassLoader without =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("ai.onnxruntime.") || name.startsWith("io.github.vae4j.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    try (URLClassLoader library = new URLClassLoader(new URL[] {classes()}, without)) {
      Method open = library.loadClass(ImageFeatures.class.getName()).getMethod("onnx", Path.class);
      Path network = file(Onnx.network("Flatten", -1, 3, 2, 2));
      String thrown =
          String.valueOf(
              assertThrows(InvocationTargetException.class, () -> open.invoke(null, network))
                  .getCause());
      assertTrue(thrown.startsWith(VaeException.class.getName()), thrown);
      assertTrue(thrown.contains("com.microsoft.onnxruntime:onnxruntime"), thrown);
    }
  }

  private static URL classes() {
    return ImageFeatures.class.getProtectionDomain().getCodeSource().getLocation();
  }
}
