// Compares the elementary functions with the C library's in double: every function on a dense sweep
// of floats, in units of the last place, and on special values. Built once per instruction set.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "kernels/elements.hpp"

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
  // And over the exponents, where the sweep above is too coarse.
  for (float size = 1e-30f; size < high; size *= 1.0371f) test(size);
  for (float size = 1e-30f; size < -low; size *= 1.0371f) test(-size);
  std::printf("%-14s %6.2f ulp at %.9g (allowed %.1f)\n", name, worst, worst_at, allowed);
  if (!(worst <= allowed)) failures++;
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

  sweep("exp", -110, 95, 2, [](float x) { return e::exp(x); },
        [](double x) { return std::exp(x); });
  sweep("expm1", -40, 95, 3, [](float x) { return e::expm1(x); },
        [](double x) { return std::expm1(x); });
  sweep("log1p_unit", 0, 1, 2.5, [](float x) { return e::log1p_unit(x); },
        [](double x) { return std::log1p(x); });
  sweep("log_normal", 1e-30f, 1e30f, 2.5, [](float x) { return e::log_normal(at_least(x, 1e-30f)); },
        [](double x) { return std::log(x < 1e-30f ? 1e-30f : x); });
  sweep("log_normal 0-1", 0x1p-24f, 1, 2.5,
        [](float x) { return e::log_normal(at_least(x, 0x1p-24f)); },
        [](double x) { return std::log(x < 0x1p-24 ? 0x1p-24 : x); });
  sweep("sigmoid", -87, 100, 3, [](float x) { return e::sigmoid(x); }, exact_sigmoid);
  sweep("softplus", -87, 100, 4, [](float x) { return e::softplus(x); },
        [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
  sweep("tanh", -30, 30, 4, [](float x) { return e::tanh(x); },
        [](double x) { return std::tanh(x); });
  sweep("normal, below", -12, 12, 8, [](float x) { return e::normal(x).below; }, exact_below);
  sweep("bell", 0, 12, 4, [](float x) { return e::bell(at_least(x, 0)); },
        [](double x) { return x < 0 ? 1 : std::exp(-x * x / 2); });

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
  expect(std::isnan(clamp(kNan, -1, 1)) && clamp(2, -1, 1) == 1, "clamp");
  std::printf("%d failures\n", failures);
  return failures != 0;
}
