// SPDX-License-Identifier: Apache-2.0
/* The ops of images other than convolutions, from C: values, and the messages of wrong operands
 * that no rule of the tables has. */
#include "expect.h"
#include "vae4j_ops.h"

static float x[2 * 6 * 4 * 6];
static float y[2 * 6 * 4 * 6];
static float mean[20];
static float variance[20];
static float scale[6];
static float shift[6];

static vae4j_pool_op pool_op(void) {
  vae4j_pool_op op = {.x = {x, VAE4J_FLOAT32, {1, 4, 5, 1}},
                      .y = {y, VAE4J_FLOAT32, {1, 2, 2, 1}},
                      .kernel_height = 2,
                      .kernel_width = 3,
                      .stride_height = 2,
                      .stride_width = 2,
                      .dilation_height = 1,
                      .dilation_width = 1};
  return op;
}

static void pooling(vae4j_program* program) {
  const float expected[2 * 2] = {7, 9, 17, 19};
  vae4j_pool_op op = pool_op();
  vae4j_pool_backward_op backward = {.forward = pool_op(),
                                     .dy = {y, VAE4J_FLOAT32, {1, 2, 2, 1}},
                                     .dx = {variance, VAE4J_FLOAT32, {1, 4, 5, 1}}};
  for (int i = 0; i < 20; i++) x[i] = (float)i;
  expect_ok(vae4j_plan_pool(program, &op), "plan pool");
  expect_ok(vae4j_program_run(program), "run pool");
  expect(memcmp(y, expected, sizeof expected) == 0, "the greatest values");
  op.dilation_width = 2;
  expect_refused(vae4j_plan_pool(program, &op), "pool: dilation_width: expected 1, given 2");
  op = pool_op();
  op.padding_height = 2;
  expect_refused(vae4j_plan_pool(program, &op),
                 "pool: padding_height: expected at most half of the kernel's 2, given 2");
  op = pool_op();
  op.kernel_height = 7;
  op.padding_height = 1;
  expect_refused(vae4j_plan_pool(program, &op),
                 "pool: kernel_height: expected at most 6, the size with its padding, given 7");
  op = pool_op();
  op.stride_width = 1;
  expect_refused(vae4j_plan_pool(program, &op),
                 "pool: y: expected the window's 2 x 3 pixels, given FLOAT32 (1, 2, 2, 1)");
  op = pool_op();
  op.kernel_width = 32769;
  expect_refused(vae4j_plan_pool(program, &op),
                 "pool: kernel_width: expected 1 to 32768, given 32769");
  backward.forward.padding_width = 2;
  expect_refused(vae4j_plan_pool_backward(program, &backward),
                 "poolBackward: forward.padding_width: expected at most half of the kernel's 3, "
                 "given 2");
}

static void group_normalisation(vae4j_program* program) {
  vae4j_group_norm_op op = {.x = {x, VAE4J_FLOAT32, {2, 3, 6}},
                            .scale = {scale, VAE4J_FLOAT32, {6}},
                            .shift = {shift, VAE4J_FLOAT32, {6}},
                            .mean = {mean, VAE4J_FLOAT32, {2, 4}},
                            .variance = {variance, VAE4J_FLOAT32, {2, 4}},
                            .y = {y, VAE4J_FLOAT32, {2, 3, 6}},
                            .epsilon = 1e-5};
  vae4j_group_norm_backward_op backward = {.forward = op,
                                           .dy = {y, VAE4J_FLOAT32, {2, 3, 6}},
                                           .d_scale = {mean, VAE4J_FLOAT32, {6}},
                                           .d_shift = {variance, VAE4J_FLOAT32, {6}}};
  expect_refused(vae4j_plan_group_norm(program, &op),
                 "groupNorm: mean: expected a divisor of the 6 channels, given FLOAT32 (2, 4)");
  expect_refused(vae4j_plan_group_norm_backward(program, &backward),
                 "groupNormBackward: forward.mean: expected a divisor of the 6 channels, given "
                 "FLOAT32 (2, 4)");
}

