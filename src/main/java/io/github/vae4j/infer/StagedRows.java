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

/** Rows and their conditions on the backend, a batch at a time. */
final class StagedRows {
  private final Staged rows;
  private final @Nullable Staged told;

  StagedRows(Backend backend, Arena arena, VaeSpec spec, DataSet data, int batch, Control control) {
    rows = new Staged(backend, arena, data, batch, control);
    Condition condition = spec.condition();
    told =
        condition == null
            ? null
            : new Staged(backend, arena, Conditions.of(condition, data), batch, control);
  }

  /** The ops that give the batch. */
  List<Op> gathers() {
    List<Op> gathers = new ArrayList<>(List.of(rows.gather()));
    if (told != null) {
      gathers.add(told.gather());
    }
    return gathers;
  }

  /** The rows of the batch, as a pass takes them. */
  Rows rows() {
    return new Rows(rows.values(), rows.mask(), told == null ? null : told.values());
  }

  /** Reads a batch; a smaller one is padded with zeros. */
  void read(int first, int count) {
    rows.read(first, count);
    if (told != null) {
      told.read(first, count);
    }
  }
}
