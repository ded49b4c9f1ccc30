// SPDX-License-Identifier: Apache-2.0
/* A C program that uses libvae4j without a JVM: the headers are C99, the library links, ops run,
 * and wrong calls are refused with a message. */
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

#include "expect.h"
#include "vae4j_ops.h"

static float x[2 * 3] = {1, 2, 3, -1, 0, 1};
static float weight[3 * 2] = {1, 0, 0, 1, 1, 1};
static float bias[2] = {0.5f, -4};
static float y[2 * 2];

static vae4j_dense_op dense_op(void) {
  vae4j_dense_op op = {.x = {x, VAE4J_FLOAT32, {2, 3}},
                       .weight = {weight, VAE4J_FLOAT32, {3, 2}},
                       .bias = {bias, VAE4J_FLOAT32, {2}},
                       .y = {y, VAE4J_FLOAT32, {2, 2}},
                       .activation = "relu"};
  return op;
}

static void programs(vae4j_context* context) {
  const float expected[2 * 2] = {4.5f, 1, 0.5f, 0};
  float sum[2 * 2] = {1, 1, 1, 1};
  const float expected_sum[2 * 2] = {5.5f, 2, 1.5f, 1};
  vae4j_program* program = NULL;
  vae4j_dense_op dense = dense_op();
  vae4j_add_op add = {{y, VAE4J_FLOAT32, {2, 2}}, {sum, VAE4J_FLOAT32, {4}}};

  expect_ok(vae4j_program_create(context, &program), "create program");
  expect_ok(vae4j_program_run(program), "run without ops");
  expect_ok(vae4j_plan_dense(program, &dense), "plan dense");
  expect_ok(vae4j_plan_add(program, &add), "plan add");
  expect_ok(vae4j_program_run(program), "run");
  expect(memcmp(y, expected, sizeof expected) == 0, "y = relu(x W + b)");
  expect(memcmp(sum, expected_sum, sizeof expected_sum) == 0, "ops run in order");
  expect_ok(vae4j_program_destroy(program), "destroy program");
  expect_ok(vae4j_program_destroy(NULL), "destroy NULL");
  expect_refused(vae4j_program_run(NULL), "program: program: expected a pointer, given NULL");
  expect_refused(vae4j_program_create(NULL, &program),
                 "program: context: expected a pointer, given NULL");
}

static void structs_of_another_version(vae4j_program* program) {
  vae4j_dense_op op = dense_op();
  const char* names = "x,weight,bias,preactivation,y,activation";
  expect_ok(vae4j_program_add(program, "dense", names, &op, sizeof op), "the library's names");
  expect_refused(vae4j_program_add(program, "dense", "weight,x,bias,preactivation,y,activation",
                                   &op, sizeof op),
                 "dense: names: expected x,weight,bias,preactivation,y,activation, given "
                 "weight,x,bias,preactivation,y,activation");
  expect_refused(vae4j_program_add(program, "dense", names, &op, sizeof op - 8),
                 "dense: bytes: expected 248, given 240");
  expect_refused(vae4j_program_add(program, "dense", names, NULL, sizeof op),
                 "dense: values: expected a pointer, given NULL");
  expect_refused(vae4j_program_add(program, "dense", NULL, &op, sizeof op),
                 "dense: names: expected a pointer, given NULL");
  expect(vae4j_program_add(program, "dens", names, &op, sizeof op) == VAE4J_INVALID_ARGUMENT,
         "an unknown op is refused");
  expect(strstr(vae4j_last_error(), "program: op: expected one of gather, copy, ") != NULL &&
             strstr(vae4j_last_error(), ", given dens") != NULL,
         "the error names the ops");
}

