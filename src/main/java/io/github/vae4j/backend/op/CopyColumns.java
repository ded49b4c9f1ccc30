// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Copies columns of one matrix into columns of another, each of P source rows to R / P of R target
 * rows: {@code target[r, targetFirst + j] = source[r P / R, sourceFirst + j]} for j below columns.
 * The target's other columns do not change. Two such ops join the columns of two matrices; one
 * copies columns out of a matrix.
 *
 * @param source FLOAT32 (P, source columns)
 * @param target FLOAT32 (R, target columns), R a multiple of P; must not overlap the source
 * @param sourceFirst the first column read
 * @param targetFirst the first column written
 * @param columns the number of columns copied
 */
public record CopyColumns(
    Tensor source, Tensor target, int sourceFirst, int targetFirst, int columns) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public CopyColumns {
    Check check = new Check("copyColumns");
    check.in("source", source, "*P S").out("target", target, "*R T").atLeast("columns", columns, 1);
    if (check.size("R") % check.size("P") != 0) {
      throw check.wrong("target", "a multiple of the " + source.rows() + " source rows", target);
    }
    checkColumns(check, "source", check.size("S"), sourceFirst, columns);
    checkColumns(check, "target", check.size("T"), targetFirst, columns);
    check.done();
  }

  private static void checkColumns(Check check, String side, int width, int first, int count) {
    check.atLeast(side + "First", first, 0);
    if (count > width) {
      throw check.wrong(side, "the " + count + " columns copied or more", width);
    } else if (first > width - count) {
      throw check.wrong(
          side + "First", "at most " + (width - count) + ", for " + count + " of " + width, first);
    }
  }
}
