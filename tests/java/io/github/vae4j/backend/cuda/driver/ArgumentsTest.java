// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArgumentsTest {
  @Test
  void eachArgumentStartsInASlotOfEightBytes() {
    Arguments arguments =
        new Arguments(buffer -> 0, 64)
            .tensor(null)
            .integer(-7)
            .number(1.5f)
            .integer64(1L << 40)
            .floats(1, 2, 3)
            .flag(true)
            .doublesAndFlag(true, 0.25, 0.5)
            .number(2.5);
    assertEquals(List.of(0, 8, 16, 24, 32, 48, 56, 80), arguments.offsets());
    ByteBuffer bytes = ByteBuffer.wrap(arguments.bytes()).order(ByteOrder.nativeOrder());
    assertEquals(0, bytes.getLong(0));
    assertEquals(-7, bytes.getInt(8));
    assertEquals(1.5f, bytes.getFloat(16));
    assertEquals(1L << 40, bytes.getLong(24));
    assertEquals(3f, bytes.getFloat(40));
    assertEquals(1, bytes.getInt(48));
    assertEquals(0.5, bytes.getDouble(64));
    assertEquals(1, bytes.getInt(72));
    assertEquals(2.5, bytes.getDouble(80));
    assertEquals(List.of(8, 8, 8, 8, 16, 8, 24, 8), arguments.sizes());
  }

  @Test
  void theLastSlotIsWhole() {
    Arguments arguments = new Arguments(buffer -> 0, 64).integer(1).doublesAndFlag(true, 0.25);
    assertEquals(24, arguments.bytes().length);
    assertEquals(List.of(8, 16), arguments.sizes());
  }
}