/* Equal scores: y is the mean of the values. */
static void attention(vae4j_program* program) {
  vae4j_attention_op op = {.qkv = {x, VAE4J_FLOAT32, {1, 2, 6}},
                           .lse = {mean, VAE4J_FLOAT32, {1, 2, 1}},
                           .y = {y, VAE4J_FLOAT32, {1, 2, 2}}};
  vae4j_attention_backward_op backward = {.forward = op,
                                          .dy = {scale, VAE4J_FLOAT32, {1, 2, 2}},
                                          .dqkv = {variance, VAE4J_FLOAT32, {1, 2, 6}}};
  const float expected[4] = {7, 8, 7, 8};
  for (int i = 0; i < 12; i++) x[i] = i % 6 < 4 ? 0 : (float)i;
  expect_ok(vae4j_plan_attention(program, &op), "plan attention");
  expect_ok(vae4j_plan_attention_backward(program, &backward), "plan attention_backward");
  expect_ok(vae4j_program_run(program), "run attention");
  expect(memcmp(y, expected, sizeof expected) == 0, "the mean of the values");
  op.lse.dims[2] = backward.forward.lse.dims[2] = 3;
  expect_refused(vae4j_plan_attention(program, &op),
                 "attention: lse: expected a divisor of the 2 channels, given FLOAT32 (1, 2, 3)");
  expect_refused(vae4j_plan_attention_backward(program, &backward),
                 "attentionBackward: forward.lse: expected a divisor of the 2 channels, given "
                 "FLOAT32 (1, 2, 3)");
}

static void resampling(vae4j_program* program) {
  vae4j_upsample_op up = {.x = {x, VAE4J_FLOAT32, {1, 2, 3, 2}},
                          .y = {y, VAE4J_FLOAT32, {1, 4, 8, 2}}};
  vae4j_upsample_backward_op backward = {.forward = up,
                                         .dy = {y, VAE4J_FLOAT32, {1, 4, 8, 2}},
                                         .dx = {x, VAE4J_FLOAT32, {1, 2, 3, 2}}};
  vae4j_pixel_shuffle_op shuffle = {.x = {x, VAE4J_FLOAT32, {1, 1, 2, 8}},
                                    .y = {y, VAE4J_FLOAT32, {1, 2, 4, 2}}};
  const float expected[16] = {0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15};
  expect_refused(vae4j_plan_upsample(program, &up),
                 "upsample: y: expected multiples of 2 x 3 pixels, given FLOAT32 (1, 4, 8, 2)");
  expect_refused(vae4j_plan_upsample_backward(program, &backward),
                 "upsampleBackward: forward.y: expected multiples of 2 x 3 pixels, given FLOAT32 "
                 "(1, 4, 8, 2)");
  for (int i = 0; i < 16; i++) x[i] = (float)i;
  expect_ok(vae4j_plan_pixel_shuffle(program, &shuffle), "plan pixel_shuffle");
  expect_ok(vae4j_program_run(program), "run pixel_shuffle");
  expect(memcmp(y, expected, sizeof expected) == 0, "blocks of pixels");
  shuffle.x.dims[3] = 9;
  expect_refused(vae4j_plan_pixel_shuffle(program, &shuffle),
                 "pixelShuffle: y: expected the values of FLOAT32 (1, 1, 2, 9) in blocks of whole "
                 "pixels, given FLOAT32 (1, 2, 4, 2)");
  shuffle.x.dims[3] = 8;
  shuffle.inverse = 1;
  expect_refused(vae4j_plan_pixel_shuffle(program, &shuffle),
                 "pixelShuffle: y: expected the values of FLOAT32 (1, 1, 2, 8) in blocks of whole "
                 "pixels, given FLOAT32 (1, 2, 4, 2)");
}

static void activations(vae4j_program* program) {
  vae4j_activate_op op = {
      .x = {x, VAE4J_FLOAT32, {2, 3}}, .y = {y, VAE4J_FLOAT32, {2, 3}}, .activation = "step"};
  vae4j_activate_backward_op backward = {
      .forward = op, .dy = {x, VAE4J_FLOAT32, {2, 3}}, .dx = {y, VAE4J_FLOAT32, {2, 3}}};
  expect_refused(vae4j_plan_activate(program, &op),
                 "activate: activation: expected one of identity, relu, tanh, sigmoid, softplus, "
                 "elu, leakyRelu, silu, gelu, given step");
  expect_refused(vae4j_plan_activate_backward(program, &backward),
                 "activateBackward: forward.activation: expected one of identity, relu, tanh, "
                 "sigmoid, softplus, elu, leakyRelu, silu, gelu, given step");
}

int main(void) {
  vae4j_context* context = NULL;
  vae4j_program* program = NULL;
  expect_ok(vae4j_context_create(2, VAE4J_FP32, NULL, &context), "context");
  expect_ok(vae4j_program_create(context, &program), "create program");
  pooling(program);
  group_normalisation(program);
  attention(program);
  resampling(program);
  activations(program);
  expect_ok(vae4j_program_run(program), "refused ops leave the program as it was");
  expect_ok(vae4j_program_destroy(program), "destroy program");
  expect_ok(vae4j_context_destroy(context), "destroy context");
  printf("ops of images: %d failures\n", failures);
  return failures != 0;
}
