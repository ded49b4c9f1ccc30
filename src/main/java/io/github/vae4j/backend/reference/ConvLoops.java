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
    Sums sums = new Sums(op.y());
    Runnable images = intoSmall(products, op.x(), op.weight(), sums);
    Output output = new Output(op.bias(), op.preactivation(), op.y(), op.activation());
    return () -> {
      images.run();
      output.write(sums);
    };
  }

  static Runnable forward(ConvTranspose op) {
    ConvProducts products = new ConvProducts(op.y(), op.weight(), op.x(), op.window(), op.groups());
    Sums sums = new Sums(op.y());
    Runnable images = intoLarge(products, op.x(), op.weight(), sums);
    Output output = new Output(op.bias(), op.preactivation(), op.y(), op.activation());
    return () -> {
      images.run();
      output.write(sums);
    };
  }

  static Runnable backward(ConvBackward op) {
    Conv forward = op.forward();
    ConvProducts products =
        new ConvProducts(
            forward.x(), forward.weight(), forward.y(), forward.window(), forward.groups());
    Tensor dv = op.dy();
    Sums weights = new Sums(op.dWeight());
    @Nullable Sums images = op.dx() == null ? null : new Sums(op.dx());
    return inTurn(
        activation(dv, forward.kept(), forward.activation(), op.dBias()),
        intoWeight(products, forward.x(), dv, weights),
        weights::write,
        images == null ? () -> {} : intoLarge(products, dv, forward.weight(), images),
        images == null ? () -> {} : images::write);
  }

  static Runnable backward(ConvTransposeBackward op) {
    ConvTranspose forward = op.forward();
    ConvProducts products =
        new ConvProducts(
            forward.y(), forward.weight(), forward.x(), forward.window(), forward.groups());
    Tensor dv = op.dy();
    Sums weights = new Sums(op.dWeight());
    @Nullable Sums images = op.dx() == null ? null : new Sums(op.dx());
    return inTurn(
        activation(dv, forward.kept(), forward.activation(), op.dBias()),
        intoWeight(products, dv, forward.x(), weights),
        weights::write,
        images == null ? () -> {} : intoSmall(products, dv, forward.weight(), images),
        images == null ? () -> {} : images::write);
  }

  private static Runnable inTurn(Runnable... parts) {
    return () -> {
      for (Runnable part : parts) {
        part.run();
      }
    };
  }

  private static Runnable intoSmall(
      ConvProducts products, Tensor largeTensor, Tensor weightTensor, Sums sums) {
    Floats large = Floats.of(largeTensor);
    Floats weight = Floats.of(weightTensor);
    return () -> {
      sums.clear();
      products.forEach((l, w, s) -> sums.add(s, large.get(l) * weight.get(w)));
    };
  }

  private static Runnable intoLarge(
      ConvProducts products, Tensor smallTensor, Tensor weightTensor, Sums sums) {
    Floats small = Floats.of(smallTensor);
    Floats weight = Floats.of(weightTensor);
    return () -> {
      sums.clear();
      products.forEach((l, w, s) -> sums.add(l, small.get(s) * weight.get(w)));
    };
  }

  private static Runnable intoWeight(
      ConvProducts products, Tensor largeTensor, Tensor smallTensor, Sums sums) {
    Floats large = Floats.of(largeTensor);
    Floats small = Floats.of(smallTensor);
    return () -> {
      sums.clear();
      products.forEach((l, w, s) -> sums.add(w, large.get(l) * small.get(s)));
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
