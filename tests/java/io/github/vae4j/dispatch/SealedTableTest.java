// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** A table has exactly one function for each class of a sealed type. */
final class SealedTableTest {
  private sealed interface Shape permits Circle, Square, Point {}

  private record Circle(int radius) implements Shape {}

  private record Square(int side) implements Shape {}

  private record Point() implements Shape {}

  private static String refused(Runnable call) {
    return String.valueOf(assertThrows(IllegalStateException.class, call::run).getMessage());
  }

  private static SealedTable.Builder<Shape, Integer, Integer> squares() {
    return SealedTable.<Shape, Integer, Integer>of(Shape.class)
        .with(
            Square.class, (Integer scale, Square square) -> scale * square.side() * square.side());
  }

  @Test
  void missingMembersAreNamed() {
    assertEquals(
        "Shape table: there is no function for [Circle, Point]",
        refused(() -> squares().complete()));
    assertEquals(
        "Shape table: there is no function for [Circle, Square, Point]",
        refused(() -> SealedTable.of(Shape.class).complete()));
  }

  @Test
  void aSecondFunctionOfAMemberIsRefused() {
    SealedTable.Builder<Shape, Integer, Integer> builder = squares();
    assertEquals(
        "Shape table: Square is there twice",
        refused(() -> builder.with(Square.class, square -> 7)));
  }

  @Test
  void aTypeThatIsNotSealedHasNoTable() {
    assertEquals(
        Circle.class + " is not sealed",
        refused(() -> SealedTable.<Circle, Integer, Integer>of(Circle.class).complete()));
  }

  @Test
  void aMemberGoesToItsFunctionWithTheContext() {
    SealedTable<Shape, Integer, Integer> table =
        squares().with(Circle.class, Circle::radius).with(Point.class, point -> 0).complete();
    assertEquals(4 * 9, table.apply(4, new Square(3)));
    assertEquals(5, table.apply(4, new Circle(5)));
    assertEquals(0, table.apply(4, new Point()));
  }
}
