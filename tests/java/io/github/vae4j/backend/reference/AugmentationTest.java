// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mirrors and shifts of images: all of them and no others, each with its frequency. */
final class AugmentationTest {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 5;
  private static final int CHANNELS = 3;
  private static final int FEATURES = HEIGHT * WIDTH * CHANNELS;
  private static final int BATCH = 500;
  private static final int STEPS = 20;

  private final Arena arena = new Arena();
  private final Backend backend = arena.own(new ReferenceBackend());

  @AfterEach
  void close() {
    arena.close();
  }

  private static Augmentation images(boolean flip, int shift) {
    return new Augmentation(HEIGHT, WIDTH, CHANNELS, flip, shift);
  }

  /** An image without a zero whose values all differ. */
  private static float[] image() {
    float[] image = new float[FEATURES];
    for (int d = 0; d < FEATURES; d++) {
      image[d] = d + 1;
    }
    return image;
  }

  /** The image moved up and to the left by whole pixels, after a mirror of the crop. */
  private static float[] shown(boolean mirrored, int dy, int dx) {
    float[] shown = new float[FEATURES];
    for (int h = 0; h < HEIGHT; h++) {
      for (int w = 0; w < WIDTH; w++) {
        int fromH = h + dy;
        int fromW = (mirrored ? WIDTH - 1 - w : w) + dx;
        boolean inside = fromH >= 0 && fromH < HEIGHT && fromW >= 0 && fromW < WIDTH;
        for (int c = 0; inside && c < CHANNELS; c++) {
          shown[(h * WIDTH + w) * CHANNELS + c] = image()[(fromH * WIDTH + fromW) * CHANNELS + c];
        }
      }
    }
    return shown;
  }

  /** The rows of all steps, each an image. */
  private List<float[]> rows(Augmentation augmentation) {
    float[] all = new float[BATCH * FEATURES];
    for (int i = 0; i < all.length; i++) {
      all[i] = image()[i % FEATURES];
    }
    Tensor source = tensor(all);
    Tensor out = tensor(new float[all.length]);
    Control control = control();
    Program gather =
        arena.own(
            backend.compile(
                List.of(new Gather(source, out, null, control, 1, true, false, 9, augmentation))));
    return IntStream.range(0, STEPS)
        .boxed()
        .flatMap(
            step -> {
              control.set(Control.STEP, step).upload();
              gather.run();
              float[] values = out.toFloats();
              return IntStream.range(0, BATCH)
                  .mapToObj(b -> Arrays.copyOfRange(values, b * FEATURES, (b + 1) * FEATURES));
            })
        .toList();
  }

  private Tensor tensor(float[] values) {
    Tensor tensor =
        new Tensor(
            arena.own(backend.allocate(DType.FLOAT32, values.length)),
            values.length / FEATURES,
            FEATURES);
    tensor.buffer().write(values);
    return tensor;
  }

  private Control control() {
    return new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
  }

  private static Map<String, Long> counts(List<float[]> rows) {
    return rows.stream()
        .map(Arrays::toString)
        .collect(Collectors.groupingBy(row -> row, TreeMap::new, Collectors.counting()));
  }

  /** Each image is drawn, no other, and chi-squared is within 6 deviations of its mean. */
  private static void requireUniform(Stream<float[]> expected, Map<String, Long> counts) {
    List<String> images = expected.map(Arrays::toString).sorted().toList();
    assertEquals(images, List.copyOf(counts.keySet()));
    double mean = (double) BATCH * STEPS / images.size();
    double chi2 = counts.values().stream().mapToDouble(n -> (n - mean) * (n - mean) / mean).sum();
    double freedom = images.size() - 1;
    assertTrue(Math.abs(chi2 - freedom) < 6 * Math.sqrt(2 * freedom), "chi squared " + chi2);
  }

  @Test
  void aMirrorIsDrawnHalfTheTime() {
    requireUniform(Stream.of(shown(false, 0, 0), shown(true, 0, 0)), counts(rows(images(true, 0))));
  }

  @Test
  void eachShiftIsDrawnAsOften() {
    for (int shift : new int[] {1, 2, 3}) {
      Stream<float[]> all =
          IntStream.rangeClosed(-shift, shift)
              .boxed()
              .flatMap(
                  dy -> IntStream.rangeClosed(-shift, shift).mapToObj(dx -> shown(false, dy, dx)));
      requireUniform(all, counts(rows(images(false, shift))));
    }
  }

  @Test
  void mirrorAndShiftsAreIndependent() {
    Stream<float[]> all =
        IntStream.rangeClosed(-1, 1)
            .boxed()
            .flatMap(
                dy ->
                    IntStream.rangeClosed(-1, 1)
                        .boxed()
                        .flatMap(dx -> Stream.of(shown(false, dy, dx), shown(true, dy, dx))));
    requireUniform(all, counts(rows(images(true, 1))));
  }

  @Test
  void imagesStayAsTheyAreWithoutMirrorAndShift() {
    assertFalse(images(false, 0).any());
    for (float[] row : rows(images(false, 0))) {
      assertArrayEquals(image(), row);
    }
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    Thrown.says(
        IllegalArgumentException.class, () -> images(false, 4), "shift: expected 0 to 3, given 4");
    Thrown.says(
        IllegalArgumentException.class,
        () -> images(false, -1),
        "shift: expected 0 to 3, given -1");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Augmentation(4, 0, 1, true, 0),
        "width: expected 1 to 2147483647, given 0");
    for (Augmentation other :
        List.of(
            new Augmentation(HEIGHT, WIDTH, 1, true, 0),
            new Augmentation(1 << 16, 1 << 16, 1, true, 0),
            new Augmentation(7, 1, 1, true, 0))) {
      Thrown.says(
          IllegalArgumentException.class, () -> rows(other), "images of the source's 60 values");
    }
  }
}
