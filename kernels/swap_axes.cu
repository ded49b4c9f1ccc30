// SPDX-License-Identifier: Apache-2.0
// Exchanges two dimensions.
//
// Maths (io.github.vae4j.backend.op.SwapAxes): y[n, b, a, c] = x[n, a, b, c].
// Shapes: x (N, A, B, C), y (N, B, A, C).
// Bytes: reads and writes 4 N A B C.
// Launch: swap_axes_tiles, for few c: blocks of 256, one for a tile of `down` a and `across` b with all
//   c, which it reads in the order of x and writes in that of y, through shared memory.
//   swap_axes_runs, for all others: blocks of 256, a thread owns V = 4 or 1 values of y and reads runs
//   of C floats, or, where A B C is small, values of the same few lines as its neighbours.
#include "pixels.cuh"

// The plan's ImagePlans.TILE_FLOATS.
#define TILE_FLOATS 2048

extern "C" __global__ void __launch_bounds__(256)
    swap_axes_tiles(const float* __restrict__ x, float* __restrict__ y, unsigned rows,
                    unsigned columns, unsigned run, unsigned down, unsigned across) {
  __shared__ float tile[TILE_FLOATS];
  unsigned tiles_across = (columns + across - 1) / across;
  unsigned tiles_down = (rows + down - 1) / down;
  unsigned block = blockIdx.x / tiles_across;
  unsigned column = across * (blockIdx.x - block * tiles_across);
  unsigned n = block / tiles_down;
  unsigned row = down * (block - n * tiles_down);
  unsigned tile_columns = min(across, columns - column);
  unsigned tile_rows = min(down, rows - row);
  unsigned image = n * rows * columns * run;
  // An odd number, so that a column of the tile is in all banks.
  unsigned pitch = (across * run) | 1;
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
