// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cases of {@link PlanarFlow}, {@link TriangularMap} and their gradients. */
final class FlowCases {
  private FlowCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] shapes = {{1, 1, 1, 1}, {3, 1, 33, 2}, {2, 3, 7, 5}, {128, 1, 20, 8}, {17, 2, 65, 1}};
    for (int[] shape : shapes) {
      for (boolean extras : new boolean[] {true, false}) {
        Shape each = new Shape(shape[0], shape[1], shape[2], shape[3], extras, Kind.ORDINARY);
        cases.add(forward(each));
        cases.add(backward(each));
        if (extras || shape[2] > 1) {
          cases.add(triangular(each));
          cases.add(triangularBackward(each));
        }
      }
    }
    for (Kind kind : List.of(Kind.SINGULAR, Kind.NAN)) {
      Shape each = new Shape(4, 2, 5, 3, true, kind);
      cases.add(forward(each));
      cases.add(backward(each));
    }
    return cases;
  }

  static List<OpCase> large() {
    Shape shape = new Shape(1024, 1, 20, 8, false, Kind.ORDINARY);
    return List.of(forward(shape), backward(shape), triangular(shape), triangularBackward(shape));
  }

  /** The kinds of encoder outputs. */
  private enum Kind {
    ORDINARY,
    /** Rows in turn: w = 0; |w|^2 that underflows; w.u beyond its clamp; w.u next to 0. */
    SINGULAR,
    /** A parameter is NaN. */
    NAN
  }

  private record Shape(int batch, int samples, int latent, int layers, boolean extras, Kind kind) {
    int own() {
      return layers * PlanarFlow.parametersPerLayer(latent);
    }

    /** With extras, the parameters follow those of the Gaussian. */
    int width() {
      return own() + (extras ? 2 * latent : 0);
    }

    int rows() {
      return batch * samples;
    }

    int[] z() {
      return new int[] {batch, samples, latent};
    }

    /** The elements of z. */
    int count() {
      return rows() * latent;
    }

    long work() {
      return 10L * rows() * own();
    }

    /** w.u is of size 1 whatever Z is. */
    float[] parameters(Operands operands) {
      float[] parameters = operands.normal(batch * width());
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] /= (float) Math.sqrt(latent);
      }
      for (int b = 0; kind == Kind.SINGULAR && b < batch; b++) {
        int u = b * width() + width() - own();
        for (int j = 0; j < latent; j++) {
          switch (b) {
            case 0 -> parameters[u + latent + j] = 0;
            case 1 -> parameters[u + latent + j] *= 1e-20f;
            case 2 -> {
              parameters[u + latent + j] = 1;
              parameters[u + j] = -7;
            }
            default -> parameters[u + j] *= 1e-4f;
          }
        }
      }
      if (kind == Kind.NAN) {
        parameters[width() - 1] = Float.NaN;
      }
      return parameters;
    }

    @Override
    public String toString() {
      return batch
          + "x"
          + samples
          + "x"
          + latent
          + ", "
          + layers
          + " layers"
          + (extras ? " all " : " least ")
          + kind;
    }
  }

  /** The sums go over latent dimensions, maps and samples, of terms of size 1. */
  private static Bound bound(int terms) {
    return (index, want, tolerance) -> tolerance.function() * (10 * Math.abs(want) + terms);
  }

  private static OpCase forward(Shape shape) {
    return new OpCase("planarFlow " + shape, shape.work(), operands -> flow(operands, shape));
  }

  private static Op flow(Operands operands, Shape shape) {
    return new PlanarFlow(
        operands.in("parameters", shape.parameters(operands), shape.batch, shape.width()),
        operands.in("z0", operands.normal(shape.count()), shape.z()),
        operands.out("z", bound(shape.layers), shape.z()),
        operands.out("tanh", bound(shape.layers), shape.batch, shape.samples, shape.layers),
        operands.inOut(
            "logRatio",
            operands.normal(shape.rows()),
            bound(4 * shape.latent * shape.layers),
            shape.batch,
            shape.samples));
  }

  private static OpCase backward(Shape shape) {
    return new OpCase(
        "planarFlowBackward " + shape,
        2 * shape.work(),
        operands -> {
          float[] tanh = operands.uniform(shape.rows() * shape.layers, -0.9, 0.9);
          PlanarFlow forward =
              new PlanarFlow(
                  operands.in("parameters", shape.parameters(operands), shape.batch, shape.width()),
                  operands.unused("z0", shape.z()),
                  operands.in("z", operands.normal(shape.count()), shape.z()),
                  operands.in("tanh", tanh, shape.batch, shape.samples, shape.layers),
                  operands.unused("logRatio", shape.batch, shape.samples));
          return new PlanarFlowBackward(
              forward,
              weight(operands, shape),
              operands.inOut(
                  "dz",
                  operands.uniform(shape.count(), -1, 1),
                  bound(10 * shape.layers),
                  shape.z()),
              operands.inOut(
                  "dParameters",
                  operands.normal(shape.batch * shape.width()),
                  bound(10 * shape.layers * shape.samples),
                  shape.batch,
                  shape.width()),
              operands.control(3, 0, 0, 0, 1.5),
              1f / shape.rows());
        });
  }

  private static @Nullable Tensor weight(Operands operands, Shape shape) {
    return shape.extras
        ? operands.in("weight", operands.uniform(shape.rows(), 0, 2), shape.batch, shape.samples)
        : null;
  }

  private static int triangularWidth(Shape shape) {
    return TriangularMap.entries(shape.latent) + (shape.extras ? 2 * shape.latent : 0);
  }

  private static Tensor triangle(Operands operands, Shape shape) {
    int width = triangularWidth(shape);
    return operands.in(
        "parameters", operands.uniform(shape.batch * width, -1, 1), shape.batch, width);
  }

  private static OpCase triangular(Shape shape) {
    return new OpCase(
        "triangularMap " + shape,
        5L * shape.rows() * shape.latent * shape.latent,
        operands ->
            new TriangularMap(
                triangle(operands, shape),
                operands.in("z0", operands.normal(shape.count()), shape.z()),
                operands.out("z", Bound.sum(shape.latent, 1), shape.z()),
                operands.inOut(
                    "logRatio",
                    operands.normal(shape.rows()),
                    bound(shape.latent * shape.latent),
                    shape.batch,
                    shape.samples)));
  }

  private static OpCase triangularBackward(Shape shape) {
    return new OpCase(
        "triangularMapBackward " + shape,
        10L * shape.rows() * shape.latent * shape.latent,
        operands ->
            new TriangularMapBackward(
                new TriangularMap(
                    triangle(operands, shape),
                    operands.in("z0", operands.normal(shape.count()), shape.z()),
                    operands.in("z", operands.normal(shape.count()), shape.z()),
                    operands.unused("logRatio", shape.batch, shape.samples)),
                weight(operands, shape),
                operands.inOut(
                    "dz",
                    operands.uniform(shape.count(), -1, 1),
                    Bound.sum(shape.latent, 3),
                    shape.z()),
                operands.inOut(
                    "dParameters",
                    operands.normal(shape.batch * triangularWidth(shape)),
                    Bound.sum(shape.samples, 10),
                    shape.batch,
                    triangularWidth(shape)),
                operands.control(3, 0, 0, 0, 1.5),
                1f / shape.rows()));
  }
}
