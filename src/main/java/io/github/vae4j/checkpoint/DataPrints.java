// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of a run's data, so that a run does not go on with others unnoticed.
 *
 * @param train of the training rows, without those that were held out
 * @param test of the rows of the evaluation; null for none
 */
public record DataPrints(Fingerprint train, @Nullable Fingerprint test) {
  /**
   * The differences of data that were read later.
   *
   * @param now their fingerprints
   * @return for example {@code training data: 100 rows, before 200}; empty if both are the same
   */
  public List<String> differences(DataPrints now) {
    List<String> found = new ArrayList<>();
    add(found, "training data", train.differences(now.train));
    Fingerprint before = test;
    Fingerprint after = now.test;
    if (before != null && after != null) {
      add(found, "test data", before.differences(after));
    } else if (before != null || after != null) {
      found.add(after == null ? "no test data, before some" : "test data, before none");
    }
    return found;
  }

  private static void add(List<String> found, String name, List<String> differences) {
    if (!differences.isEmpty()) {
      found.add(name + ": " + String.join(", ", differences));
    }
  }
}
