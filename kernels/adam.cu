// One Adam or AdamW step over all parameters, with clipping and a moving average; nothing but the
// counters of skipped steps changes where status[0] is 0.
//
// Maths: io.github.vae4j.backend.op.AdamUpdate. What is the same for all elements (the bias
//   corrections, lr, the clip factor) is computed in double by one thread a block.
// Shapes: parameters, gradients, m, v (n), average (n) or null, float32; norm (1), status (1), state
//   (3), float64; counter (1) scratch.
// Bytes: reads 16 n, writes 12 n; the average adds 4 n to both.
// Launch: blocks of 256, a thread owns four elements. The last block to have read the state updates
//   it.
#include "control.cuh"
#include "vector.cuh"

struct AdamSettings {
  double beta1;
  double beta2;
  double epsilon;
  double weight_decay;
  double clip_norm;
  double ema_decay;
  int decoupled;
};

/** What one step multiplies with. */
struct AdamFactors {
  float clip;
  float rate;
  float decay;
  float l2;
  float inverse_correction2;
  int apply;
};

/** base^exponent by repeated squaring: exact enough (error below exponent * 2^-53), no pow. */
__device__ __forceinline__ double power(double base, long long exponent) {
  double result = 1.0;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) {
      result *= base;
    }
    base *= base;
  }
  return result;
}

/** Counts the step once all blocks have read what it counts from. */
__device__ __forceinline__ void count_step(double* state, unsigned* counter, bool apply) {
  __threadfence();
  if (atomicInc(counter, gridDim.x - 1) != gridDim.x - 1) {
    return;
  }
  if (apply) {
    state[0] += 1.0;
    state[2] = 0.0;
  } else {
    state[1] += 1.0;
    state[2] += 1.0;
  }
}

extern "C" __global__ void __launch_bounds__(256)
    adam(float* __restrict__ parameters, const float* __restrict__ gradients, float* __restrict__ m,
         float* __restrict__ v, float* __restrict__ average, const double* __restrict__ norm,
         const double* __restrict__ status, double* state, const double* __restrict__ control,
         unsigned* counter, long long n, AdamSettings settings) {
  __shared__ AdamFactors shared;
  if (threadIdx.x == 0) {
    long long t = (long long)state[0] + 1;
    double rate = control[CONTROL_LEARNING_RATE];
    double clip = settings.clip_norm == 0.0 ? 1.0 : fmin(1.0, settings.clip_norm / norm[0]);
    double decay = rate * settings.weight_decay;
    shared.clip = (float)clip;
    shared.rate = (float)(rate / (1.0 - power(settings.beta1, t)));
    shared.decay = settings.decoupled ? (float)decay : 0.0f;
    shared.l2 = settings.decoupled ? 0.0f : (float)settings.weight_decay;
    shared.inverse_correction2 = (float)(1.0 / (1.0 - power(settings.beta2, t)));
    shared.apply = status[0] != 0.0;
    count_step(state, counter, shared.apply);
  }
  __syncthreads();
  AdamFactors f = shared;
  long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
  if (!f.apply || at >= n) {
    return;
  }
  float beta1 = (float)settings.beta1;
  float beta2 = (float)settings.beta2;
  float one_minus_beta1 = (float)(1.0 - settings.beta1);
  float one_minus_beta2 = (float)(1.0 - settings.beta2);
  float epsilon = (float)settings.epsilon;
  long long count = n - at;
  bool aligned = quads_aligned(parameters, 0) && quads_aligned(gradients, 0) &&
                 quads_aligned(m, 0) && quads_aligned(v, 0) && quads_aligned(average, 0);
  Quad p = load_quad(parameters + at, count, aligned);
  Quad g = load_quad(gradients + at, count, aligned);
  Quad first = load_quad(m + at, count, aligned);
  Quad second = load_quad(v + at, count, aligned);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float gradient = f.clip * g.v[i] + f.l2 * p.v[i];
    float decayed = p.v[i] - f.decay * p.v[i];
    first.v[i] = beta1 * first.v[i] + one_minus_beta1 * gradient;
    second.v[i] = beta2 * second.v[i] + one_minus_beta2 * gradient * gradient;
    float root = sqrtf(second.v[i] * f.inverse_correction2) + epsilon;
    p.v[i] = decayed - f.rate * first.v[i] / root;
  }
  store_quad(parameters + at, p, count, aligned);
  store_quad(m + at, first, count, aligned);
  store_quad(v + at, second, count, aligned);
  if (average != nullptr) {
    float keep = (float)settings.ema_decay;
    float add = (float)(1.0 - settings.ema_decay);
    Quad a = load_quad(average + at, count, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      a.v[i] = keep * a.v[i] + add * p.v[i];
    }
    store_quad(average + at, a, count, aligned);
  }
}
