// SPDX-License-Identifier: Apache-2.0
// The functions of io.github.vae4j.backend.Activation, which specifies them, in float32. `apply`
// takes the preactivation v. `derivative` takes the argument of the backward pass: y, or v for silu
// and gelu, whose derivative is not a function of y. All of them map NaN to NaN.
#pragma once

__device__ __forceinline__ float sigmoid(float v) {
  float e = expf(-fabsf(v));
  return (v >= 0.0f ? 1.0f : e) / (1.0f + e);
}

struct Identity {
  static __device__ __forceinline__ float apply(float v) { return v; }
  static __device__ __forceinline__ float derivative(float) { return 1.0f; }
};

struct Relu {
  static __device__ __forceinline__ float apply(float v) { return v < 0.0f ? 0.0f : v; }
  static __device__ __forceinline__ float derivative(float y) { return y > 0.0f ? 1.0f : 0.0f; }
};

struct Tanh {
  static __device__ __forceinline__ float apply(float v) { return tanhf(v); }
  static __device__ __forceinline__ float derivative(float y) { return 1.0f - y * y; }
};

struct Sigmoid {
  static __device__ __forceinline__ float apply(float v) { return sigmoid(v); }
  static __device__ __forceinline__ float derivative(float y) { return y * (1.0f - y); }
};

struct Softplus {
  static __device__ __forceinline__ float apply(float v) {
    return (v < 0.0f ? 0.0f : v) + log1pf(expf(-fabsf(v)));
  }
  static __device__ __forceinline__ float derivative(float y) { return -expm1f(-y); }
};

struct Elu {
  static __device__ __forceinline__ float apply(float v) { return v > 0.0f ? v : expm1f(v); }
  static __device__ __forceinline__ float derivative(float y) { return y > 0.0f ? 1.0f : y + 1.0f; }
};

struct LeakyRelu {
  static __device__ __forceinline__ float apply(float v) { return v > 0.0f ? v : 0.01f * v; }
  static __device__ __forceinline__ float derivative(float y) { return y > 0.0f ? 1.0f : 0.01f; }
};

struct Silu {
  static __device__ __forceinline__ float apply(float v) { return v * sigmoid(v); }
  static __device__ __forceinline__ float derivative(float v) {
    float s = sigmoid(v);
    return s * (1.0f + v * sigmoid(-v));
  }
};

struct Gelu {
  static __device__ __forceinline__ float apply(float v) { return v * cumulative(v); }
  static __device__ __forceinline__ float derivative(float v) {
    // 0.39894228 = 1 / sqrt(2 pi), the normal density at 0.
    return cumulative(v) + v * 0.39894228040143268f * expf(-0.5f * v * v);
  }

 private:
  /** The standard normal's distribution function; erfc is accurate in the left tail. */
  static __device__ __forceinline__ float cumulative(float v) {
    return 0.5f * erfcf(-0.70710678118654752f * v);
  }
};

/** One extern "C" kernel per activation: KERNEL(name on the Java side, functor). */
#define FOR_EACH_ACTIVATION(KERNEL) \
  KERNEL(identity, Identity)        \
  KERNEL(relu, Relu)                \
  KERNEL(tanh, Tanh)                \
  KERNEL(sigmoid, Sigmoid)          \
  KERNEL(softplus, Softplus)        \
  KERNEL(elu, Elu)                  \
  KERNEL(leakyRelu, LeakyRelu)      \
  KERNEL(silu, Silu)                \
  KERNEL(gelu, Gelu)
