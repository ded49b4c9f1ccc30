// SPDX-License-Identifier: Apache-2.0
// Columns of one matrix into columns of another, each source row to `repeat` rows.
//
// Maths (io.github.vae4j.backend.op.CopyColumns): target[r, targetFirst + j] =
//   source[r / repeat, sourceFirst + j].
// Shapes: source (R / repeat, sourceColumns), target (R, targetColumns); n columns are copied.
// Bytes: reads 4 R n / repeat (a repeated row comes from the cache), writes 4 R n.
// Launch: blocks of 256, a thread an element, rows one after the other, so that no lane is idle where
//   rows are short. Elements, not quads: rows of a joined matrix start at any multiple of 4 bytes.
extern "C" __global__ void __launch_bounds__(256)
    copy_columns(const float* __restrict__ source, float* __restrict__ target, int rows, int repeat,
                 int columns, int source_columns, int source_first, int target_columns,
                 int target_first) {
  long long at = 256LL * blockIdx.x + threadIdx.x;
  if (at >= (long long)rows * columns) {
    return;
  }
  // Below 2^31: Check bounds the target's elements, of which these are a part.
  unsigned row = (unsigned)at / columns;
  unsigned column = (unsigned)at - row * columns;
  target[(long long)row * target_columns + target_first + column] =
      source[(long long)(row / repeat) * source_columns + source_first + column];
}
