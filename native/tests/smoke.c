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

/* Plans two blocks of the columns of x (1, 3) without a gradient. */
static int plan_likelihood(vae4j_context* context, const char* names, const double* constants,
                           int constant_count, const int* columns, float* nll, vae4j_op** op) {
  static const float x[3] = {1, 3, 2};
  static const float parameters[5] = {1, 0, 0, 0, 0};
  return vae4j_plan_likelihood(context, names, constants, constant_count, columns, 2, parameters,
                               NULL, x, NULL, NULL, 0, nll, NULL, NULL, 1, 1, 3, 1, op);
}

static void likelihoods(vae4j_context* context) {
  const int columns[2] = {1, 2};
  const int narrow[2] = {1, 1};
  const double sigma[1] = {1};
  const double levels[1] = {0.5};
  float nll[1] = {0};
  vae4j_op* op = NULL;
  expect(plan_likelihood(context, "gaussian;poisson", sigma, 1, columns, nll, &op) == VAE4J_OK,
         "plan likelihood");
  expect(vae4j_run(op) == VAE4J_OK, "run likelihood");
  /* 1/2 log(2 pi) and, at rate 1, 2 + log 3! + log 2!. */
  expect(nll[0] > 0.9189385f + 4.4849066f - 1e-5f && nll[0] < 0.9189385f + 4.4849066f + 1e-5f,
         "nll of two blocks");
  expect(vae4j_op_destroy(op) == VAE4J_OK, "destroy likelihood");
  op = NULL;
  expect(plan_likelihood(context, "gaussian;cauchy", sigma, 1, columns, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "an unknown model is refused");
  expect(strstr(vae4j_last_error(), "student-t") != NULL, "the error names the models");
  expect(plan_likelihood(context, "gaussian", sigma, 1, columns, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "a missing name is refused");
  expect(plan_likelihood(context, "gaussian;poisson;poisson", sigma, 1, columns, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "a name too many is refused");
  expect(plan_likelihood(context, "gaussian;poisson", sigma, 1, narrow, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "columns that are left over are refused");
  expect(plan_likelihood(context, "gaussian;poisson", sigma, 0, columns, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "missing constants are refused");
  expect(plan_likelihood(context, "poisson;categorical", levels, 1, columns, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "half a level is refused");
  expect(plan_likelihood(context, "poisson;gaussian-shared", NULL, 0, columns, nll, &op) ==
             VAE4J_INVALID_ARGUMENT,
         "missing shared parameters are refused");
  expect(op == NULL, "nothing is made of a wrong likelihood");
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

  likelihoods(context);

  expect(vae4j_free(y) == VAE4J_OK, "free");
  expect(vae4j_context_destroy(context) == VAE4J_OK, "destroy context");
  printf("libvae4j %s, oneDNN %s: %d failures\n", vae4j_version(), vae4j_onednn_version(),
         failures);
  return failures != 0;
}
