// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.cuda.driver.Arguments;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.Activate;
import io.github.vae4j.backend.op.ActivateBackward;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.DType;
import java.util.List;

/**
 * {@link Gather}, {@link Copy}, {@link CopyColumns}, {@link Add}, {@link Activate} and its
 * gradient.
 */
final class DataPlans {
  private static final int WARP = 32;
  private static final int THREADS = 256;

  private DataPlans() {}

  static List<Step> gather(Planner planner, Gather op) {
    Augmentation images = op.augmentation();
    String type = op.source().type() == DType.UINT8 ? "uint8" : "float32";
    int features = op.source().dim(1);
    long threads = Grids.ceilDiv(Grids.ceilDiv(features, 4), WARP) * WARP;
    Arguments arguments =
        planner
            .arguments()
            .tensor(op.source())
            .tensor(op.out())
            .tensor(op.mask())
            .block(op.control().buffer())
            .integer(op.source().dim(0))
            .integer(features)
            .number(op.scale())
            .flag(op.shuffle())
            .flag(op.binarize())
            .integer64(op.seed());
    if (images.any()) {
      arguments
          .integer(images.height())
          .integer(images.width())
          .integer(images.channels())
          .flag(images.flip())
          .integer(images.shift());
    }
    return List.of(
        planner.dependentLaunch(
            "gather",
            (images.any() ? "gather_image_" : "gather_") + type,
            Launch.Shape.line(op.out().dim(0), (int) Math.min(threads, THREADS)),
            arguments));
  }

  static List<Step> copy(Planner planner, Copy op) {
    long bytes = op.source().type().bytes(op.source().length());
    return List.of(planner.copy(op.source(), op.target(), bytes));
  }

  static List<Step> copyColumns(Planner planner, CopyColumns op) {
    int rows = op.target().rows();
    long elements = (long) rows * op.columns();
    return List.of(
        planner.launch(
            "copy_columns",
            "copy_columns",
            Launch.Shape.line(Grids.ceilDiv(elements, THREADS), THREADS),
            planner
                .arguments()
                .tensor(op.source())
                .tensor(op.target())
                .integer(rows)
                .integer(rows / op.source().rows())
                .integer(op.columns())
                .integer(op.source().dim(-1))
                .integer(op.sourceFirst())
                .integer(op.target().dim(-1))
                .integer(op.targetFirst())));
  }

  static List<Step> add(Planner planner, Add op) {
    long n = op.target().length();
    return List.of(
        planner.launch(
            "add",
            "add",
            quads(n),
            planner.arguments().tensor(op.source()).tensor(op.target()).integer64(n)));
  }

  static List<Step> activate(Planner planner, Activate op) {
    long n = op.y().length();
    return List.of(
        planner.launch(
            "activate",
            "activate_" + op.activation().id(),
            quads(n),
            planner.arguments().tensor(op.x()).tensor(op.y()).integer64(n)));
  }

  static List<Step> activateBackward(Planner planner, ActivateBackward op) {
    long n = op.dx().length();
    return List.of(
        planner.launch(
            "activate_backward",
            "activate_backward_" + op.forward().activation().id(),
            quads(n),
            planner
                .arguments()
                .tensor(op.forward().kept())
                .tensor(op.dy())
                .tensor(op.dx())
                .integer64(n)));
  }

  /** A thread for every four elements. */
  private static Launch.Shape quads(long n) {
    return Launch.Shape.line(Grids.ceilDiv(n, 4 * THREADS), THREADS);
  }
}
