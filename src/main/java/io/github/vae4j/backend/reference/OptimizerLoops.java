// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.RecordMetrics;
import org.jspecify.annotations.Nullable;

/** {@link GlobalNorm}, {@link RecordMetrics} and {@link AdamUpdate}. */
final class OptimizerLoops {
  private OptimizerLoops() {}

  static Runnable globalNorm(GlobalNorm op) {
    Floats gradients = Floats.of(op.gradients());
    Doubles norm = Doubles.of(op.norm());
    return () -> {
      double sum = 0;
      for (int i = 0; i < gradients.length(); i++) {
        sum += gradients.get(i) * gradients.get(i);
      }
      norm.set(0, Math.sqrt(sum));
    };
  }

  static Runnable recordMetrics(RecordMetrics op) {
    Floats nll = Floats.of(op.nll());
    Floats kl = Floats.of(op.kl());
    @Nullable Floats bound = Floats.may(op.bound());
    @Nullable Floats penalty = Floats.may(op.penalty());
    Doubles norm = Doubles.of(op.norm());
    Doubles ring = Doubles.of(op.ring());
    Doubles status = Doubles.of(op.status());
    Doubles control = Doubles.of(op.control());
    int slots = op.ring().dim(0);
    return () -> {
      int slot = (int) ((long) control.get(Control.STEP) % slots);
      double meanNll = mean(nll);
      double meanKl = mean(kl);
      double meanBound = bound == null ? -meanNll - meanKl : mean(bound);
      double sumOfPenalties = penalty == null ? 0 : penalty.length() * mean(penalty);
      boolean finite =
          Double.isFinite(meanNll)
              && Double.isFinite(meanKl)
              && Double.isFinite(meanBound)
              && Double.isFinite(sumOfPenalties)
              && Double.isFinite(norm.get(0))
              && norm.get(0) <= op.mostNorm();
      ring.set(slot * RecordMetrics.WIDTH, meanNll);
      ring.set(slot * RecordMetrics.WIDTH + 1, meanKl);
      ring.set(slot * RecordMetrics.WIDTH + 2, norm.get(0));
      ring.set(slot * RecordMetrics.WIDTH + 3, finite ? 1 : 0);
      ring.set(slot * RecordMetrics.WIDTH + 4, meanBound);
      ring.set(slot * RecordMetrics.WIDTH + 5, sumOfPenalties);
      status.set(0, finite ? 1 : 0);
    };
  }

  static Runnable adam(AdamUpdate op) {
    Floats parameters = Floats.of(op.parameters());
    Floats gradients = Floats.of(op.gradients());
    Floats moments = Floats.of(op.m());
    Floats squares = Floats.of(op.v());
    @Nullable Floats average = Floats.may(op.average());
    Doubles norm = Doubles.of(op.norm());
    Doubles status = Doubles.of(op.status());
    Doubles state = Doubles.of(op.state());
    Doubles control = Doubles.of(op.control());
    return () -> {
      if (status.get(0) == 0) {
        state.set(AdamUpdate.SKIPPED, state.get(AdamUpdate.SKIPPED) + 1);
        state.set(AdamUpdate.SKIPPED_IN_A_ROW, state.get(AdamUpdate.SKIPPED_IN_A_ROW) + 1);
        return;
      }
      double t = state.get(AdamUpdate.APPLIED) + 1;
      double rate = control.get(Control.LEARNING_RATE);
      double clip = op.clipNorm() == 0 ? 1 : Math.min(1, op.clipNorm() / norm.get(0));
      double correction1 = 1 - Math.pow(op.beta1(), t);
      double correction2 = 1 - Math.pow(op.beta2(), t);
      for (int i = 0; i < parameters.length(); i++) {
        double p = parameters.get(i);
        double g = clip * gradients.get(i);
        if (op.decoupled()) {
          p -= rate * op.weightDecay() * p;
        } else {
          g += op.weightDecay() * p;
        }
        double m = op.beta1() * moments.get(i) + (1 - op.beta1()) * g;
        double v = op.beta2() * squares.get(i) + (1 - op.beta2()) * g * g;
        p -= rate * (m / correction1) / (Math.sqrt(v / correction2) + op.epsilon());
        moments.set(i, m);
        squares.set(i, v);
        parameters.set(i, p);
        if (average != null) {
          average.set(i, op.emaDecay() * average.get(i) + (1 - op.emaDecay()) * p);
        }
      }
      state.set(AdamUpdate.APPLIED, t);
      state.set(AdamUpdate.SKIPPED_IN_A_ROW, 0);
    };
  }

  private static double mean(Floats values) {
    double sum = 0;
    for (int i = 0; i < values.length(); i++) {
      sum += values.get(i);
    }
    return sum / values.length();
  }
}
