// SPDX-License-Identifier: Apache-2.0
// Exchanges two dimensions.
//
// Maths (io.github.vae4j.backend.op.SwapAxes): y[n, b, a, c] = x[n, a, b, c].
// Shapes: x (N, A, B, C), y (N, B, A, C).
// Bytes: reads and writes 4 N A B C.
// Launch: swap_axes_tiles, for few c and many a and b: blocks of 256, one for a tile of `side` a and
//   `side` b with all c, which it reads in the order of x and writes in that of y, through shared
//   memory. swap_axes_runs, for all others: blocks of 256, a thread owns V = 4 or 1 values of y; it
//   reads runs of C floats, or, where A or B is small, values that its neighbours' lines have.
#include "pixels.cuh"

// 32 x 32 with a float after each row of b, or 16 x 16 of at most 7 c, so that a column of the tile
// is in as many banks as possible.
#define TILE_FLOATS (16 * (16 * 7 + 1))

extern "C" __global__ void __launch_bounds__(256)
    swap_axes_tiles(const float* __restrict__ x, float* __restrict__ y, unsigned rows,
                    unsigned columns, unsigned run, unsigned side) {
  __shared__ float tile[TILE_FLOATS];
  unsigned across = (columns + side - 1) / side;
  unsigned down = (rows + side - 1) / side;
  unsigned block = blockIdx.x / across;
  unsigned column = side * (blockIdx.x - block * across);
  unsigned n = block / down;
  unsigned row = side * (block - n * down);
  unsigned tile_columns = min(side, columns - column);
  unsigned tile_rows = min(side, rows - row);
  unsigned image = n * rows * columns * run;
  unsigned pitch = side * run + 1;
  unsigned length = tile_columns * run;
  for (unsigned i = threadIdx.x; i < tile_rows * length; i += 256) {
    unsigned a = i / length;
    unsigned within = i - a * length;
    tile[a * pitch + within] = x[image + ((row + a) * columns + column) * run + within];
  }
  __syncthreads();
  length = tile_rows * run;
  for (unsigned i = threadIdx.x; i < tile_columns * length; i += 256) {
    unsigned b = i / length;
    unsigned within = i - b * length;
    unsigned a = within / run;
    y[image + ((column + b) * rows + row) * run + within] =
        tile[a * pitch + b * run + (within - a * run)];
  }
}

template <int V>
__device__ __forceinline__ void swap_axes_runs(const float* __restrict__ x, float* __restrict__ y,
                                               unsigned n, unsigned rows, unsigned columns,
                                               unsigned run) {
  unsigned thread = own_thread();
  // As an image, y has N B rows of A pixels of C channels.
  if (thread >= n * rows * columns * (run / V)) {
    return;
  }
  Pixel at = own_pixel<V>(thread, rows, run);
  unsigned image = at.row / columns;
  unsigned b = at.row - image * columns;
  store_channels<V>(y + thread * V, load_channels<V>(x + pixel_at(image * rows + at.column, b,
                                                                  at.channel, columns, run)));
}

extern "C" __global__ void __launch_bounds__(256)
    swap_axes_runs_1(const float* __restrict__ x, float* __restrict__ y, unsigned n, unsigned rows,
                     unsigned columns, unsigned run) {
  swap_axes_runs<1>(x, y, n, rows, columns, run);
}

extern "C" __global__ void __launch_bounds__(256)
    swap_axes_runs_4(const float* __restrict__ x, float* __restrict__ y, unsigned n, unsigned rows,
                     unsigned columns, unsigned run) {
  swap_axes_runs<4>(x, y, n, rows, columns, run);
}
