/* A C program that uses libvae4j without a JVM: the header is C99, the library links, an op runs. */
#include <stdio.h>
#include <string.h>

#include "vae4j.h"

static int failures = 0;

static void expect(int condition, const char* what) {
  if (!condition) {
    fprintf(stderr, "FAILED: %s (last error: %s)\n", what, vae4j_last_error());
    failures++;
  }
}

int main(void) {
  const float x[2 * 3] = {1, 2, 3, -1, 0, 1};
  const float weight[3 * 2] = {1, 0, 0, 1, 1, 1};
  const float bias[2] = {0.5f, -4};
  const float expected[2 * 2] = {4.5f, 1, 0.5f, 0};
  vae4j_context* context = NULL;
  vae4j_op* op = NULL;
  void* y = NULL;

  expect(vae4j_context_create(2, VAE4J_FP32, NULL, &context) == VAE4J_OK, "context");
  expect(vae4j_allocate(sizeof expected, &y) == VAE4J_OK, "allocate");
  expect(vae4j_plan_dense(context, x, weight, bias, NULL, y, 2, 3, 2, "relu", &op) == VAE4J_OK,
         "plan dense");
  expect(vae4j_run(op) == VAE4J_OK, "run");
  expect(memcmp(y, expected, sizeof expected) == 0, "y = relu(x W + b)");
  expect(vae4j_op_destroy(op) == VAE4J_OK, "destroy op");

  op = NULL;
  expect(vae4j_plan_dense(context, x, weight, bias, NULL, y, 2, 3, 2, "step", &op) ==
             VAE4J_INVALID_ARGUMENT,
         "an unknown activation is refused");
  expect(strstr(vae4j_last_error(), "leakyRelu") != NULL, "the error names the activations");
  expect(op == NULL, "nothing is made");
  expect(vae4j_plan_dense(context, NULL, weight, bias, NULL, y, 2, 3, 2, "relu", &op) ==
             VAE4J_INVALID_ARGUMENT,
         "a null operand is refused");
  expect(vae4j_run(NULL) == VAE4J_INVALID_ARGUMENT, "a null op is refused");
  expect(vae4j_context_create(-1, VAE4J_FP32, NULL, &context) == VAE4J_INVALID_ARGUMENT,
         "a negative number of threads is refused");

  expect(vae4j_free(y) == VAE4J_OK, "free");
  expect(vae4j_context_destroy(context) == VAE4J_OK, "destroy context");
  printf("libvae4j %s, oneDNN %s: %d failures\n", vae4j_version(), vae4j_onednn_version(),
         failures);
  return failures != 0;
}
