// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.ArrayOptions.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The meaning of unsigned bytes, and the order of the dimensions of pictures. */
class ArrayOptionsTest {
  @TempDir Path folder;

  private DataSet open(Path file, ArrayOptions options, long residentBytes) {
    return DataSets.open(file.toString(), new OpenOptions(residentBytes).withArrays(options));
  }

  private void assertBytes(
      ArrayOptions.@Nullable Bytes meaning, float scale, String remark, int... values)
      throws IOException {
    Path file =
        Bytes.npy("|u1", false, "(1, " + values.length + ")")
            .u8(values)
            .write(folder.resolve("a.npy"));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      try (DataSet set = open(file, new ArrayOptions(meaning, null), residentBytes)) {
        assertEquals(scale, set.scale());
        assertEquals(remark.isEmpty() ? 0 : 1, set.remarks().size(), set.remarks()::toString);
        assertTrue(String.join("", set.remarks()).contains(remark), set.remarks()::toString);
      }
    }
  }

  @Test
  void bytesByTheirLargest() throws IOException {
    assertBytes(null, 1, "", 0, 1, 1);
    assertBytes(null, 1, "ArrayOptions.bytes grey divides", 0, 2);
    assertBytes(null, 1, "above 15", 15, 0);
    assertBytes(null, 1f / 255, "ArrayOptions.bytes numbers", 16, 0);
    assertBytes(null, 1f / 255, "divided by 255", 255, 0);
    assertBytes(ArrayOptions.Bytes.GREY, 1f / 255, "", 0, 2);
    assertBytes(ArrayOptions.Bytes.GREY, 1, "", 0, 1);
    assertBytes(ArrayOptions.Bytes.NUMBERS, 1, "", 0, 255);
  }

  @Test
  void bytesOfIdxAreGreyValuesUnlessAskedFor() throws IOException {
    Path file = Bytes.idx(8, 1, 1, 2).u8(0, 3).write(folder.resolve("a.idx"));
    OpenOptions options = OpenOptions.defaults();
    try (DataSet set = DataSets.open("idx:" + file, options)) {
      assertEquals(1f / 255, set.scale());
    }
    ArrayOptions numbers = ArrayOptions.PLAIN.withBytes(ArrayOptions.Bytes.NUMBERS);
    try (DataSet set = DataSets.open("idx:" + file, options.withArrays(numbers))) {
      assertEquals(1, set.scale());
      assertEquals(new ImageShape(2, 1, 1), set.image());
    }
  }

  private Path array(String type, int... shape) throws IOException {
    int count = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    String text = String.join(", ", IntStream.of(shape).mapToObj(Integer::toString).toList());
    Bytes bytes = Bytes.npy(type, false, "(" + text + ")");
    for (int i = 0; i < count; i++) {
      bytes = type.equals("|u1") ? bytes.u8(i) : bytes.f32(i);
    }
    return bytes.write(folder.resolve("a.npy"));
  }

  private void assertImage(@Nullable ImageShape image, @Nullable Layout layout, int... shape)
      throws IOException {
    try (DataSet set = open(array("|u1", shape), new ArrayOptions(null, layout), 1 << 20)) {
      assertEquals(image, set.image());
    }
  }

  @Test
  void shapesOfPictures() throws IOException {
    assertImage(new ImageShape(3, 2, 1), null, 1, 2, 3);
    assertImage(new ImageShape(4, 2, 1), null, 1, 1, 2, 4);
    assertImage(new ImageShape(2, 4, 3), null, 1, 4, 2, 3);
    assertImage(new ImageShape(5, 4, 3), null, 1, 3, 4, 5);
    // Few lines or columns may be channels.
    assertImage(null, null, 1, 3, 2, 5);
    assertImage(new ImageShape(5, 2, 3), Layout.NCHW, 1, 3, 2, 5);
    assertImage(new ImageShape(1, 4, 3), Layout.NCHW, 1, 3, 4, 1);
    assertImage(new ImageShape(4, 3, 1), null, 1, 3, 4, 1);
    // With a layout any number of channels makes an image.
    assertImage(new ImageShape(4, 3, 5), Layout.NHWC, 1, 3, 4, 5);
    assertImage(new ImageShape(4, 1, 5), Layout.NHWC, 1, 1, 4, 5);
    assertImage(null, null, 1, 2, 4, 5);
    assertImage(new ImageShape(5, 4, 2), Layout.NCHW, 1, 2, 4, 5);
    assertImage(new ImageShape(5, 4, 1), Layout.NCHW, 1, 1, 4, 5);
    assertImage(new ImageShape(3, 5, 4), Layout.NCHW, 1, 4, 5, 3);
    Path file = array("|u1", 4, 5);
    assertDataError(
        () -> open(file, new ArrayOptions(null, Layout.NCHW), 1 << 20), "layout nchw", "[4, 5]");
  }

  @Test
  void channelsArePutLast() throws IOException {
    for (String type : new String[] {"|u1", "<f4"}) {
      Path file = array(type, 2, 3, 4, 5);
      for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
        try (DataSet set = open(file, ArrayOptions.PLAIN, residentBytes)) {
          float[] row = DataSets.values(set, 1, 1, 1).values();
          for (int i = 0; i < 20; i++) {
            for (int c = 0; c < 3; c++) {
              // Row 1 begins at 60, and a channel has 20 values.
              assertEquals(60 + 20 * c + i, row[3 * i + c]);
            }
          }
          assertTrue(set.remarks().get(0).contains("(N, C, H, W)"), set.remarks()::toString);
          assertTrue(
              set.remarks().get(0).contains("ArrayOptions.layout nhwc"), set.remarks()::toString);
        }
      }
      // Codes and other arrays stay as they are.
      assertArrayEquals(new float[] {0, 1, 2, 3}, Arrays.copyOf(Npy.read(file).values(), 4));
      try (DataSet set = open(file, ArrayOptions.PLAIN.withLayout(Layout.NHWC), 0)) {
        assertEquals(new ImageShape(4, 3, 5), set.image());
        assertEquals(1, DataSets.values(set, 0, 1, 1).values()[1]);
      }
    }
  }

  @Test
  void aShapeThatMayBePicturesIsSaid() throws IOException {
    for (int channels : new int[] {2, 3, 9}) {
      try (DataSet set = open(array("<f4", 1, channels, 2, 5), ArrayOptions.PLAIN, 0)) {
        assertNull(set.image());
        assertTrue(
            set.remarks().get(0).contains("ArrayOptions.layout nchw"), set.remarks()::toString);
      }
    }
  }
}
