// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
final class LeakTrackerTest {
  @Test
  void whatIsClosedIsNotReported() {
    LeakTracker tracker = new LeakTracker();
    Object subject = new Object();
    LeakTracker.Ticket ticket = tracker.track(subject, "a thing");
    assertEquals(1, tracker.open());
    ticket.closed();
    ticket.closed();
    assertEquals(0, tracker.open());
    assertEquals("", errors(tracker::reportOpen));
  }

  @Test
  void whatIsOpenIsReportedOnceWithItsCreation() {
    LeakTracker tracker = new LeakTracker();
    Object subject = new Object();
    tracker.track(subject, "buffer of 12 bytes");
    String report = errors(tracker::reportOpen);
    assertTrue(report.contains("leak: buffer of 12 bytes was never closed"), report);
    assertTrue(report.contains("whatIsOpenIsReportedOnceWithItsCreation"), report);
    assertEquals(0, tracker.open());
    assertEquals("", errors(tracker::reportOpen));
  }

  /** The tracker must not keep its subjects alive. */
  @Test
  void whatIsUnreachableIsReported() {
    LeakTracker tracker = new LeakTracker();
    String report =
        errors(
            () -> {
              tracker.track(new Object(), "lost thing");
              for (int i = 0; i < 500 && tracker.open() > 0; i++) {
                System.gc();
                pause();
              }
              // The report is written after the count is lowered, on the cleaner's thread.
              for (int i = 0; i < 50; i++) {
                pause();
              }
            });
    assertEquals(0, tracker.open());
    assertTrue(report.contains("leak: lost thing was never closed"), report);
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String errors(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }
}
