// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors of 16 bits from other programs are read as floats. */
class HalfTensorsTest {
  @TempDir Path folder;

  @Test
  void widensHalves() throws IOException {
    // Keys out of the order of the data, and a tensor without elements.
    byte[] bytes =
        SafeTensorsTest.file(
            "{\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]},"
                + "\"h\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}",
            0x00,
            0x3c,
            0x01,
            0x80,
            0x80,
            0x3f,
            0x00,
            0xc0);
    Path file = Files.write(folder.resolve("t.safetensors"), bytes);
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      assertArrayEquals(
          new float[] {1, -0x1p-24f}, reader.floats(reader.tensor("h", TensorType.F32, 2, 1)));
      assertArrayEquals(new float[] {1, -2}, reader.floats(reader.tensor("b", TensorType.F32, 2)));
      float[] second = new float[2];
      reader.floats(reader.tensor("b", TensorType.F32), 1, second, 1, 1);
      assertArrayEquals(new float[] {0, -2}, second);
      assertEquals(0, reader.floats(reader.tensor("none", TensorType.F32, 0, 3)).length);
      assertThrows(CheckpointException.class, () -> reader.tensor("h", TensorType.F64));
    }
  }
}
