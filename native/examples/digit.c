// SPDX-License-Identifier: Apache-2.0
/* Encodes a digit of MNIST, decodes its code, and prints both as text.
 * usage: digit MODEL IMAGES INDEX, for example: digit runs/mnist t10k-images-idx3-ubyte 0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vae4j_model.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, IDX_HEADER = 16 };

static void check(int status, const char* call) {
  if (status != VAE4J_OK) {
    fprintf(stderr, "%s: %s\n", call, vae4j_last_error());
    exit(1);
  }
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
  if (index < 0 || fseek(file, IDX_HEADER + index * PIXELS, SEEK_SET) != 0 ||
      fread(bytes, 1, PIXELS, file) != PIXELS) {
    fprintf(stderr, "%s: there is no image %ld\n", path, index);
    exit(1);
  }
  fclose(file);
  for (int i = 0; i < PIXELS; i++) pixels[i] = (float)bytes[i] / 255;
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
  if (argc != 4) {
    fprintf(stderr, "usage: digit MODEL IMAGES INDEX\n");
    return 2;
  }
  vae4j_model* model = NULL;
  int64_t features = 0;
  int64_t latent = 0;
  float digit[PIXELS];
  float decoded[PIXELS];
  vae4j_terms terms;

  check(vae4j_model_open(VAE4J_MODEL_ABI, argv[1], 1, NULL, &model), "open");
  check(vae4j_model_size(model, VAE4J_FEATURES, &features), "size");
  check(vae4j_model_size(model, VAE4J_LATENT, &latent), "size");
  if (features != PIXELS) {
    fprintf(stderr, "%s: expected a model of %d pixels, given %lld\n", argv[1], PIXELS,
            (long long)features);
    return 1;
  }
  read_digit(argv[2], atol(argv[3]), digit);

  float* code = malloc((size_t)latent * sizeof *code);
  if (code == NULL) return 1;
  check(vae4j_model_encode(model, digit, NULL, 1, code, NULL), "encode");
  check(vae4j_model_decode(model, code, NULL, 1, decoded), "decode");
  check(vae4j_model_score(model, digit, NULL, 1, 64, 0, &terms), "score");
  print_both(digit, decoded);
  printf("%lld numbers; ELBO %.3f = reconstruction %.3f - KL %.3f nats\n", (long long)latent,
         terms.elbo, terms.reconstruction, terms.kl);

  free(code);
  check(vae4j_model_close(model), "close");
  return 0;
}
