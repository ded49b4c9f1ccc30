// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies rows and their conditions to the backend, one batch at a time. */
final class StagedRows {
  private final Staged rows;
  private final @Nullable Staged conditions;

  StagedRows(Backend backend, Arena arena, VaeSpec spec, DataSet data, int batch, Control control) {
    rows = new Staged(backend, arena, data, batch, control);
    Condition condition = spec.condition();
    conditions =
        condition == null
            ? null
            : new Staged(backend, arena, Conditions.of(condition, data), batch, control);
  }

  /** The ops that write the batch. */
  List<Op> gathers() {
    List<Op> gathers = new ArrayList<>(List.of(rows.gather()));
    if (conditions != null) {
      gathers.add(conditions.gather());
    }
    return gathers;
  }

  /** The rows of the batch, for a pass. */
  Rows rows() {
    return new Rows(rows.values(), rows.mask(), conditions == null ? null : conditions.values());
  }

  /** Reads a batch; a smaller one is padded with zeros. */
  void read(int first, int count) {
    rows.read(first, count);
    if (conditions != null) {
      conditions.read(first, count);
    }
  }
}
