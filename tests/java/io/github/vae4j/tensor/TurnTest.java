// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.OtherThread;
import org.junit.jupiter.api.Test;

final class TurnTest {
  private static final String REMEDY =
      "; a model, with its measures and trainers, is for one call at a time: wait until that call"
          + " has returned (an interrupt of its thread ends a training run after its step), or open"
          + " a model for each thread";

  private final Turn turn = new Turn("test backend");

  @Test
  void anotherThreadIsRefusedUntilTheHolderGivesItBackAsOftenAsItTookIt() {
    turn.take();
    turn.take();
    turn.close();
    Throwable refused = OtherThread.thrown(turn::take);
    assertEquals(
        "java.lang.IllegalStateException: the test backend is in use by thread \""
            + Thread.currentThread().getName()
            + "\""
            + REMEDY,
        String.valueOf(refused));
    turn.close();
    assertNull(OtherThread.thrown(() -> turn.take().close()));
  }

  @Test
  void afterTheEndObjectsAreFreedAndNotUsed() {
    turn.take();
    turn.end();
    turn.close();
    for (int i = 0; i < 2; i++) {
      assertEquals(
          "the test backend was closed, with the model, the buffers and the programs on it",
          assertThrows(IllegalStateException.class, turn::take).getMessage());
      turn.takeToFree().close();
    }
  }

  @Test
  void aCallThatIsPartOfAnotherOneIsRefusedAlone() {
    turn.takeAlone().close();
    turn.take();
    assertEquals(
        "the test backend is in use by a call that this call is part of (of a listener or a data"
            + " set)"
            + REMEDY,
        assertThrows(IllegalStateException.class, turn::takeAlone).getMessage());
    assertInstanceOf(IllegalStateException.class, OtherThread.thrown(turn::take));
    turn.close();
    assertNull(OtherThread.thrown(() -> turn.takeAlone().close()));
  }
}
