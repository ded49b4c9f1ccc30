// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The notation of shapes, and the messages for tensors of other shapes. */
final class CheckTest {
  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();
  private final Check check = new Check("op");

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Tensor tensor(int... dims) {
    return backend.tensor(arena, dims);
  }

  private void refused(String message, String shape, @Nullable Tensor tensor) {
    assertRefused("op: x: " + message, () -> check.in("x", tensor, shape));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void theFirstUseOfASizeSetsIt() {
    check.in("first", tensor(3, 4), "B D").in("second", tensor(4, 2), "D K");
    assertEquals(3, check.size("B"));
    assertEquals(4, check.size("D"));
    assertEquals(2, check.size("K"));
    refused("expected FLOAT32 (D = 4, B = 3), given FLOAT32 (3, 4)", "D B", tensor(3, 4));
    check.in("third", tensor(4, 3), "D B");
  }

  @Test
  void aSizeMayBeTwiceInOneShape() {
    check.in("square", tensor(3, 3), "N N");
    assertEquals(3, check.size("N"));
    assertRefused(
        "other: square: expected FLOAT32 (N, N), given FLOAT32 (3, 4)",
        () -> new Check("other").in("square", tensor(3, 4), "N N"));
  }

  /** A tensor of a wrong shape sets no size, so that the message holds no number of its own. */
  @Test
  void aWrongTensorSetsNothing() {
    refused("expected FLOAT32 (B, 2Z), given FLOAT32 (3, 5)", "B 2Z", tensor(3, 5));
    assertEquals(
        "op: the size B is not set",
        assertThrows(IllegalStateException.class, () -> check.size("B")).getMessage());
    check.in("x", tensor(7, 4), "B 2Z");
    assertEquals(7, check.size("B"));
  }

  @Test
  void aFactorMultiplies() {
    check.in("stats", tensor(3, 10), "B 2Z");
    assertEquals(5, check.size("Z"));
    check.in("z", tensor(5), "Z").in("wide", tensor(50), "10Z");
    refused("expected FLOAT32 (2Z = 10, B = 3), given FLOAT32 (5, 3)", "2Z B", tensor(5, 3));
    refused("expected FLOAT32 (3Z = 15), given FLOAT32 (10)", "3Z", tensor(10));
  }

  @Test
  void aNumberIsItself() {
    check.in("ring", tensor(4, 6), "S 6").in("one", tensor(1), "1");
    refused("expected FLOAT32 (S = 4, 6), given FLOAT32 (4, 5)", "S 6", tensor(4, 5));
    refused("expected FLOAT32 (12), given FLOAT32 (1)", "12", tensor(1));
  }

  @Test
  void aStarJoinsLeadingDimensions() {
    check.in("z", tensor(2, 3, 4), "*R Z");
    assertEquals(6, check.size("R"));
    assertEquals(4, check.size("Z"));
    check
        .in("flat", tensor(6, 4), "*R Z")
        .in("deep", tensor(3, 1, 2, 8), "*R 2Z")
        .in("plain", tensor(6), "*R")
        .in("rows", tensor(3, 2), "*R")
        .in("matrix", tensor(6, 4), "R Z");
    refused("expected FLOAT32 (*R = 6, Z = 4), given FLOAT32 (24)", "*R Z", tensor(24));
    refused("expected FLOAT32 (*R = 6, Z = 4), given FLOAT32 (2, 4, 3)", "*R Z", tensor(2, 4, 3));
    refused("expected FLOAT32 (R = 6, Z = 4), given FLOAT32 (2, 3, 4)", "R Z", tensor(2, 3, 4));
    refused("expected FLOAT32 (*R = 6), given FLOAT32 (2, 2)", "*R", tensor(2, 2));
  }

  @Test
  void theNumberOfDimensionsCounts() {
    refused("expected FLOAT32 (B, L, Z), given FLOAT32 (6, 4)", "B L Z", tensor(6, 4));
    refused("expected FLOAT32 (B), given FLOAT32 (6, 1)", "B", tensor(6, 1));
  }

  @Test
  void aSizeMayBeGiven() {
    check.size("P", 7);
    refused("expected FLOAT32 (B, P = 7), given FLOAT32 (3, 8)", "B P", tensor(3, 8));
    check.in("x", tensor(3, 7), "B P");
  }

  @Test
  void typesAreNamed() {
    Buffer doubles = arena.own(backend.allocate(DType.FLOAT64, 3));
    refused("expected FLOAT32 (B), given FLOAT64 (3)", "B", new Tensor(doubles, 3));
    assertRefused(
        "op: state: expected FLOAT64 (3), given FLOAT32 (3)",
        () -> check.out64("state", tensor(3), "3"));
    check.in64("state", new Tensor(doubles, 3), "B");
    assertEquals(3, check.size("B"));
  }

  @Test
  void nothingIsATensorOnlyWhereItMay() {
    refused("expected a tensor, given null", "B", null);
    assertRefused("op: y: expected a tensor, given null", () -> check.any("y", null, true));
    assertRefused("op: control: expected a control block, given null", () -> check.control(null));
    assertRefused(
        "op: stream: expected a stream, given null", () -> check.given("stream", null, "a stream"));
    check.mayIn("mask", null, "B").mayOut("y", null, "B").given("stream", "here", "a stream");
  }

  @Test
  void twoReadersMayShareAndAWriterMayNot() {
    Tensor all = tensor(6);
    new Check("op").in("a", all.part(0, 4), "A").in("b", all.part(2, 4), "B").done();
    new Check("op").in("a", all.part(0, 3), "A").out("b", all.part(3, 3), "B").done();
    Check written = new Check("op").in("a", all.part(0, 4), "A").out("b", all.part(3, 3), "B");
    assertRefused(
        "op: b: expected a tensor that does not overlap a, given Buffer[FLOAT32 x 3, view]",
        written::done);
  }
}
