// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** On a clock that stands still until the test moves it. */
class CheckpointPaceTest {
  private static final long SECOND = 1_000_000_000L;

  // A clock of nanoseconds may have any origin, and may overflow.
  private long now = Long.MAX_VALUE - 5 * SECOND;

  private CheckpointPace pace(double seconds) {
    return new CheckpointPace(seconds, () -> now);
  }

  private void save(CheckpointPace pace, long taken) {
    int[] calls = {0};
    pace.save(
        () -> {
          now += taken;
          calls[0]++;
        });
    assertEquals(1, calls[0]);
  }

  /** That a checkpoint becomes due so long after now, and not a nanosecond before. */
  private void assertDueAfter(CheckpointPace pace, long nanos) {
    now += nanos - 1;
    assertFalse(pace.due());
    now++;
    assertTrue(pace.due());
    now += SECOND;
    assertTrue(pace.due(), "until one is saved");
  }

  @Test
  void theFirstIsDueAfterTheSeconds() {
    assertDueAfter(pace(60), 60 * SECOND);
    assertDueAfter(pace(0.5), SECOND / 2);
  }

  @Test
  void theNextIsDueTheSecondsAfterTheEndOfTheOneBefore() {
    CheckpointPace pace = pace(60);
    assertDueAfter(pace, 60 * SECOND);
    save(pace, 2 * SECOND);
    assertFalse(pace.due());
    assertDueAfter(pace, 60 * SECOND);
    // The checkpoint of an epoch's end counts as well.
    save(pace, SECOND);
    now += 30 * SECOND;
    save(pace, SECOND);
    assertDueAfter(pace, 60 * SECOND);
  }

  @Test
  void oneThatTakesLongIsFollowedAfterTenTimesAsLong() {
    CheckpointPace pace = pace(60);
    save(pace, 7 * SECOND);
    assertDueAfter(pace, 70 * SECOND);
    save(pace, 6 * SECOND);
    assertDueAfter(pace, 60 * SECOND);
  }

  @Test
  void zeroSecondsAreNever() {
    CheckpointPace pace = pace(0);
    now += 1_000_000 * SECOND;
    assertFalse(pace.due());
    save(pace, SECOND);
    now += 1_000_000 * SECOND;
    assertFalse(pace.due());
  }
}
