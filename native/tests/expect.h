// SPDX-License-Identifier: Apache-2.0
/* The checks of the programs in this folder, which count their failures. */
#ifndef VAE4J_TESTS_EXPECT_H
#define VAE4J_TESTS_EXPECT_H

#include <stdio.h>
#include <string.h>

#include "vae4j.h"

static int failures = 0;

static void expect(int condition, const char* text) {
  if (!condition) {
    fprintf(stderr, "FAILED: %s (last error: %s)\n", text, vae4j_last_error());
    failures++;
  }
}

static void expect_ok(int status, const char* text) { expect(status == VAE4J_OK, text); }

/* A call that failed with this message. */
static void expect_error(int status, int expected, const char* message) {
  expect(status == expected && strcmp(vae4j_last_error(), message) == 0, message);
}

static void expect_refused(int status, const char* message) {
  expect_error(status, VAE4J_INVALID_ARGUMENT, message);
}

#endif