static void wrong_tensors(vae4j_program* program) {
  vae4j_dense_op op = dense_op();
  op.x.data = NULL;
  expect_refused(vae4j_plan_dense(program, &op), "dense: x: expected FLOAT32 (*B, I), given NULL");
  op = dense_op();
  op.bias.type = VAE4J_FLOAT64;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: bias: expected FLOAT32 (O) with O = 2, given FLOAT64 (2)");
  op = dense_op();
  op.bias.type = 7;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: bias: expected FLOAT32 (O) with O = 2, given an unknown type (2)");
  op = dense_op();
  op.weight.dims[0] = 2;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: weight: expected FLOAT32 (I, O) with I = 3, given FLOAT32 (2, 2)");
  op = dense_op();
  op.weight.dims[1] = 0;
  op.weight.dims[2] = 2;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: weight: expected FLOAT32 (I, O) with I = 3, given FLOAT32 (3, 0, 2, 0)");
  op = dense_op();
  op.x.dims[0] = -2;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: x: expected FLOAT32 (*B, I), given FLOAT32 (-2, 3, 0, 0)");
  op = dense_op();
  op.x.dims[0] = (int64_t)1 << 31;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: x: expected FLOAT32 (*B, I), given FLOAT32 (2147483648, 3, 0, 0)");
  op = dense_op();
  op.x.dims[0] = 3;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: y: expected FLOAT32 (*B, O) with B = 3, O = 2, given FLOAT32 (2, 2)");
}

static void wrong_settings(vae4j_program* program) {
  static float preactivation[2 * 2];
  vae4j_dense_op op = dense_op();
  vae4j_dense_backward_op backward = {.forward = dense_op(),
                                      .dy = {y, VAE4J_FLOAT32, {2, 2}},
                                      .d_weight = {weight, VAE4J_FLOAT32, {3, 2}},
                                      .d_bias = {bias, VAE4J_FLOAT32, {2}}};
  op.activation = "step";
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: activation: expected one of identity, relu, tanh, sigmoid, softplus, elu, "
                 "leakyRelu, silu, gelu, given step");
  op.activation = NULL;
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: activation: expected the name of an activation, given NULL");
  op.activation = "gelu";
  expect_refused(vae4j_plan_dense(program, &op),
                 "dense: preactivation: expected a tensor, which gelu needs, given NULL");
  backward.forward.preactivation = (vae4j_tensor){preactivation, VAE4J_FLOAT32, {2, 2}};
  expect_refused(vae4j_plan_dense_backward(program, &backward),
                 "denseBackward: forward.preactivation: expected NULL, as relu needs none, given "
                 "FLOAT32 (2, 2)");
  backward.forward = dense_op();
  backward.forward.weight.dims[1] = 3;
  expect_refused(vae4j_plan_dense_backward(program, &backward),
                 "denseBackward: forward.bias: expected FLOAT32 (O) with O = 3, given FLOAT32 (2)");
}

static void columns(vae4j_program* program) {
  static float target[2 * 4];
  const float expected[2 * 4] = {0, 0, 2, 3, 0, 0, 0, 1};
  vae4j_copy_columns_op op = {.source = {x, VAE4J_FLOAT32, {2, 3}},
                              .target = {target, VAE4J_FLOAT32, {2, 4}},
                              .source_first = 1,
                              .target_first = 2,
                              .columns = 2};
  expect_ok(vae4j_plan_copy_columns(program, &op), "plan copy_columns");
  expect_ok(vae4j_program_run(program), "run copy_columns");
  expect(memcmp(target, expected, sizeof expected) == 0, "columns 1 and 2 to columns 2 and 3");
  op.source_first = 2;
  expect_refused(vae4j_plan_copy_columns(program, &op),
                 "copyColumns: source_first: expected at most 1, for 2 columns of 3, given 2");
  op.source_first = 1;
  op.target_first = 3;
  expect_refused(vae4j_plan_copy_columns(program, &op),
                 "copyColumns: target_first: expected at most 2, for 2 columns of 4, given 3");
  op.target_first = -1;
  expect_refused(vae4j_plan_copy_columns(program, &op),
                 "copyColumns: target_first: expected 0 or more, given -1");
  op.target_first = 0;
  op.columns = 4;
  expect_refused(vae4j_plan_copy_columns(program, &op),
                 "copyColumns: columns: expected at most the 3 of source, given 4");
}

