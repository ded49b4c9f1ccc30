// SPDX-License-Identifier: Apache-2.0
// Runs the tests, or those whose name contains an argument; the last line counts them.
#include "harness.h"

namespace {
int failures = 0;
const char* current = "";
} // namespace

std::vector<TestCase>& tests() {
  static std::vector<TestCase> list;
  return list;
}

void fail(const char* file, int line, const std::string& what) {
  if (++failures <= 200) std::printf("%s:%d: %s: %s\n", file, line, current, what.c_str());
}

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  cudasim_set_option("quiet", 1);
  if (cuInit(0) != CUDA_SUCCESS) {
    std::printf("cuInit failed\n");
    return 1;
  }
  int passed = 0, failed = 0;
  for (const TestCase& test : tests()) {
    bool wanted = argc == 1;
    for (int i = 1; i < argc; ++i) wanted |= std::string(test.name).find(argv[i]) != std::string::npos;
    if (!wanted) continue;
    current = test.name;
    const int before = failures;
    cudasim_set_faults("");
    cudasim_set_switches("");
    cudasim_clear_report();
    test.run();
    failures == before ? ++passed : ++failed;
    if (failures != before) std::printf("FAILED %s\n", test.name);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
