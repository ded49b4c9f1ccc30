// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link Conv}, {@link ConvTranspose} and their gradients. */
final class ConvLoops {
  private ConvLoops() {}

  static Runnable forward(Conv op) {
    ConvProducts products = new ConvProducts(op.x(), op.weight(), op.y(), op.window(), op.groups());
    Floats x = Floats.of(op.x());
    Floats weight = Floats.of(op.weight());
    Sums sums = new Sums(op.y());
    Output output = new Output(op.bias(), op.preactivation(), op.y(), op.activation());
    return () -> {
      sums.clear();
      products.forEach((large, w, small) -> sums.add(small, x.get(large) * weight.get(w)));
      output.write(sums);
    };
  }

  static Runnable forward(ConvTranspose op) {
    ConvProducts products = new ConvProducts(op.y(), op.weight(), op.x(), op.window(), op.groups());
    Floats x = Floats.of(op.x());
    Floats weight = Floats.of(op.weight());
    Sums sums = new Sums(op.y());
    Output output = new Output(op.bias(), op.preactivation(), op.y(), op.activation());
    return () -> {
      sums.clear();
      products.forEach((large, w, small) -> sums.add(large, x.get(small) * weight.get(w)));
      output.write(sums);
    };
  }

  static Runnable backward(ConvBackward op) {
    Conv forward = op.forward();
    ConvProducts products =
        new ConvProducts(
            forward.x(), forward.weight(), forward.y(), forward.window(), forward.groups());
    Floats x = Floats.of(forward.x());
    Floats weight = Floats.of(forward.weight());
    Floats dv = Floats.of(op.dy());
    Runnable activation = activation(op.dy(), forward.kept(), forward.activation(), op.dBias());
    Sums weightSums = new Sums(op.dWeight());
    @Nullable Sums inputSums = op.dx() == null ? null : new Sums(op.dx());
    return () -> {
      activation.run();
      weightSums.clear();
      products.forEach((large, w, small) -> weightSums.add(w, x.get(large) * dv.get(small)));
      weightSums.write();
      if (inputSums != null) {
        inputSums.clear();
        products.forEach((large, w, small) -> inputSums.add(large, dv.get(small) * weight.get(w)));
        inputSums.write();
      }
    };
  }

  static Runnable backward(ConvTransposeBackward op) {
    ConvTranspose forward = op.forward();
    ConvProducts products =
        new ConvProducts(
            forward.y(), forward.weight(), forward.x(), forward.window(), forward.groups());
    Floats x = Floats.of(forward.x());
    Floats weight = Floats.of(forward.weight());
    Floats dv = Floats.of(op.dy());
    Runnable activation = activation(op.dy(), forward.kept(), forward.activation(), op.dBias());
    Sums weightSums = new Sums(op.dWeight());
    @Nullable Sums inputSums = op.dx() == null ? null : new Sums(op.dx());
    return () -> {
      activation.run();
      weightSums.clear();
      products.forEach((large, w, small) -> weightSums.add(w, x.get(small) * dv.get(large)));
      weightSums.write();
      if (inputSums != null) {
        inputSums.clear();
        products.forEach((large, w, small) -> inputSums.add(small, dv.get(large) * weight.get(w)));
        inputSums.write();
      }
    };
  }

  /** The derivative of the activation times dy, in place, and the gradient of the bias. */
  private static Runnable activation(
      Tensor dyTensor, Tensor keptTensor, Activation activation, Tensor dBiasTensor) {
    Floats dy = Floats.of(dyTensor);
    Floats kept = Floats.of(keptTensor);
    Floats dBias = Floats.of(dBiasTensor);
    int channels = dBias.length();
    return () -> {
      for (int at = 0; at < dy.length(); at++) {
        dy.set(at, dy.get(at) * activation.derivativeFromKept(kept.get(at)));
      }
      for (int channel = 0; channel < channels; channel++) {
        double sum = 0;
        for (int at = channel; at < dy.length(); at += channels) {
          sum += dy.get(at);
        }
        dBias.set(channel, sum);
      }
    };
  }

  /** The sums of a tensor's elements before they are rounded to float32. */
  private static final class Sums {
    private final Floats values;
    private final double[] sums;

    Sums(Tensor tensor) {
      values = Floats.of(tensor);
      sums = new double[values.length()];
    }

    void clear() {
      Arrays.fill(sums, 0);
    }

    void add(int index, double term) {
      sums[index] += term;
    }

    double get(int index) {
      return sums[index];
    }

    void write() {
      for (int at = 0; at < sums.length; at++) {
        values.set(at, sums[at]);
      }
    }
  }

  /** The tensors that a forward pass writes: v, if it is kept, and y. */
  private static final class Output {
    private final Floats bias;
    private final @Nullable Floats preactivation;
    private final Floats y;
    private final Activation activation;

    Output(Tensor bias, @Nullable Tensor preactivation, Tensor y, Activation activation) {
      this.bias = Floats.of(bias);
      this.preactivation = Floats.may(preactivation);
      this.y = Floats.of(y);
      this.activation = activation;
    }

    void write(Sums sums) {
      for (int at = 0; at < y.length(); at++) {
        double v = sums.get(at) + bias.get(at % bias.length());
        if (preactivation != null) {
          preactivation.set(at, v);
        }
        y.set(at, activation.apply(v));
      }
    }
  }
}
