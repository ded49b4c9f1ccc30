// SPDX-License-Identifier: Apache-2.0
// Computes requests of a file by native/src/model, for a comparison with Java: HostProgram.java
// writes the requests and reads the results, which are doubles.
// usage: host REQUESTS RESULTS
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "error.hpp"
#include "model/log_sums.hpp"
#include "model/observation.hpp"
#include "model/prior_draws.hpp"
#include "model/sampling.hpp"

namespace {

using namespace vae4j;

class Requests {
 public:
  explicit Requests(const char* path) : in_(path, std::ios::binary) {}

  bool more() { return in_.peek() != std::ifstream::traits_type::eof(); }

  template <class Number>
  Number next() {
    Number number{};
    read(&number, sizeof number);
    return number;
  }

  template <class Number>
  std::vector<Number> array() {
    std::vector<Number> values(static_cast<size_t>(next<int32_t>()));
    read(values.data(), values.size() * sizeof(Number));
    return values;
  }

  std::string text() {
    std::vector<char> letters = array<char>();
    return std::string(letters.begin(), letters.end());
  }

 private:
  void read(void* to, size_t bytes) {
    in_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
    if (!in_) throw Error(VAE4J_INVALID_ARGUMENT, "host: the file of requests ends early");
  }

  std::ifstream in_;
};

using Results = std::vector<double>;

template <double (*kFunction)(double)>
void each(Requests& requests, Results& results) {
  for (double x : requests.array<double>()) results.push_back(kFunction(x));
}

void pow(Requests& requests, Results& results) {
  std::vector<double> x = requests.array<double>();
  std::vector<double> y = requests.array<double>();
  for (size_t i = 0; i < x.size(); i++) results.push_back(numeric::pow(x[i], y[i]));
}

void philox(Requests& requests, Results& results) {
  uint64_t seed = requests.next<uint64_t>();
  Stream stream = static_cast<Stream>(requests.next<int32_t>());
  uint64_t step = requests.next<uint64_t>();
  uint32_t row = requests.next<uint32_t>();
  uint32_t columns = requests.next<uint32_t>();
  for (uint32_t column = 0; column < columns; column++) {
    results.push_back(static_cast<int32_t>(philox_word(seed, stream, step, row, column)));
    results.push_back(philox_uniform(seed, stream, step, row, column));
    results.push_back(philox_normal(seed, stream, step, row, column));
  }
}

Draws draws_of(Requests& requests) {
  uint64_t seed = requests.next<uint64_t>();
  Stream stream = static_cast<Stream>(requests.next<int32_t>());
  return Draws(seed, stream, requests.next<uint32_t>());
}

void draws(Requests& requests, Results& results) {
  Draws draws = draws_of(requests);
  int32_t rounds = requests.next<int32_t>();
  for (int32_t i = 0; i < rounds; i++) {
    results.push_back(draws.next_int());
    results.push_back(numeric::from_bits(draws.next_long()));
    results.push_back(draws.next_boolean());
    results.push_back(draws.next_double());
    results.push_back(draws.next_gaussian());
    results.push_back(draws.next_exponential());
  }
}

// The status, then the numbers of parameters, the mean and a draw.
void observation(Requests& requests, Results& results) {
  std::string text = requests.text();
  int features = requests.next<int32_t>();
  std::vector<double> parameters = requests.array<double>();
  Draws draws = draws_of(requests);
  try {
    Observation observation = Observation::parse(text);
    int count = observation.parameters(features);
    int shared = observation.shared(features);
    Results own = {VAE4J_OK, static_cast<double>(count), static_cast<double>(shared)};
    if (parameters.size() == static_cast<size_t>(count) + static_cast<size_t>(shared)) {
      std::vector<double> x(static_cast<size_t>(features));
      observation.mean(parameters.data(), features, x.data());
      own.insert(own.end(), x.begin(), x.end());
      observation.sample(parameters.data(), features, draws, x.data());
      own.insert(own.end(), x.begin(), x.end());
    }
    results.insert(results.end(), own.begin(), own.end());
  } catch (const Error& error) {
    std::printf("%s\n", error.what());
    results.push_back(error.status());
  }
}

// maps: -1 for a diagonal Gaussian, -2 for a full covariance, else the number of planar maps.
void code(Requests& requests, Results& results) {
  int latent = requests.next<int32_t>();
  int maps = requests.next<int32_t>();
  std::vector<float> head = requests.array<float>();
  int columns = static_cast<int>(head.size());
  std::vector<float> mean(static_cast<size_t>(latent));
  std::vector<float> logvar(static_cast<size_t>(latent));
  results.push_back(
      maps == -1   ? diagonal_code(head.data(), latent, mean.data(), logvar.data())
      : maps == -2 ? full_covariance_code(head.data(), columns, latent, mean.data(), logvar.data())
                   : planar_code(head.data(), columns, latent, maps, mean.data(), logvar.data()));
  results.insert(results.end(), mean.begin(), mean.end());
  results.insert(results.end(), logvar.begin(), logvar.end());
}

void log_sum_exp(Requests& requests, Results& results) {
  LogSumExp sum;
  for (double x : requests.array<double>()) {
    sum.add(x);
    results.push_back(sum.value());
  }
}

void log_sums(Requests& requests, Results& results) {
  std::vector<double> states = requests.array<double>();
  LogWeightSums sums{states[0], states[1], states[2]};
  for (size_t at = 3; at < states.size(); at += 3) {
    sums.add({states[at], states[at + 1], states[at + 2]});
    results.push_back(sums.log_sum());
    results.push_back(sums.effective_sample_size());
  }
}

// Rows of a mixture, or of the standard normal prior where there are no components.
void prior(Requests& requests, Results& results) {
  uint64_t seed = requests.next<uint64_t>();
  double temperature = requests.next<double>();
  int latent = requests.next<int32_t>();
  uint32_t rows = requests.next<uint32_t>();
  std::vector<float> components = requests.array<float>();
  std::vector<float> logits = requests.array<float>();
  int count = static_cast<int>(components.size()) / (2 * latent);
  std::vector<double> weights(static_cast<size_t>(count));
  component_weights(logits.empty() ? nullptr : logits.data(), count, weights.data());
  std::vector<float> z(static_cast<size_t>(latent));
  for (uint32_t i = 0; i < rows; i++) {
    if (count == 0) {
      draw_standard(seed, 0, i, temperature, latent, z.data());
    } else {
      int chosen = draw_component(weights.data(), count, seed, i);
      draw_gaussian(components.data() + 2 * chosen * latent, seed, i, temperature, latent,
                    z.data());
    }
    results.insert(results.end(), z.begin(), z.end());
  }
}

using Answer = void (*)(Requests&, Results&);

const std::map<std::string, Answer> kAnswers = {
    {"exp", each<numeric::exp>},
    {"expm1", each<numeric::expm1>},
    {"log", each<numeric::log>},
    {"log1p", each<numeric::log1p>},
    {"tanh", each<numeric::tanh>},
    {"sin", each<numeric::sin>},
    {"cos", each<numeric::cos>},
    {"quantile", each<normal_quantile>},
    {"pow", pow},
    {"philox", philox},
    {"draws", draws},
    {"observation", observation},
    {"code", code},
    {"log-sum-exp", log_sum_exp},
    {"log-sums", log_sums},
    {"prior", prior},
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  try {
    Requests requests(arguments[1]);
    Results results;
    while (requests.more()) kAnswers.at(requests.text())(requests, results);
    std::ofstream out(arguments[2], std::ios::binary);
    out.write(reinterpret_cast<const char*>(results.data()),
              static_cast<std::streamsize>(results.size() * sizeof(double)));
    return out ? 0 : 1;
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
