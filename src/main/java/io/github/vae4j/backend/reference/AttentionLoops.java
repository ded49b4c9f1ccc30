// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;

/** {@link Attention} and {@link AttentionBackward}. */
final class AttentionLoops {
  private AttentionLoops() {}

  /** Queries, keys and values of one head of one image. */
  private record Head(Floats qkv, double scale, int pixels, int channels, int width, int at) {
    static Head of(Attention op, Floats qkv, int image, int head) {
      int pixels = op.y().dim(1);
      int channels = op.y().dim(2);
      int at = 3 * channels * pixels * image + op.width() * head;
      return new Head(qkv, op.scale(), pixels, channels, op.width(), at);
    }

    /** The place of a query's first value; a key's and a value's are C and 2 C after it. */
    int query(int pixel) {
      return at + 3 * channels * pixel;
    }

    int key(int pixel) {
      return query(pixel) + channels;
    }

    int value(int pixel) {
      return query(pixel) + 2 * channels;
    }

    double score(int i, int j) {
      return scale * dot(qkv, query(i), qkv, key(j));
    }

    double dot(Floats a, int first, Floats b, int second) {
      double sum = 0;
      for (int d = 0; d < width; d++) {
        sum += a.get(first + d) * b.get(second + d);
      }
      return sum;
    }
  }

  static Runnable forward(Attention op) {
    Floats qkv = Floats.of(op.qkv());
    Floats lse = Floats.of(op.lse());
    Floats y = Floats.of(op.y());
    int heads = op.lse().dim(2);
    int pixels = op.lse().dim(1);
    return () -> {
      double[] weights = new double[pixels];
      for (int row = 0; row < lse.length(); row++) {
        int i = row / heads % pixels;
        Head head = Head.of(op, qkv, row / heads / pixels, row % heads);
        double top = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < pixels; j++) {
          weights[j] = head.score(i, j);
          top = Math.max(top, weights[j]);
        }
        double sum = 0;
        for (int j = 0; j < pixels; j++) {
          weights[j] = Math.exp(weights[j] - top);
          sum += weights[j];
        }
        lse.set(row, top + Math.log(sum));
        for (int d = 0; d < head.width; d++) {
          double total = 0;
          for (int j = 0; j < pixels; j++) {
            total += weights[j] * qkv.get(head.value(j) + d);
          }
          y.set(row * head.width + d, total / sum);
        }
      }
    };
  }

  static Runnable backward(AttentionBackward op) {
    Attention forward = op.forward();
    Floats qkv = Floats.of(forward.qkv());
    Floats lse = Floats.of(forward.lse());
    Floats y = Floats.of(forward.y());
    Floats dy = Floats.of(op.dy());
    Floats dqkv = Floats.of(op.dqkv());
    int heads = forward.lse().dim(2);
    int pixels = forward.lse().dim(1);
    return () -> {
      double[] sums = new double[dqkv.length()];
      for (int row = 0; row < lse.length(); row++) {
        int i = row / heads % pixels;
        Head head = Head.of(forward, qkv, row / heads / pixels, row % heads);
        int own = row * head.width;
        double delta = head.dot(dy, own, y, own);
        for (int j = 0; j < pixels; j++) {
          double p = Math.exp(head.score(i, j) - lse.get(row));
          double t = p * (head.dot(dy, own, qkv, head.value(j)) - delta) * head.scale;
          for (int d = 0; d < head.width; d++) {
            sums[head.query(i) + d] += t * qkv.get(head.key(j) + d);
            sums[head.key(j) + d] += t * qkv.get(head.query(i) + d);
            sums[head.value(j) + d] += p * dy.get(own + d);
          }
        }
      }
      for (int k = 0; k < sums.length; k++) {
        dqkv.set(k, sums[k]);
      }
    };
  }
}
