// SPDX-License-Identifier: Apache-2.0
// A matrix product for plans where cuBLASLt refuses all algorithms; it is slow.
//
// Maths: D = op(A) op(B), all column-major and packed, as in calls of cuBLASLt; sums over k in
//   order, in float32.
// Shapes: op(A) (m, k), op(B) (k, n), D (m, n); op is the identity or the transpose.
// Bytes: reads 4 (m k n / 32 + k n m / 32), writes 4 m n.
// Launch: blocks of 32 x 8 threads own 32 x 32 of D, a thread four of a row; grid (m / 32, n / 32,
//   up to 65535, then the next).
#define TILE 32
#define ROWS 8

/** 32 x 32 of op(X), zero outside: x (rows, columns) column-major, or (columns, rows) if transposed. */
__device__ __forceinline__ void load_tile(float (*tile)[TILE + 1], const float* __restrict__ x,
                                          long long first_row, long long first_column,
                                          long long rows, long long columns, bool transposed) {
  for (int at = threadIdx.y; at < TILE; at += ROWS) {
    // Neighbouring threads read neighbouring elements, whichever way the matrix lies.
    int row = transposed ? at : threadIdx.x;
    int column = transposed ? threadIdx.x : at;
    long long r = first_row + row;
    long long c = first_column + column;
    float value = 0.0f;
    if (r < rows && c < columns) {
      value = transposed ? x[c + r * columns] : x[r + c * rows];
    }
    tile[row][column] = value;
  }
}

extern "C" __global__ void __launch_bounds__(TILE* ROWS)
    matmul(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ d, int m,
           int n, int k, int transpose_a, int transpose_b) {
  __shared__ float a_tile[TILE][TILE + 1];
  __shared__ float b_tile[TILE][TILE + 1];
  long long first_row = (long long)TILE * blockIdx.x;
  for (long long first_column = (long long)TILE * blockIdx.y; first_column < n;
       first_column += (long long)TILE * gridDim.y) {
    float sum[TILE / ROWS] = {0.0f, 0.0f, 0.0f, 0.0f};
    for (int first = 0; first < k; first += TILE) {
      load_tile(a_tile, a, first_row, first, m, k, transpose_a);
      load_tile(b_tile, b, first, first_column, k, n, transpose_b);
      __syncthreads();
      int count = min(TILE, k - first);
      for (int at = 0; at < count; at++) {
#pragma unroll
        for (int i = 0; i < TILE / ROWS; i++) {
          sum[i] = fmaf(a_tile[threadIdx.x][at], b_tile[at][threadIdx.y + i * ROWS], sum[i]);
        }
      }
      __syncthreads();
    }
    long long row = first_row + threadIdx.x;
#pragma unroll
    for (int i = 0; i < TILE / ROWS; i++) {
      long long column = first_column + threadIdx.y + i * ROWS;
      if (row < m && column < n) {
        d[row + column * m] = sum[i];
      }
    }
  }
}
