// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsTest {
  @TempDir Path folder;

  /** A file with this header and these data bytes, the header's length being right. */
  static byte[] file(String json, int... data) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    for (int b : data) {
      bytes.put((byte) b);
    }
    return bytes.array();
  }

  private Path write(byte... bytes) throws IOException {
    Path file = folder.resolve("t.safetensors");
    Files.write(file, bytes);
    return file;
  }

  @Test
  void readsBytesWorkedOutByHand() throws IOException {
    // 1.0 = 3f800000, -2.0 = c0000000; data after 8 + 64 bytes.
    Path file =
        write(
            Bits.bytes(
                Bits.hex("40 00 00 00 00 00 00 00"),
                "{\"a.b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}      ",
                Bits.hex("00 00 80 3f 00 00 00 c0")));
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertEquals(
          List.of(new Tensor("a.b", TensorType.F32, List.of(1L, 2L), 0, 8)),
          List.copyOf(reader.tensors().values()));
      assertArrayEquals(
          new float[] {1, -2}, reader.floats(reader.tensor("a.b", TensorType.F32, 1, 2)));
      assertTrue(reader.metadata().isEmpty());
    }
  }

  @Test
  void writesBytesWorkedOutByHand() throws IOException {
    Path file = folder.resolve("t.safetensors");
    new SafeTensorsWriter()
        .metadata("format", "pt")
        .tensor("b", TensorType.U8, sink -> sink.bytes((byte) 7, (byte) 255), 2)
        .tensor("w", TensorType.F32, sink -> sink.floats(new float[] {9, 1, -2}, 1, 2), 2, 1)
        .tensor("n", TensorType.I64, sink -> sink.longs(-2), 1)
        .tensor("d", TensorType.F64, sink -> sink.doubles(0.5))
        .write(file);
    byte[] bytes = Files.readAllBytes(file);
    String checksum;
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      checksum = reader.metadata(SafeTensors.CHECKSUM);
    }
    // Widest elements first, so that all are aligned.
    String json =
        "{\"__metadata__\":{\"format\":\"pt\",\"vae4j.checksum\":\""
            + checksum
            + "\"},\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}"
            + ",\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]}"
            + ",\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[16,24]}"
            + ",\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[24,26]}}";
    String padded = json + " ".repeat((8 - json.length() % 8) % 8);
    byte[] expected =
        Bits.bytes(
            Bits.hex(
                "%02x %02x 00 00 00 00 00 00"
                    .formatted(padded.length() % 256, padded.length() / 256)),
            padded,
            Bits.hex("fe ff ff ff ff ff ff ff"),
            Bits.hex("00 00 00 00 00 00 e0 3f"),
            Bits.hex("00 00 80 3f 00 00 00 c0"),
            Bits.hex("07 ff"));
    assertArrayEquals(expected, bytes);
  }

  @Test
  void checksumIsTheCrcOfHeaderAndData() throws IOException {
    Path file = folder.resolve("t.safetensors");
    new SafeTensorsWriter()
        .tensor(
            "x", TensorType.U8, sink -> sink.bytes("123456789".getBytes(StandardCharsets.UTF_8)), 9)
        .write(file);
    String covered = "{\"x\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}}123456789";
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertEquals(
          String.format("crc32c:%08x", crc32c(covered.getBytes(StandardCharsets.UTF_8))),
          reader.metadata(SafeTensors.CHECKSUM));
    }
    // Castagnoli's check value, which tests the loop below.
    assertEquals(0xe3069283, crc32c("123456789".getBytes(StandardCharsets.UTF_8)));
  }

  private static int crc32c(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int i = 0; i < 8; i++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
      }
    }
    return ~crc;
  }

  @Test
  void keepsEveryBit() {
    Path file = folder.resolve("t.safetensors");
    float[] floats = Bits.floats(Bits.ODD_FLOATS);
    double[] doubles = Bits.doubles(Bits.ODD_DOUBLES);
    long[] longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
    new SafeTensorsWriter()
        .metadata("quotes \" \\ \n", "ü \u0000 \ud83d\ude00")
        .tensor("f", TensorType.F32, sink -> sink.floats(floats, 0, floats.length), floats.length)
        .tensor("d", TensorType.F64, sink -> sink.doubles(doubles), doubles.length)
        .tensor("l", TensorType.I64, sink -> sink.longs(longs), 2, 2)
        .tensor("empty", TensorType.F32, sink -> {}, 3, 0, 5)
        .tensor("name \" ü", TensorType.U8, sink -> sink.bytes((byte) 1))
        .write(file);
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      Bits.assertSame(floats, reader.floats(reader.tensor("f", TensorType.F32)));
      Bits.assertSame(doubles, reader.doubles(reader.tensor("d", TensorType.F64)));
      assertArrayEquals(longs, reader.longs(reader.tensor("l", TensorType.I64, 2, 2)));
      assertEquals(0, reader.floats(reader.tensor("empty", TensorType.F32, 3, 0, 5)).length);
      assertArrayEquals(new byte[] {1}, reader.bytes(reader.tensor("name \" ü", TensorType.U8)));
      assertEquals("ü \u0000 \ud83d\ude00", reader.metadata("quotes \" \\ \n"));
    }
  }

  @Test
  void tensorsLargerThanAPieceAreWhole() {
    Path file = folder.resolve("t.safetensors");
    int n = 100_003;
    Random random = new Random(1);
    float[] floats = new float[n];
    double[] doubles = new double[n];
    long[] longs = new long[n];
    byte[] bytes = new byte[n];
    random.nextBytes(bytes);
    for (int i = 0; i < n; i++) {
      floats[i] = random.nextFloat();
      doubles[i] = random.nextDouble();
      longs[i] = random.nextLong();
    }
    new SafeTensorsWriter()
        .tensor("f", TensorType.F32, sink -> sink.floats(floats, 0, n), n)
        .tensor("d", TensorType.F64, sink -> sink.doubles(doubles), n)
        .tensor("l", TensorType.I64, sink -> sink.longs(longs), n)
        .tensor("b", TensorType.U8, sink -> sink.bytes(bytes), n)
        .write(file);
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      Tensor f = reader.tensor("f", TensorType.F32);
      Bits.assertSame(floats, reader.floats(f));
      Bits.assertSame(doubles, reader.doubles(reader.tensor("d", TensorType.F64)));
      assertArrayEquals(longs, reader.longs(reader.tensor("l", TensorType.I64)));
      assertArrayEquals(bytes, reader.bytes(reader.tensor("b", TensorType.U8)));
      float[] some = new float[4];
      reader.floats(f, n - 2, some, 1, 2);
      assertArrayEquals(new float[] {0, floats[n - 2], floats[n - 1], 0}, some);
      assertThrows(IndexOutOfBoundsException.class, () -> reader.floats(f, n - 1, some, 0, 2));
      assertThrows(IllegalArgumentException.class, () -> reader.doubles(f));
    }
  }

  @Test
  void anEmptyFileIsAnEmptyObject() throws IOException {
    assertTrue(open(write(file("{}      "))).isEmpty());
    Path file = folder.resolve("none.safetensors");
    new SafeTensorsWriter().write(file);
    assertTrue(open(file).isEmpty());
  }

  private static List<Tensor> open(Path file) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      return List.copyOf(reader.tensors().values());
    }
  }

  @Test
  void theOrderOfNamesIsFree() throws IOException {
    List<Tensor> tensors =
        open(
            write(
                file(
                    "{\"b\":{\"data_offsets\":[1,2],\"dtype\":\"U8\",\"shape\":[1]},"
                        + "\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}",
                    5,
                    6)));
    assertEquals(List.of("a", "b"), tensors.stream().map(Tensor::name).toList());
  }

  static Stream<Arguments> damaged() {
    String u8 = "{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    return Stream.of(
        Arguments.of("nothing", new byte[0], "0 bytes are there"),
        Arguments.of("7 bytes", new byte[7], "7 bytes are there"),
        Arguments.of("no header", new byte[8], "does not start with {"),
        Arguments.of(
            "header past the end",
            Bits.bytes(Bits.hex("09 00 00 00 00 00 00 00"), "{}"),
            "cut short: its header takes 17 bytes, and 10"),
        Arguments.of(
            "huge header",
            Bits.bytes(Bits.hex("00 00 00 00 00 00 00 ff"), "{}"),
            "18374686479671623680 bytes, more than"),
        Arguments.of(
            "over the limit",
            Bits.bytes(Bits.hex("01 e1 f5 05 00 00 00 00"), "{}"),
            "100000001 bytes, more than"),
        Arguments.of(
            "a picture",
            Bits.bytes(Bits.hex("02 00 00 00 00 00 00 00"), "PNG"),
            "not a safetensors file"),
        Arguments.of(
            "not UTF-8",
            Bits.bytes(Bits.hex("05 00 00 00 00 00 00 00"), "{\"", Bits.hex("ff"), "\"}"),
            "header is not UTF-8"),
        Arguments.of("cut JSON", file("{\"x\":{"), "header: character"),
        Arguments.of("two objects", file("{} {}"), "invalid JSON"),
        Arguments.of(
            "twice the same name",
            file(u8.substring(0, u8.length() - 1) + "," + u8.substring(1), 1, 2),
            "Duplicate field 'x'"),
        Arguments.of(
            "a tensor that is a number", file("{\"x\":1}"), "header: x: expected {...}, given 1"),
        Arguments.of(
            "metadata that is a number",
            file("{\"__metadata__\":{\"a\":1}}"),
            "__metadata__.a: expected a text, given 1"),
        Arguments.of(
            "unknown dtype",
            file(u8.replace("U8", "F8_E5M2"), 1, 2),
            "x.dtype: expected one of [I64, F64, F32, F16, BF16, U8], given F8_E5M2"),
        Arguments.of(
            "no dtype", file(u8.replace("\"dtype\":\"U8\",", ""), 1, 2), "x.dtype: missing"),
        Arguments.of("no shape", file(u8.replace("\"shape\":[2],", ""), 1, 2), "x.shape: missing"),
        Arguments.of(
            "no offsets",
            file("{\"x\":{\"dtype\":\"U8\",\"shape\":[2]}}", 1, 2),
            "x.data_offsets: missing"),
        Arguments.of(
            "misspelt key",
            file(u8.replace("shape", "shap"), 1, 2),
            "x.shap: unknown key; did you mean shape?"),
        Arguments.of(
            "negative size",
            file(u8.replace("[2]", "[-2]"), 1, 2),
            "x.shape: expected whole numbers of 0 or more, given -2"),
        Arguments.of(
            "half a size",
            file(u8.replace("[2]", "[2.5]"), 1, 2),
            "x.shape: expected whole numbers"),
        Arguments.of(
            "size of 2^64",
            file(u8.replace("[2]", "[4294967296,4294967296]"), 1, 2),
            "more than any file holds"),
        Arguments.of(
            "size of 10^30",
            file(u8.replace("[2]", "[1000000000000000000000000000000]"), 1, 2),
            "x.shape: expected whole numbers"),
        Arguments.of(
            "three offsets",
            file(u8.replace("[0,2]", "[0,2,2]"), 1, 2),
            "x.data_offsets: expected [begin, end]"),
        Arguments.of(
            "offsets backwards",
            file(u8.replace("[0,2]", "[2,0]"), 1, 2),
            "x.data_offsets: expected [begin, end]"),
        Arguments.of(
            "offsets unlike the shape",
            file(u8.replace("[2]", "[3]"), 1, 2),
            "U8 [3] takes 3 bytes, given [0, 2]"),
        Arguments.of(
            "a hole",
            file(u8.replace("[0,2]", "[1,3]"), 1, 2, 3),
            "expected to begin at 0, where the one before it ends, given 1"),
        Arguments.of(
            "overlap",
            file(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                    + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
                1,
                2,
                3),
            "tensor \"b\": data_offsets: expected to begin at 2"),
        Arguments.of(
            "data cut",
            file(u8, 1),
            "cut short: its tensors take 2 bytes, and 1 bytes of data are there"),
        Arguments.of(
            "data left over",
            file(u8, 1, 2, 3),
            "bytes left over: its tensors take 2 bytes, and 3"),
        Arguments.of(
            "a checksum whose key was damaged",
            file("{\"__metadata__\":{\"vae4j.checksun\":\"crc32c:00000000\"}}"),
            "its metadata has no vae4j.checksum"),
        Arguments.of(
            "a wrong checksum",
            file(
                "{\"__metadata__\":{\"vae4j.checksum\":\"crc32c:00000000\"}," + u8.substring(1),
                1,
                2),
            "damaged: its content gives the checksum crc32c:"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void damaged(String label, byte[] bytes, String problem) throws IOException {
    Path file = write(bytes);
    CheckpointException thrown =
        Thrown.says(
            CheckpointException.class, () -> SafeTensorsReader.open(file), file + ": ", problem);
    assertEquals(file, thrown.file());
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    Path missing = folder.resolve("missing.safetensors");
    Thrown.says(
        CheckpointException.class,
        () -> SafeTensorsReader.open(missing),
        missing + ": there is no such file");
    Thrown.says(
        CheckpointException.class,
        () -> SafeTensorsReader.open(folder),
        folder + ": it is not a file");
  }

  @Test
  void tensorsOtherThanExpectedAreNamed() {
    Path file = folder.resolve("t.safetensors");
    new SafeTensorsWriter()
        .tensor("x", TensorType.F32, sink -> sink.floats(new float[6], 0, 6), 2, 3)
        .write(file);
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      Thrown.says(
          CheckpointException.class,
          () -> reader.tensor("y", TensorType.F32),
          "no tensor \"y\"; it has [x]");
      Thrown.says(
          CheckpointException.class,
          () -> reader.tensor("x", TensorType.F64),
          "\"x\": expected F64, given F32 [2, 3]");
      Thrown.says(
          CheckpointException.class,
          () -> reader.tensor("x", TensorType.F32, 3, 2),
          "\"x\": expected F32 [3, 2], given F32 [2, 3]");
      Thrown.says(
          CheckpointException.class,
          () -> reader.metadata("nothing"),
          "its metadata has no nothing");
    }
  }

  @Test
  void aWriterThatMiscountsIsRefusedAndLeavesNothing() throws IOException {
    Path file = folder.resolve("t.safetensors");
    SafeTensorsWriter few =
        new SafeTensorsWriter().tensor("x", TensorType.I64, sink -> sink.longs(1), 2);
    Thrown.says(
        IllegalStateException.class, () -> few.write(file), "\"x\": expected 16 bytes, given 8");
    SafeTensorsWriter other =
        new SafeTensorsWriter().tensor("x", TensorType.I64, sink -> sink.doubles(1), 1);
    Thrown.says(
        IllegalStateException.class, () -> other.write(file), "\"x\": expected I64, given F64");
    SafeTensorsWriter twice = new SafeTensorsWriter().tensor("x", TensorType.I64, sink -> {}, 0);
    assertThrows(
        IllegalArgumentException.class, () -> twice.tensor("x", TensorType.F32, sink -> {}, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> twice.tensor("__metadata__", TensorType.F32, sink -> {}, 0));
    assertThrows(
        IllegalArgumentException.class, () -> twice.tensor("y", TensorType.F32, sink -> {}, -1));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void contentThatCannotBeReadLeavesTheOldFile() {
    Path file = folder.resolve("t.safetensors");
    new SafeTensorsWriter().metadata("which", "old").write(file);
    SafeTensorsWriter broken =
        new SafeTensorsWriter()
            .tensor(
                "x",
                TensorType.I64,
                sink -> {
                  throw new IOException("the device went away");
                },
                1);
    Thrown.says(
        VaeException.class,
        () -> broken.write(file),
        "cannot write " + file + ": the device went away",
        "unchanged");
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertEquals("old", reader.metadata("which"));
    }
  }
}