/* Rows 1, 3 and 3, 7 have the moments 2, 1 and 5, 4. */
static void normalisation(vae4j_program* program) {
  static float rows[2 * 2] = {1, 3, 3, 7};
  static float scale[2] = {1, 2};
  static float shift[2] = {0, 1};
  static float mean[2];
  static float variance[2];
  static float out[2 * 2];
  const float expected[2 * 2] = {-1, 3, -1, 3};
  vae4j_layer_norm_op op = {.x = {rows, VAE4J_FLOAT32, {2, 2}},
                            .scale = {scale, VAE4J_FLOAT32, {2}},
                            .shift = {shift, VAE4J_FLOAT32, {2}},
                            .mean = {mean, VAE4J_FLOAT32, {2}},
                            .variance = {variance, VAE4J_FLOAT32, {2}},
                            .y = {out, VAE4J_FLOAT32, {2, 2}},
                            .epsilon = 1e-12};
  expect_ok(vae4j_plan_layer_norm(program, &op), "plan layer_norm");
  expect_ok(vae4j_program_run(program), "run layer_norm");
  expect(memcmp(out, expected, sizeof expected) == 0, "normalised rows");
  expect(mean[1] == 5 && variance[1] == 4, "moments of rows");
  op.epsilon = 0;
  expect_refused(vae4j_plan_layer_norm(program, &op),
                 "layerNorm: epsilon: expected above 0, given 0");
}

/* Steps that have no slot are refused before anything is written. */
static void metrics(vae4j_context* context) {
  const double steps[4] = {-1, NAN, INFINITY, 9223372036854775808.0};
  const char* given[4] = {"-1", "nan", "inf", "9.2233720368547758e+18"};
  float nll[2] = {1, 3};
  float kl[2] = {2, 4};
  double norm[1] = {5};
  double memory[1 + 2 * 6 + 1] = {0};
  double status[1] = {-1};
  double control[VAE4J_CONTROL_LENGTH] = {3};
  vae4j_program* program = NULL;
  vae4j_record_metrics_op op = {.nll = {nll, VAE4J_FLOAT32, {2, 1}},
                                .kl = {kl, VAE4J_FLOAT32, {2}},
                                .norm = {norm, VAE4J_FLOAT64, {1}},
                                .ring = {memory + 1, VAE4J_FLOAT64, {2, 6}},
                                .status = {status, VAE4J_FLOAT64, {1}},
                                .control = {control, VAE4J_FLOAT64, {VAE4J_CONTROL_LENGTH}},
                                .most_norm = 5};
  expect_ok(vae4j_program_create(context, &program), "create program");
  expect_ok(vae4j_plan_record_metrics(program, &op), "plan record_metrics");
  for (int i = 0; i < 4; i++) {
    char message[200];
    control[VAE4J_CONTROL_STEP] = steps[i];
    sprintf(message,
            "recordMetrics: control: expected a step of 0 or more and below 2^63, given %s",
            given[i]);
    expect_error(vae4j_program_run(program), VAE4J_INVALID_STATE, message);
  }
  for (int i = 0; i < 14; i++) expect(memory[i] == 0, "nothing is written");
  control[VAE4J_CONTROL_STEP] = 3;
  expect_ok(vae4j_program_run(program), "run record_metrics");
  expect(memory[7] == 2 && memory[8] == 3 && memory[9] == 5 && memory[10] == 1 &&
             memory[11] == -5 && memory[12] == 0,
         "slot 1: nll, kl, norm, ok, bound, penalty");
  expect(memory[0] == 0 && memory[6] == 0 && memory[13] == 0 && status[0] == 1, "status");
  expect_ok(vae4j_program_destroy(program), "destroy program");
  op.control.dims[0] = 7;
  expect_ok(vae4j_program_create(context, &program), "create program");
  expect_refused(vae4j_plan_record_metrics(program, &op),
                 "recordMetrics: control: expected FLOAT64 (8+), given FLOAT64 (7)");
  expect_ok(vae4j_program_destroy(program), "destroy program");
}

