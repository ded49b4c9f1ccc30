// SPDX-License-Identifier: Apache-2.0
// Wichura 1988, algorithm AS 241; io.github.vae4j.random.NormalQuantile is the specification.
#include "model/draws.hpp"

namespace vae4j {
namespace {

constexpr int kTerms = 8;
constexpr double kCenterAbove[kTerms] = {3.3871328727963665, 133.14166789178438, 1971.5909503065513,
                                         13731.69376550946,  45921.95393154987,  67265.7709270087,
                                         33430.57558358813,  2509.0809287301227};
constexpr double kCenterBelow[kTerms] = {1,
                                         42.31333070160091,
                                         687.1870074920579,
                                         5394.196021424751,
                                         21213.794301586597,
                                         39307.89580009271,
                                         28729.085735721943,
                                         5226.495278852854};
constexpr double kTailAbove[kTerms] = {
    1.4234371107496835, 4.630337846156546,  5.769497221460691,    3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414};
constexpr double kTailBelow[kTerms] = {1,
                                       2.053191626637759,
                                       1.6763848301838038,
                                       0.6897673349851,
                                       0.14810397642748008,
                                       0.015198666563616457,
                                       0.0005475938084995345,
                                       1.0507500716444169e-9};
constexpr double kFarAbove[kTerms] = {
    6.657904643501103,    5.463784911164114,     1.7848265399172913,    0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7};
constexpr double kFarBelow[kTerms] = {1,
                                      0.599832206555888,
                                      0.1369298809227358,
                                      0.014875361290850615,
                                      0.0007868691311456133,
                                      1.8463183175100548e-5,
                                      1.421511758316446e-7,
                                      2.0442631033899397e-15};

double polynomial(const double* coefficients, double r) {
  double sum = 0;
  for (int i = kTerms - 1; i >= 0; i--) sum = sum * r + coefficients[i];
  return sum;
}

double ratio(const double* above, const double* below, double r) {
  return polynomial(above, r) / polynomial(below, r);
}

}  // namespace

double normal_quantile(double p) {
  double q = p - 0.5;
  if (std::fabs(q) <= 0.425) return q * ratio(kCenterAbove, kCenterBelow, 0.180625 - q * q);
  double r = std::sqrt(-numeric::log(q < 0 ? p : 1 - p));
  double x = r <= 5 ? ratio(kTailAbove, kTailBelow, r - 1.6) : ratio(kFarAbove, kFarBelow, r - 5);
  return q < 0 ? -x : x;
}

}  // namespace vae4j
