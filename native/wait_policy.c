// SPDX-License-Identifier: Apache-2.0
/*
 * A library of its own, loaded before libgomp, which reads its settings when it is loaded.
 *
 * By default libgomp's threads spin for milliseconds at the end of each parallel region. On a machine
 * with other work to do, a spinning thread takes the core that the thread it waits for needs, and a
 * training step becomes fifty times slower. Spinning briefly costs nothing on an idle machine: see
 * docs/benchmarks.md. Whoever sets one of OpenMP's own variables is obeyed.
 */
#include <stdlib.h>

__attribute__((constructor)) static void spin_briefly(void) {
  if (getenv("OMP_WAIT_POLICY") == NULL) {
    setenv("GOMP_SPINCOUNT", "1000", 0);
  }
}
