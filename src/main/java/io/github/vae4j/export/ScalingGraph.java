// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.schema.Scaling;
import java.util.List;

/** The map of a column's values to a model's, in double, and the logarithm of its slope. */
record ScalingGraph(Value model, Value logSlope) {
  /** Of values DOUBLE (B); NaN stays NaN, with a slope of 1. */
  static ScalingGraph of(Scaling scaling, Value x) {
    ScalingGraph all =
        switch (scaling.rule()) {
          case STANDARD ->
              new ScalingGraph(
                  linear(x, scaling.center(), scaling.scale()),
                  x.number(-Math.log(scaling.scale())));
          case LOG -> logarithmic(scaling, x);
          case ROBUST -> knots(scaling, x);
        };
    return new ScalingGraph(
        all.model.atLeast(-Scaling.FARTHEST).atMost(Scaling.FARTHEST),
        x.isNan().choose(x.number(0), all.logSlope));
  }

  private static Value linear(Value x, double center, double scale) {
    return x.plus(-center).over(x.number(scale));
  }

  private static ScalingGraph logarithmic(Scaling scaling, Value x) {
    Value log = x.plus(scaling.offset()).atLeast(Double.MIN_NORMAL).atMost(Double.MAX_VALUE).log();
    return new ScalingGraph(
        linear(log, scaling.center(), scaling.scale()),
        log.negative().plus(-Math.log(scaling.scale())));
  }

  /** Each of the pieces, that below the first knot too, is a line through one of the knots. */
  private static ScalingGraph knots(Scaling scaling, Value x) {
    int count = scaling.knots().size();
    double[] thresholds = new double[count];
    double[] from = new double[count + 1];
    double[] to = new double[count + 1];
    double[] slopes = new double[count + 1];
    double[] logSlopes = new double[count + 1];
    for (int piece = 0; piece <= count; piece++) {
      int below = Math.max(0, piece - 1);
      from[piece] = scaling.knots().get(below);
      to[piece] = scaling.scores().get(below);
      boolean outside = piece == 0 || piece == count;
      double width = outside ? scaling.scale() : scaling.knots().get(piece) - from[piece];
      double height = outside ? 1 : scaling.scores().get(piece) - to[piece];
      slopes[piece] = height / width;
      logSlopes[piece] = Math.log(height) - Math.log(width);
    }
    for (int knot = 0; knot < count; knot++) {
      double at = scaling.knots().get(knot);
      // A value at the first knot is below it, one at another knot above.
      thresholds[knot] = knot == 0 ? at : Math.nextDown(at);
    }
    Graph graph = x.graph();
    Value above =
        graph.node(
            "Greater",
            ElementType.BOOL,
            List.of(x.withAxes(1), graph.constant(thresholds, count)),
            new Attributes());
    Value piece = above.as(ElementType.INT64).sum(1);
    Value distance = x.minus(gathered(from, piece));
    return new ScalingGraph(
        gathered(to, piece).plus(distance.times(gathered(slopes, piece))),
        gathered(logSlopes, piece));
  }

  private static Value gathered(double[] values, Value places) {
    Graph graph = places.graph();
    return graph.node(
        "Gather",
        ElementType.DOUBLE,
        List.of(graph.constant(values, values.length), places),
        new Attributes());
  }
}
