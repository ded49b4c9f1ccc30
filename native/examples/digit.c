// SPDX-License-Identifier: Apache-2.0
/* Encodes a digit of MNIST, decodes its code, and prints both as text.
 * usage: digit MODEL IMAGES INDEX, for example: digit runs/mnist t10k-images-idx3-ubyte 0 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vae4j_model.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, IDX_HEADER = 16 };

static void check(int status) {
  if (status != VAE4J_OK) {
    fprintf(stderr, "%s\n", vae4j_last_error());
    exit(1);
  }
}

/* The whole number that a text is; -1 if it is none. */
static long whole(const char* text) {
  char* end = NULL;
  errno = 0;
  long number = strtol(text, &end, 10);
  return isdigit((unsigned char)*text) && *end == '\0' && errno == 0 ? number : -1;
}

static void read_digit(const char* path, long index, float* pixels) {
  /* Bytes, in 3 dimensions, each of the last two of SIDE. */
  static const unsigned char images[] = {0, 0, 8, 3};
  static const unsigned char sides[] = {0, 0, 0, SIDE, 0, 0, 0, SIDE};
  unsigned char header[IDX_HEADER];
  unsigned char bytes[PIXELS];
  FILE* file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  if (fread(header, 1, IDX_HEADER, file) != IDX_HEADER || memcmp(header, images, 4) != 0 ||
      memcmp(header + 8, sides, 8) != 0) {
    fprintf(stderr, "%s: no IDX file of %d x %d pixels (MNIST's .gz files need gunzip)\n", path,
            SIDE, SIDE);
    exit(1);
  }
  if (index > (LONG_MAX - IDX_HEADER) / PIXELS ||
      fseek(file, IDX_HEADER + index * PIXELS, SEEK_SET) != 0 ||
      fread(bytes, 1, PIXELS, file) != PIXELS) {
    fprintf(stderr, "%s: there is no image %ld\n", path, index);
    exit(1);
  }
  fclose(file);
  /* As vae4j computes grey values; a division rounds some of them otherwise. */
  for (int i = 0; i < PIXELS; i++) pixels[i] = (float)bytes[i] * (1.0f / 255);
}

/* Values outside 0 to 1, as some observation models have them, are shown as the nearest one. */
static char shade(float value) {
  if (!(value > 0)) return ' ';
  return " .:-=+*#%@"[(int)((value < 1 ? value : 1) * 9.99f)];
}

static void print_both(const float* left, const float* right) {
  for (int row = 0; row < SIDE; row++) {
    for (int i = 0; i < SIDE; i++) putchar(shade(left[row * SIDE + i]));
    fputs("   ", stdout);
    for (int i = 0; i < SIDE; i++) putchar(shade(right[row * SIDE + i]));
    putchar('\n');
  }
}

int main(int argc, char** argv) {
  long index = argc == 4 ? whole(argv[3]) : -1;
  if (index < 0) {
    fprintf(stderr, "usage: digit MODEL IMAGES INDEX\n");
    return 2;
  }
  vae4j_model* model = NULL;
  int64_t features = 0;
  int64_t latent = 0;
  float digit[PIXELS];
  float decoded[PIXELS];
  vae4j_terms terms;

  check(vae4j_model_open(VAE4J_MODEL_ABI, argv[1], 1, NULL, &model));
  check(vae4j_model_size(model, VAE4J_FEATURES, &features));
  check(vae4j_model_size(model, VAE4J_LATENT, &latent));
  if (features != PIXELS) {
    fprintf(stderr, "%s: expected a model of %d pixels, given %lld\n", argv[1], PIXELS,
            (long long)features);
    return 1;
  }
  read_digit(argv[2], index, digit);

  float* code = malloc((size_t)latent * sizeof *code);
  if (code == NULL) return 1;
  check(vae4j_model_encode(model, digit, NULL, 1, code, NULL));
  check(vae4j_model_decode(model, code, NULL, 1, decoded));
  check(vae4j_model_score(model, digit, NULL, 1, 64, 0, &terms));
  print_both(digit, decoded);
  printf("%lld numbers; ELBO %.3f = reconstruction %.3f - KL %.3f nats\n", (long long)latent,
         terms.elbo, terms.reconstruction, terms.kl);

  free(code);
  check(vae4j_model_close(model));
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("standard output");
    return 1;
  }
  return 0;
}
