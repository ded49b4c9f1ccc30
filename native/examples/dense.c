// SPDX-License-Identifier: Apache-2.0
/* Runs one op: y = relu(x W + b) of two rows. */
#include <stdio.h>
#include <stdlib.h>

#include "vae4j_ops.h"

static void check(int status) {
  if (status != VAE4J_OK) {
    fprintf(stderr, "%s\n", vae4j_last_error());
    exit(1);
  }
}

int main(void) {
  float x[] = {1, 2, 3, -1, 0, 1};     /* (2, 3) */
  float weight[] = {1, 0, 0, 1, 1, 1}; /* (3, 2) */
  float bias[] = {0.5f, -4};           /* (2) */
  float y[4];                          /* (2, 2) */
  vae4j_dense_op dense = {.x = {x, VAE4J_FLOAT32, {2, 3}},
                          .weight = {weight, VAE4J_FLOAT32, {3, 2}},
                          .bias = {bias, VAE4J_FLOAT32, {2}},
                          .y = {y, VAE4J_FLOAT32, {2, 2}},
                          .activation = "relu"};
  vae4j_context* context = NULL;
  vae4j_program* program = NULL;

  check(vae4j_context_create(1, VAE4J_FP32, NULL, &context));
  check(vae4j_program_create(context, &program));
  check(vae4j_plan_dense(program, &dense));
  check(vae4j_program_run(program));
  printf("vae4j %s, oneDNN %s: y = (%g, %g), (%g, %g)\n", vae4j_version(), vae4j_onednn_version(),
         y[0], y[1], y[2], y[3]);
  check(vae4j_program_destroy(program));
  check(vae4j_context_destroy(context));
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("standard output");
    return 1;
  }
  return 0;
}
