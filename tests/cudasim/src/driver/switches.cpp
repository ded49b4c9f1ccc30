// SPDX-License-Identifier: Apache-2.0
#include "switches.h"

#include <algorithm>
#include <vector>

namespace cudasim {

namespace {

struct Choice {
  const char* name;
  std::vector<std::string> values;
};

// README.md has their meaning. The order of values is that of the enums in cublaslt/lt.h, cudnn/dnn.h
// and exec/approximate.h.
const std::vector<Choice>& choices() {
  static const std::vector<Choice> all = {
      {"lt.refuse", {"nothing", "empty", "status15", "status7", "state15", "launch15", "launch13"}},
      {"lt.refuse.of", {"epilogues", "all", "narrow"}},
      {"lt.truncate", {"off", "on"}},
      {"lt.sums", {"stored", "rounded"}},
      {"lt.mask", {"zero", "positive"}},
      {"lt.nan", {"keep", "zero"}},
      {"lt.order", {"algorithm", "epilogue"}},
      {"lt.version", {"13.2.0", "13.1.0"}},
      {"dnn.refuse", {"nothing", "algo0", "algo1", "tensorop", "all"}},
      {"dnn.truncate", {"off", "on"}},
      {"dnn.version", {"9.19.0", "8.9.7"}},
      {"copy.late", {"off", "on"}},
      {"approx", {"rounded", "scattered", "low", "high"}},
  };
  return all;
}

} // namespace

bool Switches::set(const std::string& name, const std::string& value, std::string& why) {
  for (const Choice& choice : choices()) {
    if (name != choice.name) continue;
    const auto at = std::find(choice.values.begin(), choice.values.end(), value);
    if (at != choice.values.end()) {
      chosen_[name] = static_cast<int>(at - choice.values.begin());
      return true;
    }
    why = "switch " + name + " has no value '" + value + "'; it has";
    for (const std::string& v : choice.values) why += " " + v;
    return false;
  }
  why = "no such switch: '" + name + "'";
  return false;
}

bool Switches::parse(const std::string& text, std::string& why) {
  Switches changed = *this;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(',', at), text.size());
    const std::string item = text.substr(at, end - at);
    at = end + 1;
    const size_t equals = item.find('=');
    if (equals == std::string::npos) {
      why = "expected name=value, given '" + item + "'";
      return false;
    }
    if (!changed.set(item.substr(0, equals), item.substr(equals + 1), why)) return false;
  }
  *this = changed;
  return true;
}

int Switches::get(const std::string& name) const {
  const auto found = chosen_.find(name);
  return found == chosen_.end() ? 0 : found->second;
}

} // namespace cudasim
