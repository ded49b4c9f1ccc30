// SPDX-License-Identifier: Apache-2.0
// The factors of a step of Adam, and the step of four elements.
#pragma once

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

/** The factors of a step. */
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

/** The factors of the step that follows `taken` steps, in double; without clip and apply. */
__device__ __forceinline__ AdamFactors step_factors(const AdamSettings& settings, double taken,
                                                    double rate) {
  long long t = (long long)taken + 1;
  double decay = rate * settings.weight_decay;
  AdamFactors factors;
  factors.clip = 1.0f;
  factors.rate = (float)(rate / (1.0 - power(settings.beta1, t)));
  factors.decay = settings.decoupled ? (float)decay : 0.0f;
  factors.l2 = settings.decoupled ? 0.0f : (float)settings.weight_decay;
  factors.inverse_correction2 = (float)(1.0 / (1.0 - power(settings.beta2, t)));
  factors.apply = 0;
  return factors;
}

/** The factor of gradients with this norm. */
__device__ __forceinline__ float clip_factor(const AdamSettings& settings, double norm) {
  return settings.clip_norm == 0.0 ? 1.0f : (float)fmin(1.0, settings.clip_norm / norm);
}

/** Counts an applied step, or a skipped one. */
__device__ __forceinline__ void count_step(double* state, bool apply) {
  if (apply) {
    state[0] += 1.0;
    state[2] = 0.0;
  } else {
    state[1] += 1.0;
    state[2] += 1.0;
  }
}

/** The flat arenas that a step updates. */
struct AdamArenas {
  float* parameters;
  const float* gradients;
  float* m;
  float* v;
  float* average;
  long long n;
};

/** Four elements of each arena that a step reads, without the average. */
struct AdamQuad {
  Quad p;
  Quad g;
  Quad m;
  Quad v;
};

__device__ __forceinline__ bool arenas_aligned(const AdamArenas& arenas) {
  return quads_aligned(arenas.parameters, 0) && quads_aligned(arenas.gradients, 0) &&
         quads_aligned(arenas.m, 0) && quads_aligned(arenas.v, 0) &&
         quads_aligned(arenas.average, 0);
}

/** The four elements from `at`. */
__device__ __forceinline__ AdamQuad load_adam(const AdamArenas& arenas, long long at,
                                              bool aligned) {
  long long count = arenas.n - at;
  return {load_quad(arenas.parameters + at, count, aligned),
          load_quad(arenas.gradients + at, count, aligned),
          load_quad(arenas.m + at, count, aligned), load_quad(arenas.v + at, count, aligned)};
}

/** The step of the four elements from `at`. */
__device__ __forceinline__ void step_adam(const AdamArenas& arenas, const AdamSettings& settings,
                                          const AdamFactors& f, AdamQuad q, long long at,
                                          bool aligned) {
  float beta1 = (float)settings.beta1;
  float beta2 = (float)settings.beta2;
  float one_minus_beta1 = (float)(1.0 - settings.beta1);
  float one_minus_beta2 = (float)(1.0 - settings.beta2);
  float epsilon = (float)settings.epsilon;
  long long count = arenas.n - at;
  if (count <= 0) {
    return;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float gradient = fmaf(f.l2, q.p.v[i], f.clip * q.g.v[i]);
    float decayed = fmaf(-f.decay, q.p.v[i], q.p.v[i]);
    q.m.v[i] = fmaf(beta1, q.m.v[i], one_minus_beta1 * gradient);
    q.v.v[i] = fmaf(beta2, q.v.v[i], one_minus_beta2 * gradient * gradient);
    float root = sqrtf(q.v.v[i] * f.inverse_correction2) + epsilon;
    q.p.v[i] = decayed - f.rate * q.m.v[i] / root;
  }
  store_quad(arenas.parameters + at, q.p, count, aligned);
  store_quad(arenas.m + at, q.m, count, aligned);
  store_quad(arenas.v + at, q.v, count, aligned);
  if (arenas.average != nullptr) {
    float keep = (float)settings.ema_decay;
    float add = (float)(1.0 - settings.ema_decay);
    Quad a = load_quad(arenas.average + at, count, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      a.v[i] = fmaf(keep, a.v[i], add * q.p.v[i]);
    }
    store_quad(arenas.average + at, a, count, aligned);
  }
}
