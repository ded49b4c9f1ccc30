// SPDX-License-Identifier: Apache-2.0
// Named choices among the behaviours that real libraries and drivers may show. The first value is the
// default, the behaviour of a card as far as it is known; the others are allowed, or were observed.
#pragma once

#include <map>
#include <string>

namespace cudasim {

class Switches {
 public:
  // "lt.refuse=status15,copy.late=on". False, and why, where a name or value is not known; then nothing changes.
  bool parse(const std::string& text, std::string& why);
  bool set(const std::string& name, const std::string& value, std::string& why);
  int get(const std::string& name) const; // the place of its value in the list: 0 for the default
  void reset() { chosen_.clear(); }

 private:
  std::map<std::string, int> chosen_;
};

} // namespace cudasim
