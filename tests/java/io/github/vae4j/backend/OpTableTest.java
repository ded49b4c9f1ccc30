// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** A table of functions has each op, and each once. That of a backend is seen when it loads. */
final class OpTableTest {
  private static IllegalStateException refused(Runnable call) {
    return assertThrows(IllegalStateException.class, call::run);
  }

  @Test
  void aMissingOpIsNamed() {
    OpTable.Builder<Integer, String> builder =
        allBut(Add.class).with(Copy.class, (Integer number, Copy op) -> "copy " + number);
    assertEquals(
        "op table: there is no function for [Add]", refused(builder::complete).getMessage());
    String none =
        String.valueOf(refused(() -> OpTable.<Integer, String>start().complete()).getMessage());
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      assertTrue(none.contains(type.getSimpleName()), none);
    }
  }

  @Test
  void aSecondFunctionOfAnOpIsRefused() {
    OpTable.Builder<Integer, String> builder = OpTable.start();
    builder.with(Add.class, op -> "first");
    assertEquals(
        "op table: Add is there twice",
        refused(() -> builder.with(Add.class, op -> "second")).getMessage());
  }

  @Test
  void anOpGoesToItsFunctionWithTheContext() {
    OpTable<Integer, String> table =
        allBut(Add.class)
            .with(Copy.class, (Integer number, Copy op) -> "copy " + number)
            .with(Add.class, op -> "add of " + op.source())
            .complete();
    try (Backend backend = new ReferenceBackend();
        Arena arena = new Arena()) {
      Tensor source = backend.tensor(arena, 2, 3);
      Tensor target = backend.tensor(arena, 6);
      assertEquals("copy 7", table.apply(7, new Copy(source, target)));
      assertEquals("add of FLOAT32 (2, 3)", table.apply(7, new Add(source, target)));
    }
  }

  /** A function for each op but one and but {@link Copy}. */
  private static OpTable.Builder<Integer, String> allBut(Class<? extends Op> left) {
    OpTable.Builder<Integer, String> builder = OpTable.start();
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      if (type != left && type != Copy.class) {
        builder.with(type.asSubclass(Op.class), op -> "other");
      }
    }
    return builder;
  }
}
