// What a step of Adam multiplies with, and the step of four elements.
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

/** The factors of the step that follows `state[0]` steps, in double. */
__device__ __forceinline__ AdamFactors adam_factors(const AdamSettings& settings, double taken,
                                                    double rate, double norm, bool apply) {
  long long t = (long long)taken + 1;
  double clip = settings.clip_norm == 0.0 ? 1.0 : fmin(1.0, settings.clip_norm / norm);
  double decay = rate * settings.weight_decay;
  AdamFactors factors;
  factors.clip = (float)clip;
  factors.rate = (float)(rate / (1.0 - power(settings.beta1, t)));
  factors.decay = settings.decoupled ? (float)decay : 0.0f;
  factors.l2 = settings.decoupled ? 0.0f : (float)settings.weight_decay;
  factors.inverse_correction2 = (float)(1.0 / (1.0 - power(settings.beta2, t)));
  factors.apply = apply;
  return factors;
}

/** Counts a step that was taken, or one that was skipped. */
__device__ __forceinline__ void count_step(double* state, bool apply) {
  if (apply) {
    state[0] += 1.0;
    state[2] = 0.0;
  } else {
    state[1] += 1.0;
    state[2] += 1.0;
  }
}

/** The flat arenas that a step changes. */
struct AdamArenas {
  float* parameters;
  const float* gradients;
  float* m;
  float* v;
  float* average;
  long long n;
};

/** The step of the four elements from `at`. */
__device__ __forceinline__ void adam_quad(const AdamArenas& arenas, const AdamSettings& settings,
                                          const AdamFactors& f, long long at) {
  float beta1 = (float)settings.beta1;
  float beta2 = (float)settings.beta2;
  float one_minus_beta1 = (float)(1.0 - settings.beta1);
  float one_minus_beta2 = (float)(1.0 - settings.beta2);
  float epsilon = (float)settings.epsilon;
  long long count = arenas.n - at;
  if (count <= 0) {
    return;
  }
  bool aligned = quads_aligned(arenas.parameters, 0) && quads_aligned(arenas.gradients, 0) &&
                 quads_aligned(arenas.m, 0) && quads_aligned(arenas.v, 0) && quads_aligned(arenas.average, 0);
  Quad p = load_quad(arenas.parameters + at, count, aligned);
  Quad g = load_quad(arenas.gradients + at, count, aligned);
  Quad first = load_quad(arenas.m + at, count, aligned);
  Quad second = load_quad(arenas.v + at, count, aligned);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float gradient = f.clip * g.v[i] + f.l2 * p.v[i];
    float decayed = p.v[i] - f.decay * p.v[i];
    first.v[i] = beta1 * first.v[i] + one_minus_beta1 * gradient;
    second.v[i] = beta2 * second.v[i] + one_minus_beta2 * gradient * gradient;
    float root = sqrtf(second.v[i] * f.inverse_correction2) + epsilon;
    p.v[i] = decayed - f.rate * first.v[i] / root;
  }
  store_quad(arenas.parameters + at, p, count, aligned);
  store_quad(arenas.m + at, first, count, aligned);
  store_quad(arenas.v + at, second, count, aligned);
  if (arenas.average != nullptr) {
    float keep = (float)settings.ema_decay;
    float add = (float)(1.0 - settings.ema_decay);
    Quad a = load_quad(arenas.average + at, count, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      a.v[i] = keep * a.v[i] + add * p.v[i];
    }
    store_quad(arenas.average + at, a, count, aligned);
  }
}