static float nll[1];

/* A row of 3 columns and 5 parameters, without a gradient. */
static vae4j_likelihood_op likelihood_op(const char* blocks) {
  static float values[3] = {1, 3, 2};
  static float parameters[5] = {1, 0, 0, 0, 0};
  vae4j_likelihood_op op = {.likelihood = blocks,
                            .parameters = {parameters, VAE4J_FLOAT32, {1, 1, 3}},
                            .x = {values, VAE4J_FLOAT32, {1, 3}},
                            .nll = {nll, VAE4J_FLOAT32, {1, 1}},
                            .scale = 1};
  return op;
}

static void refuse_blocks(vae4j_program* program, const char* blocks, const char* message) {
  vae4j_likelihood_op op = likelihood_op(blocks);
  expect_refused(vae4j_plan_likelihood(program, &op), message);
}

static void likelihoods(vae4j_program* program) {
  static float shared[2] = {0, 0};
  vae4j_likelihood_op op = likelihood_op("gaussian 1 1.0;poisson 2");
  expect_ok(vae4j_plan_likelihood(program, &op), "plan likelihood");
  expect_ok(vae4j_program_run(program), "run likelihood");
  /* 1/2 log(2 pi) and, at rate 1, 2 + log 3! + log 2!. */
  expect(fabs(nll[0] - (0.9189385 + 4.4849066)) < 1e-5, "nll of two blocks");

  refuse_blocks(program, "gaussian 1 1;cauchy 2",
                "likelihood: name: expected one of bernoulli, continuous-bernoulli, gaussian, "
                "gaussian-learned, gaussian-shared, gaussian-optimal, laplace, laplace-learned, "
                "student-t, categorical, discretized-logistic, discretized-logistic-mixture, "
                "poisson, negative-binomial, zero-inflated-negative-binomial, multinomial, given "
                "cauchy");
  refuse_blocks(program, "gaussian 1 1;poisson 1",
                "likelihood: likelihood: expected 3 columns in all, given \"gaussian 1 1;poisson "
                "1\"");
  refuse_blocks(program, "gaussian 1 1;poisson 3",
                "likelihood: likelihood: expected 3 columns in all, given \"gaussian 1 1;poisson "
                "3\"");
  refuse_blocks(program, "gaussian 0 1;poisson 3",
                "likelihood: likelihood: expected 3 columns in all, given \"gaussian 0 1;poisson "
                "3\"");
  refuse_blocks(program, "gaussian 1;poisson 2",
                "likelihood: likelihood: expected 1 constants of gaussian, given \"gaussian 1\"");
  refuse_blocks(program, "gaussian 1 0,5;poisson 2",
                "likelihood: likelihood: expected numbers as constants, given \"gaussian 1 0,5\"");
  refuse_blocks(program, "poisson 1;categorical 2 0.5",
                "likelihood: likelihood: expected settings that categorical can have, given "
                "\"categorical 2 0.5\"");
  refuse_blocks(program, "poisson 3;",
                "likelihood: likelihood: expected NAME COLUMNS CONSTANTS in each block, given "
                "\"\"");
  refuse_blocks(program, "poisson;poisson 2",
                "likelihood: likelihood: expected NAME COLUMNS CONSTANTS in each block, given "
                "\"poisson\"");
  refuse_blocks(program, "poisson 1;categorical 2 2",
                "likelihood: parameters: expected the 5 columns of poisson 1;categorical 2 2, "
                "given FLOAT32 (1, 1, 3)");
  refuse_blocks(program, "poisson 1;gaussian-shared 2",
                "likelihood: shared: expected 1 parameters, given NULL");
  op = likelihood_op("poisson 1;gaussian-shared 2");
  op.shared = (vae4j_tensor){shared, VAE4J_FLOAT32, {1}};
  expect_ok(vae4j_plan_likelihood(program, &op), "shared parameters");
  op.d_shared = op.shared;
  expect_refused(vae4j_plan_likelihood(program, &op),
                 "likelihood: d_shared: expected NULL, as there is no such gradient, given FLOAT32 "
                 "(1)");
  op = likelihood_op("poisson 3");
  op.row_weight = (vae4j_tensor){shared, VAE4J_FLOAT32, {2}};
  expect_refused(vae4j_plan_likelihood(program, &op),
                 "likelihood: row_weight: expected FLOAT32 (B) or (B, L) with B = 1, L = 1, given "
                 "FLOAT32 (2)");
  op.row_weight.dims[0] = 0;
  expect_refused(vae4j_plan_likelihood(program, &op),
                 "likelihood: row_weight: expected FLOAT32 (B) or (B, L) with B = 1, L = 1, given "
                 "FLOAT32 (0, 0, 0, 0)");
}

