// SPDX-License-Identifier: Apache-2.0
// Parses and checks likelihoods as io.github.vae4j.likelihood.LikelihoodText and Composite do.
#include "model/observation.hpp"

#include <algorithm>
#include <charconv>
#include <climits>

#include "error.hpp"

namespace vae4j {
namespace {

constexpr size_t kShown = 80;

// A text of a file, for a message.
std::string shown(const std::string& text) {
  std::string safe = text.substr(0, kShown);
  for (char& c : safe) c = c >= 0x20 && c < 0x7F ? c : '?';
  return "\"" + safe + (text.size() > kShown ? "..." : "") + "\"";
}

Error fault(const std::string& text, const std::string& problem) {
  return Error(VAE4J_INVALID_ARGUMENT, "likelihood " + shown(text) + ": " + problem);
}

std::string strip(const std::string& text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t first = 0;
  for (size_t at = text.find(separator); at != std::string::npos;
       at = text.find(separator, first)) {
    parts.push_back(text.substr(first, at - first));
    first = at + 1;
  }
  parts.push_back(text.substr(first));
  return parts;
}

template <class Number>
bool read(const std::string& text, Number* number) {
  const char* end = text.data() + text.size();
  std::from_chars_result result = std::from_chars(text.data(), end, *number);
  return result.ec == std::errc() && result.ptr == end;
}

std::string number(double value) {
  char text[32];
  std::to_chars_result result = std::to_chars(text, text + sizeof text, value);
  return std::string(text, result.ptr);
}

const ObservationKind& find(const std::string& text, const std::string& name) {
  std::string names;
  for (int i = 0; i < kObservationKindCount; i++) {
    if (name == kObservationKinds[i].name) return kObservationKinds[i];
    names += std::string(kObservationKinds[i].name) + ", ";
  }
  throw Error(VAE4J_UNSUPPORTED, "likelihood " + shown(text) + ": expected one of " + names +
                                     "composite, given " + shown(name));
}

void check(const std::string& text, const ObservationSetting& setting, double value) {
  bool inside = setting.whole
                    ? value >= setting.least && value <= setting.most && value == std::floor(value)
                    : value > setting.least && value <= setting.most;
  if (!inside) {
    std::string range = setting.whole ? "a whole number from " + number(setting.least) + " to " +
                                            number(setting.most)
                                      : "a finite number above " + number(setting.least);
    throw fault(text,
                std::string(setting.name) + ": expected " + range + ", given " + number(value));
  }
}

void read_settings(const std::string& text, const std::string& likelihood,
                   const ObservationKind& kind, double* settings) {
  for (int i = 0; i < kind.setting_count; i++) settings[i] = kind.settings[i].standard;
  size_t colon = likelihood.find(':');
  if (colon == std::string::npos) return;
  bool given[kMostSettings] = {};
  for (const std::string& one : split(likelihood.substr(colon + 1), ',')) {
    size_t equals = one.find('=');
    std::string key = strip(one.substr(0, equals));
    int at = 0;
    while (at < kind.setting_count && key != kind.settings[at].name) at++;
    if (at == kind.setting_count) {
      throw fault(text, std::string(kind.name) + " has no setting " + shown(key));
    }
    std::string value = equals == std::string::npos ? "" : strip(one.substr(equals + 1));
    if (!read(value, &settings[at])) {
      throw fault(text, key + ": expected a number, given " + shown(value));
    }
    if (given[at]) throw fault(text, key + ": expected once, given twice");
    given[at] = true;
    check(text, kind.settings[at], settings[at]);
  }
}

}  // namespace

int64_t Observation::Part::each() const {
  // The first setting is a number of components or levels only where outputs depend on it.
  if (kind->outputs_per_first == 0) return kind->fixed_outputs;
  return kind->fixed_outputs + kind->outputs_per_first * static_cast<int64_t>(settings[0]);
}

int Observation::Part::columns(int features) const {
  return std::min(last, features - 1) - first + 1;
}

Observation::Part Observation::part(const std::string& text, const std::string& likelihood,
                                    int first, int last) {
  const ObservationKind& kind = find(text, strip(likelihood.substr(0, likelihood.find(':'))));
  Part part{&kind, {}, first, last};
  read_settings(text, likelihood, kind, part.settings);
  return part;
}

// FIRST=LIKELIHOOD, FIRST-LAST=LIKELIHOOD or FIRST-=LIKELIHOOD.
Observation::Part Observation::composite_part(const std::string& text, const std::string& part) {
  size_t equals = part.find('=');
  std::string columns = part.substr(0, equals);
  size_t dash = columns.find('-');
  int first = 0;
  bool sound = equals != std::string::npos && read(strip(columns.substr(0, dash)), &first);
  int last = first;
  if (sound && dash != std::string::npos) {
    std::string end = strip(columns.substr(dash + 1));
    last = kOpen;
    sound = end.empty() || read(end, &last);
  }
  if (!sound) {
    throw fault(
        text, "expected parts such as 0-9=gaussian;10=poisson;11-=bernoulli, given " + shown(part));
  }
  std::string likelihood = strip(part.substr(equals + 1));
  if (strip(likelihood.substr(0, likelihood.find(':'))) == "composite") {
    throw fault(text, "a part cannot be composite itself, given " + shown(part));
  }
  return Observation::part(text, likelihood, first, last);
}

// Every column is in one part.
void Observation::check(const std::string& text, const std::vector<Part>& parts) {
  int64_t next = 0;
  for (const Part& part : parts) {
    if (part.last < part.first) {
      throw fault(text, "a part's last column comes before its first: column " +
                            std::to_string(part.first));
    }
    if (part.first != next) {
      int64_t column = std::min<int64_t>(next, part.first);
      throw fault(text, "column " + std::to_string(column) +
                            (part.first > next ? " has no likelihood" : " has two likelihoods"));
    }
    int64_t columns = part.last == kOpen ? 1 : static_cast<int64_t>(part.last) - part.first + 1;
    if (columns * part.each() > INT_MAX) {
      throw fault(text, "expected at most " + std::to_string(INT_MAX) +
                            " outputs of a part, given " + std::to_string(columns * part.each()));
    }
    next = part.last == kOpen ? kOpen : static_cast<int64_t>(part.last) + 1;
  }
}

Observation Observation::parse(const std::string& text) {
  size_t colon = text.find(':');
  Observation observation;
  if (strip(text.substr(0, colon)) != "composite") {
    observation.parts_.push_back(part(text, text, 0, kOpen));
    return observation;
  }
  std::string parts = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (strip(parts).empty()) throw fault(text, "expected a part or more, given none");
  for (const std::string& one : split(parts, ';'))
    observation.parts_.push_back(composite_part(text, one));
  std::stable_sort(observation.parts_.begin(), observation.parts_.end(),
                   [](const Part& a, const Part& b) { return a.first < b.first; });
  check(text, observation.parts_);
  return observation;
}

void Observation::check(int features) const {
  const Part& end = parts_.back();
  bool fits = end.last == kOpen ? features >= std::max(1, end.first) : features - 1 == end.last;
  if (!fits) {
    throw Error(VAE4J_INVALID_ARGUMENT,
                "likelihood: expected rows of " +
                    (end.last == kOpen ? std::to_string(std::max(1, end.first)) + " or more"
                                       : std::to_string(static_cast<int64_t>(end.last) + 1)) +
                    " columns, given " + std::to_string(features));
  }
}

int Observation::parameters(int features) const {
  check(features);
  int64_t sum = 0;
  for (const Part& part : parts_) {
    sum += part.each() * std::max(0, part.columns(features));
    if (sum > INT_MAX) {
      throw Error(VAE4J_INVALID_ARGUMENT,
                  "likelihood: expected at most " + std::to_string(INT_MAX) +
                      " outputs, given more for " + std::to_string(features) + " columns");
    }
  }
  return static_cast<int>(sum);
}

int Observation::shared(int features) const {
  check(features);
  int sum = 0;
  for (const Part& part : parts_) sum += part.columns(features) > 0 ? part.kind->shared : 0;
  return sum;
}

template <class Fill>
void Observation::fill(const double* outputs, int features, Fill fill) const {
  const double* shared = outputs + parameters(features);
  for (const Part& part : parts_) {
    int columns = part.columns(features);
    if (columns > 0) {
      int each = static_cast<int>(part.each());
      fill(*part.kind,
           ObservationColumns{part.settings, outputs, shared, columns, each, part.kind->shared},
           part.first);
      outputs += static_cast<size_t>(each) * columns;
      shared += part.kind->shared;
    }
  }
}

void Observation::mean(const double* outputs, int features, double* mean) const {
  fill(outputs, features,
       [&](const ObservationKind& kind, const ObservationColumns& columns, int first) {
         kind.mean(columns, mean + first);
       });
}

void Observation::sample(const double* outputs, int features, Draws& draws, double* sample) const {
  fill(outputs, features,
       [&](const ObservationKind& kind, const ObservationColumns& columns, int first) {
         kind.sample(columns, draws, sample + first);
       });
}

}  // namespace vae4j
