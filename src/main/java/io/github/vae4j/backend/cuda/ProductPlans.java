// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.lt.LtProduct;
import io.github.vae4j.backend.cuda.lt.LtProduct.Epilogue;
import io.github.vae4j.backend.cuda.lt.Timed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans matrix products by cuBLASLt. If it refuses a plain product, the product is tried with less
 * rounding and workspace, and last planned as a kernel of ours. The planner owns the plans.
 */
final class ProductPlans {
  private static final Logger LOG = LoggerFactory.getLogger(ProductPlans.class);
  private static final int TILE = 32;
  private static final int TILE_ROWS = 8;

  private ProductPlans() {}

  /**
   * A product with an epilogue, on the requested terms.
   *
   * @param beside whether it may run parallel to other products
   * @return the plan; null if cuBLASLt refuses it
   */
  static @Nullable Timed tryFused(Planner planner, LtProduct product, boolean beside) {
    return planner.lt().tryAsAsked(product, beside, planner.arena());
  }

  /** A product without an epilogue, which is always possible. */
  static Timed plain(Planner planner, LtProduct product, boolean beside) {
    if (product.epilogue() != Epilogue.NONE) {
      throw new IllegalArgumentException("expected a plain product, given " + product);
    }
    Timed plan = planner.lt().tryAnyhow(product, beside, planner.arena());
    if (plan != null) {
      return plan;
    }
    LOG.warn("{}: cuBLASLt does not compute it: a slower kernel does", product);
    return new Timed(
        planner.launch(
            "matmul",
            "matmul",
            new Launch.Shape(
                (int) Grids.ceilDiv(product.m(), TILE),
                (int) Math.min(Grids.ceilDiv(product.n(), TILE), Launch.MAX_GRID_Y),
                TILE,
                TILE_ROWS),
            planner
                .arguments()
                .pointer(product.a())
                .pointer(product.b())
                .pointer(product.d())
                .integer(product.m())
                .integer(product.n())
                .integer(product.k())
                .flag(product.transposeA())
                .flag(product.transposeB())),
        Double.POSITIVE_INFINITY);
  }
}
