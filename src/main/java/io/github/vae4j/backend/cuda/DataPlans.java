package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.DType;
import java.util.List;

/** {@link Gather}, {@link Fill}, {@link Copy}, {@link CopyColumns} and {@link Add}. */
final class DataPlans {
  private static final int WARP = 32;
  private static final int THREADS = 256;

  private DataPlans() {}

  static List<Step> gather(Planner planner, Gather op) {
    boolean bytes = op.source().type() == DType.UINT8;
    long threads = Grids.ceilDiv(Grids.ceilDiv(op.features(), 4), WARP) * WARP;
    return List.of(
        planner.dependentLaunch(
            "gather",
            bytes ? "gather_uint8" : "gather_float32",
            Launch.Shape.line(op.batch(), (int) Math.min(threads, THREADS)),
            planner
                .arguments()
                .buffer(op.source())
                .buffer(op.index())
                .buffer(op.out())
                .buffer(op.mask())
                .control(op.control())
                .integer(op.rows())
                .integer(op.features())
                .number(op.scale())
                .flag(op.shuffle())
                .flag(op.binarize())
                .integer64(op.seed())));
  }

  static List<Step> fill(Planner planner, Fill op) {
    long n = op.target().length();
    Arguments arguments = planner.arguments().buffer(op.target()).integer64(n);
    return switch (op.target().type()) {
      case FLOAT32 ->
          List.of(
              planner.launch(
                  "fill",
                  "fill_float32",
                  Launch.Shape.line(Grids.ceilDiv(n, 4 * THREADS), THREADS),
                  arguments.number((float) op.value())));
      case FLOAT64 ->
          List.of(
              planner.launch(
                  "fill",
                  "fill_float64",
                  Launch.Shape.line(Grids.ceilDiv(n, 2 * THREADS), THREADS),
                  arguments.number(op.value())));
      case UINT8, INT32 ->
          throw new IllegalArgumentException("fill: expected floats, given " + op.target());
    };
  }

  static List<Step> copy(Planner planner, Copy op) {
    long bytes = op.source().length() * op.source().type().bytes();
    return List.of(
        planner.own(
            new MemoryCopy(
                planner.context(),
                planner.address(op.source()),
                planner.address(op.target()),
                bytes)));
  }

  static List<Step> copyColumns(Planner planner, CopyColumns op) {
    long elements = (long) op.rows() * op.columns();
    return List.of(
        planner.launch(
            "copy_columns",
            "copy_columns",
            Launch.Shape.line(Grids.ceilDiv(elements, THREADS), THREADS),
            planner
                .arguments()
                .buffer(op.source())
                .buffer(op.target())
                .integer(op.rows())
                .integer(op.repeat())
                .integer(op.columns())
                .integer(op.sourceColumns())
                .integer(op.sourceFirst())
                .integer(op.targetColumns())
                .integer(op.targetFirst())));
  }

  static List<Step> add(Planner planner, Add op) {
    long n = op.target().length();
    return List.of(
        planner.launch(
            "add",
            "add",
            Launch.Shape.line(Grids.ceilDiv(n, 4 * THREADS), THREADS),
            planner.arguments().buffer(op.source()).buffer(op.target()).integer64(n)));
  }
}
