package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A batch of rows of a resident data set, scaled to float and optionally binarised.
 *
 * <p>For batch row b, with p = position + b: the logical row is {@code r = Permutation(seed, epoch,
 * rows).at(p)} if shuffled, else p; the physical row is {@code index[r]} if there is an index, else
 * r; {@code v = source[physical, d] * scale}. The output is v, or with binarisation 1 where {@code
 * u < v} and else 0, u uniform at (BINARIZE, step, b, d). With a mask, a source value that is NaN
 * is missing: the output is 0 and the mask 0; elsewhere the mask is 1. {@code position + batch <=
 * rows} must hold when it runs.
 *
 * @param source UINT8 or FLOAT32 (N, features)
 * @param index INT32 (rows): a subset of the source's rows; null for all of them
 * @param out FLOAT32 (batch, features)
 * @param mask FLOAT32 (batch, features), as {@link LikelihoodLoss} takes it; null where none is
 *     missing, and then a NaN stays one
 * @param control epoch, position and step
 * @param rows logical rows; N where there is no index
 * @param features D
 * @param batch B
 * @param scale the factor: 1/255 for grey values
 * @param shuffle whether the order is the epoch's permutation
 * @param binarize whether v is drawn as 0 or 1, anew each time
 * @param seed the seed of order and binarisation
 */
public record Gather(
    Buffer source,
    @Nullable Buffer index,
    Buffer out,
    @Nullable Buffer mask,
    Control control,
    int rows,
    int features,
    int batch,
    float scale,
    boolean shuffle,
    boolean binarize,
    long seed)
    implements Op {
  /**
   * Rows without missing values.
   *
   * @param source UINT8 or FLOAT32 (N, features)
   * @param index INT32 (rows): a subset of the source's rows; null for all of them
   * @param out FLOAT32 (batch, features)
   * @param control epoch, position and step
   * @param rows logical rows; N where there is no index
   * @param features D
   * @param batch B
   * @param scale the factor
   * @param shuffle whether the order is the epoch's permutation
   * @param binarize whether v is drawn as 0 or 1, anew each time
   * @param seed the seed of order and binarisation
   */
  public Gather(
      Buffer source,
      @Nullable Buffer index,
      Buffer out,
      Control control,
      int rows,
      int features,
      int batch,
      float scale,
      boolean shuffle,
      boolean binarize,
      long seed) {
    this(source, index, out, null, control, rows, features, batch, scale, shuffle, binarize, seed);
  }
}
