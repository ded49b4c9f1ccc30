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

  /**
   * The rows of a call, with their conditions.
   *
   * @param rows the data set
   * @param conditions of a conditional model
   */
  record Source(DataSet rows, @Nullable DataSet conditions) {
    static Source of(VaeSpec spec, DataSet data) {
      Condition condition = spec.condition();
      return new Source(data, condition == null ? null : Conditions.of(condition, data));
    }

    Form form() {
      return new Form(Staged.Form.of(rows), conditions == null ? null : Staged.Form.of(conditions));
    }
  }

  /** What a plan depends on of a source. */
  record Form(Staged.Form rows, Staged.@Nullable Form conditions) {}

  StagedRows(Backend backend, Arena arena, Form form, int batch, Control control) {
    rows = new Staged(backend, arena, form.rows, batch, control);
    conditions =
        form.conditions == null
            ? null
            : new Staged(backend, arena, form.conditions, batch, control);
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

  /** Reads a batch of a source of the form; a smaller one is padded with zeros. */
  void read(Source source, int first, int count) {
    rows.read(source.rows, first, count);
    if (conditions != null && source.conditions != null) {
      conditions.read(source.conditions, first, count);
    }
  }
}
