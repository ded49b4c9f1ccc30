// SPDX-License-Identifier: Apache-2.0
// Compares the elementary functions with the C library's in double: every function on a dense sweep
// of floats, in units of the last place, and on special values. Built once per instruction set.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <limits>

#include "kernels/elements64.hpp"

namespace {

using namespace vae4j::VAE4J_ISA;

int failures = 0;

double error_in_ulps(float given, double exact) {
  float rounded = static_cast<float>(exact);
  if (std::isnan(exact)) return std::isnan(given) ? 0 : 1e9;
  if (std::isinf(rounded)) return given == rounded ? 0 : 1e9;
  if (std::fabs(exact) < std::numeric_limits<float>::min()) {
    return std::fabs(given - exact) <= std::numeric_limits<float>::min() ? 0 : 1e9;
  }
  double ulp = std::ldexp(1.0, std::ilogb(exact) - 23);
  return std::fabs(given - exact) / ulp;
}

// Sweeps floats from low to high by steps of their bits.
template <class Given, class Exact>
void sweep(const char* name, float low, float high, double allowed, Given given, Exact exact) {
  double worst = 0;
  float worst_at = low;
  auto test = [&](float x) {
    double error = error_in_ulps(given(x), exact(static_cast<double>(x)));
    if (error > worst) {
      worst = error;
      worst_at = x;
    }
  };
  constexpr int kSteps = 400000;
  for (int i = 0; i <= kSteps; i++) test(low + (high - low) * (static_cast<float>(i) / kSteps));
  // A sweep over the exponents, for which the one above is too coarse.
  for (float size = 1e-30f; size < high; size *= 1.0371f) test(size);
  for (float size = 1e-30f; size < -low; size *= 1.0371f) test(-size);
  std::printf("%-14s %6.2f ulp at %.9g (allowed %.1f)\n", name, worst, worst_at, allowed);
  if (!(worst <= allowed)) failures++;
}

// Sweeps doubles evenly and over the exponents.
template <class Given, class Exact>
void relative(const char* name, double low, double high, Given given, Exact exact,
              double allowed = 1e-15) {
  double worst = 0;
  double worst_at = low;
  auto test = [&](double x) {
    if (x < low || x > high) return;
    long double want = exact(static_cast<long double>(x));
    double error = static_cast<double>(std::fabs((given(x) - want) / want));
    if (!(error <= worst) && want != 0) {
      worst = error;
      worst_at = x;
    }
  };
  constexpr int kSteps = 20000;
  for (int i = 0; i <= kSteps; i++) test(low + (high - low) * i / kSteps);
  for (double size = 1e-300; size < 1e300; size *= 1.0371) {
    test(size);
    test(-size);
    test(1 + size);
  }
  std::printf("%-14s %8.2g relative at %.17g (allowed %.1g)\n", name, worst, worst_at, allowed);
  if (!(worst <= allowed)) failures++;
}

// log(Gamma(z + n) / (Gamma(z) z^n)) for whole n: no difference of large numbers.
long double exact_rising(long double z, int n) {
  long double sum = 0;
  for (int i = 1; i < n; i++) sum += std::log1p(i / z);
  return sum;
}

void expect(bool condition, const char* what) {
  if (condition) return;
  std::printf("FAILED: %s\n", what);
  failures++;
}

double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double exact_below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

int main() {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  // Qualified: the C library's functions have the same names.
  namespace e = vae4j::VAE4J_ISA;

  sweep(
      "exp", -110, 95, 2, [](float x) { return e::exp(x); }, [](double x) { return std::exp(x); });
  sweep(
      "expm1", -40, 95, 3, [](float x) { return e::expm1(x); },
      [](double x) { return std::expm1(x); });
  sweep(
      "log1p_unit", 0, 1, 2.5, [](float x) { return e::log1p_unit(x); },
      [](double x) { return std::log1p(x); });
  sweep(
      "log_normal", 1e-30f, 1e30f, 2.5, [](float x) { return e::log_normal(at_least(x, 1e-30f)); },
      [](double x) { return std::log(x < 1e-30f ? 1e-30f : x); });
  sweep(
      "log_normal 0-1", 0x1p-24f, 1, 2.5,
      [](float x) { return e::log_normal(at_least(x, 0x1p-24f)); },
      [](double x) { return std::log(x < 0x1p-24 ? 0x1p-24 : x); });
  sweep("sigmoid", -87, 100, 3, [](float x) { return e::sigmoid(x); }, exact_sigmoid);
  sweep(
      "softplus", -87, 100, 4, [](float x) { return e::softplus(x); },
      [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
  sweep(
      "tanh", -30, 30, 4, [](float x) { return e::tanh(x); },
      [](double x) { return std::tanh(x); });
  sweep("normal, below", -12, 12, 8, [](float x) { return e::normal(x).below; }, exact_below);
  sweep(
      "bell", 0, 12, 4, [](float x) { return e::bell(at_least(x, 0)); },
      [](double x) { return x < 0 ? 1 : std::exp(-x * x / 2); });

  // In double the reference is the C library's long double, and the error is relative.
  relative(
      "exp 64", -700, 700, [](double x) { return e::exp(x); },
      [](long double x) { return std::exp(x); });
  relative(
      "log 64", 1e-300, 1e3, [](double x) { return e::log(x); },
      [](long double x) { return std::log(x); });
  relative(
      "log1p 64", 0, 1e12, [](double x) { return e::log1p_positive(x); },
      [](long double x) { return std::log1p(x); });
  relative(
      "softplus 64", -600, 600, [](double x) { return e::softplus_and_sigmoid(x).value; },
      [](long double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
  relative(
      "sigmoid 64", -600, 600, [](double x) { return e::softplus_and_sigmoid(x).sigmoid; },
      [](long double x) { return 1 / (1 + std::exp(-x)); });
  relative(
      "factorial 64", 2, 1e9, [](double x) { return e::log_factorial(std::floor(x)); },
      [](long double x) { return std::lgamma(std::floor(x) + 1); }, 4e-15);
  for (double z : {1e-13, 0.3, 4.0, 77.0, 1e5}) {
    double worst = 0;
    for (int n = 2; n < 3000; n += n) {
      double want = static_cast<double>(exact_rising(z, n));
      worst = std::fmax(worst, std::fabs(e::rising(z, n).log - want) / std::fmax(1, want));
    }
    std::printf("%-14s %8.2g of 1 or of the result, from %g\n", "rising 64", worst, z);
    expect(worst < 1e-13, "rising");
  }
  expect(std::fabs(e::rising(4.8e8, 1000).log - 0.0010406242777058301) < 1e-12, "rising(4.8e8)");
  expect(std::fabs(e::rising(4.8e8, 1000).psi - 2.0833311653675929e-6) < 1e-18, "psi(4.8e8)");
  expect(std::fabs(e::rising(0.5, 7).psi - 3.9102675102675103) < 1e-14, "psi(0.5)");
  expect(std::fabs(e::rising(1e-13, 3).psi * 1e-13 - 1) < 1e-12, "psi(1e-13)");
  expect(std::isnan(e::exp(std::nan(""))) && std::isnan(e::log(std::nan(""))) &&
             std::isnan(e::log1p_positive(std::nan(""))),
         "NaN in double");
  expect(e::exp(0.0) == 1 && e::log(1.0) == 0 && e::log1p_positive(0.0) == 0, "exact in double");

  double worst = 0;
  for (int k = 0; k < 1 << 24; k += 61) {
    float u = static_cast<float>(k) * 0x1p-24f;
    double angle = 2 * 3.14159265358979323846 * u;
    SinCos pair = sincos_turns(u);
    worst = std::fmax(worst, std::fabs(pair.sin - std::sin(angle)));
    worst = std::fmax(worst, std::fabs(pair.cos - std::cos(angle)));
  }
  std::printf("%-14s %.2g absolute\n", "sincos", worst);
  expect(worst < 2e-7, "sincos_turns");

  expect(e::exp(-kInf) == 0 && e::exp(kInf) == kInf && std::isnan(e::exp(kNan)), "exp");
  expect(e::exp(0.0f) == 1, "exp(0)");
  expect(e::expm1(-kInf) == -1 && e::expm1(kInf) == kInf && std::isnan(e::expm1(kNan)), "expm1");
  expect(e::expm1(0.0f) == 0, "expm1(0)");
  expect(e::sigmoid(-kInf) == 0 && e::sigmoid(kInf) == 1 && std::isnan(e::sigmoid(kNan)),
         "sigmoid");
  expect(e::softplus(-kInf) == 0 && e::softplus(kInf) == kInf && std::isnan(e::softplus(kNan)),
         "softplus");
  expect(e::tanh(-kInf) == -1 && e::tanh(kInf) == 1 && std::isnan(e::tanh(kNan)), "tanh");
  expect(e::normal(-kInf).below < 1e-37f && e::normal(kInf).below == 1, "normal");
  expect(std::isnan(e::normal(kNan).below), "normal(NaN)");
  expect(std::isnan(clamp(kNan, -1, 1)) && clamp(2.0f, -1.0f, 1.0f) == 1, "clamp");
  std::printf("%d failures\n", failures);
  return failures != 0;
}
