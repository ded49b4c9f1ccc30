// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plans that were used last, so that a call like a former one, of the same data set or of
 * others, plans nothing. All plans together have at most the samples of one pass.
 */
final class EvaluationPlans implements AutoCloseable {
  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;

  /** The plan that was used last is the last. */
  private final Map<Key, EvaluationPlan> plans = new LinkedHashMap<>();

  private record Key(StagedRows.Form form, int batch, int samples, long seed) {
    long size() {
      return (long) batch * samples;
    }
  }

  EvaluationPlans(Backend backend, VaeSpec spec, Parameters parameters) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
  }

  /** A plan for sources of a form, and at least so many rows. */
  EvaluationPlan get(StagedRows.Form form, int rows, int samples, long seed) {
    Key key = new Key(form, PassRows.planned(rows), samples, seed);
    EvaluationPlan plan = plans.remove(key);
    if (plan == null) {
      shrink(PassRows.sampled(parameters.layout()) - key.size());
      plan = new EvaluationPlan(backend, spec, parameters, form, key.batch, samples, seed, false);
    }
    plans.put(key, plan);
    return plan;
  }

  /** Closes the plans that were not used for the longest time, until the others are so small. */
  private void shrink(long most) {
    long size = plans.keySet().stream().mapToLong(Key::size).sum();
    for (Iterator<Map.Entry<Key, EvaluationPlan>> all = plans.entrySet().iterator();
        size > most && all.hasNext(); ) {
      Map.Entry<Key, EvaluationPlan> eldest = all.next();
      size -= eldest.getKey().size();
      all.remove();
      eldest.getValue().close();
    }
  }

  @Override
  public void close() {
    shrink(-1);
  }
}
