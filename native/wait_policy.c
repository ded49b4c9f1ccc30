// SPDX-License-Identifier: Apache-2.0
/*
 * A library of its own, loaded before libgomp, which reads its settings when it is loaded.
 *
 * By default libgomp's threads spin for milliseconds at the end of each parallel region. On a machine
 * with other work to do, a spinning thread takes the core that the awaited thread needs, and a
 * training step becomes fifty times slower. A short spin has no cost on an idle machine: see
 * docs/benchmarks.md. A user's setting of one of OpenMP's variables has precedence.
 */
#include <stdlib.h>

__attribute__((constructor)) static void spin_briefly(void) {
  if (getenv("OMP_WAIT_POLICY") == NULL) {
    setenv("GOMP_SPINCOUNT", "1000", 0);
  }
}