/* More threads than the system gives are refused before libgomp ends the process. */
static void threads(void) {
  vae4j_context* context = NULL;
  struct rlimit old;
  struct rlimit small;
  expect_refused(vae4j_context_create(-1, VAE4J_FP32, NULL, &context),
                 "context: threads: expected 0 (all cores) to 1024, given -1");
  expect_refused(vae4j_context_create(9000, VAE4J_FP32, NULL, &context),
                 "context: threads: expected 0 (all cores) to 1024, given 9000");
  expect(getrlimit(RLIMIT_AS, &old) == 0, "the limit of memory");
  small = old;
  /* More than the process has, and less than the stacks of 1024 threads need. */
  small.rlim_cur = (rlim_t)4 << 30;
  expect(setrlimit(RLIMIT_AS, &small) == 0, "a smaller limit");
  expect(vae4j_context_create(1024, VAE4J_FP32, NULL, &context) == VAE4J_UNSUPPORTED &&
             strstr(vae4j_last_error(), "threads: the system gives this process ") != NULL &&
             strstr(vae4j_last_error(), " of 1022 further threads (") != NULL,
         "1024 threads in 4 GiB");
  expect(setrlimit(RLIMIT_AS, &old) == 0, "the old limit");
  expect_ok(vae4j_context_create(3, VAE4J_FP32, NULL, &context), "three threads");
  expect_ok(vae4j_context_destroy(context), "destroy the context of three threads");
}

int main(void) {
  vae4j_context* context = NULL;
  vae4j_program* program = NULL;
  void* memory = NULL;

  expect_ok(vae4j_context_create(2, VAE4J_FP32, NULL, &context), "context");
  expect_ok(vae4j_allocate(16, &memory), "allocate");
  expect_ok(vae4j_copy(memory, x, 16), "copy");
  expect(memcmp(memory, x, 16) == 0, "memory holds x");
  expect_ok(vae4j_free(memory), "free");
  programs(context);
  expect_ok(vae4j_program_create(context, &program), "create program");
  structs_of_another_version(program);
  wrong_tensors(program);
  wrong_settings(program);
  columns(program);
  normalisation(program);
  likelihoods(program);
  expect_ok(vae4j_program_run(program), "refused ops leave the program as it was");
  expect_ok(vae4j_program_destroy(program), "destroy program");
  metrics(context);
  expect_ok(vae4j_context_destroy(context), "destroy context");
  threads();
  printf("libvae4j %s, oneDNN %s: %d failures\n", vae4j_version(), vae4j_onednn_version(),
         failures);
  return failures != 0;
}
