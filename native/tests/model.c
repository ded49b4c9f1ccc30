// SPDX-License-Identifier: Apache-2.0
/*
 * Calls of vae4j_model.h by lines of text, for EmbeddedModelTest, which compares their results with
 * Java's. usage: model PATH ISA THREADS; a line of the input is
 *   CALL ROWS SAMPLES SEED INPUT CONDITION OUTPUT
 * with files of floats, and "-" for no condition. The input of the call "rows" is a text with a cell
 * in each line, "-" for a missing one. The output has the arrays of the call, one after the other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vae4j_model.h"

static void fail(const char* call) {
  fprintf(stderr, "%s: %s\n", call, vae4j_last_error());
  exit(1);
}

static float* read_floats(const char* path, size_t count) {
  if (strcmp(path, "-") == 0) return NULL;
  float* values = malloc(count * sizeof *values + 1);
  FILE* file = fopen(path, "rb");
  if (file == NULL || fread(values, sizeof *values, count, file) != count) {
    fprintf(stderr, "%s: expected %zu numbers\n", path, count);
    exit(1);
  }
  fclose(file);
  return values;
}

static int64_t size(const vae4j_model* model, int which) {
  int64_t value;
  if (vae4j_model_size(model, which, &value) != VAE4J_OK) fail("size");
  return value;
}

/* An array of a call's results. */
typedef struct {
  void* data;
  size_t bytes;
} result;

static result allocate(int64_t count, size_t each) {
  result made = {calloc((size_t)count + 1, each), (size_t)count * each};
  return made;
}

typedef struct {
  const char* call;
  int64_t rows;
  int64_t samples;
  int64_t seed;
  const float* input;
  const float* condition;
} request;

/* Makes the call; returns its status, and the results in two arrays. */
static int call(const vae4j_model* model, const request* r, result out[2]) {
  int64_t codes = r->rows * size(model, VAE4J_LATENT);
  int64_t values = r->rows * size(model, VAE4J_FEATURES);
  int64_t outputs = r->rows * (size(model, VAE4J_OUTPUTS) + size(model, VAE4J_SHARED));
  if (strcmp(r->call, "encode") == 0) {
    out[0] = allocate(codes, sizeof(float));
    out[1] = allocate(codes, sizeof(float));
    return vae4j_model_encode(model, r->input, r->condition, r->rows, out[0].data, out[1].data);
  }
  if (strcmp(r->call, "posterior") == 0) {
    out[0] = allocate(codes * r->samples, sizeof(float));
    return vae4j_model_sample_posterior(model, r->input, r->condition, r->rows, r->samples, r->seed,
                                        out[0].data);
  }
  if (strcmp(r->call, "decode") == 0) {
    out[0] = allocate(values, sizeof(float));
    return vae4j_model_decode(model, r->input, r->condition, r->rows, out[0].data);
  }
  if (strcmp(r->call, "draw") == 0) {
    out[0] = allocate(values, sizeof(float));
    return vae4j_model_decode_draw(model, r->input, r->condition, r->rows, r->seed, out[0].data);
  }
  if (strcmp(r->call, "parameters") == 0) {
    out[0] = allocate(outputs, sizeof(float));
    return vae4j_model_decode_parameters(model, r->input, r->condition, r->rows, out[0].data);
  }
  if (strcmp(r->call, "prior") == 0) {
    out[0] = allocate(codes, sizeof(float));
    return vae4j_model_sample_prior(model, r->rows, r->seed, 0.75, out[0].data);
  }
  if (strcmp(r->call, "score") == 0) {
    out[0] = allocate(r->rows, sizeof(vae4j_terms));
    return vae4j_model_score(model, r->input, r->condition, r->rows, r->samples, r->seed,
                             out[0].data);
  }
  if (strcmp(r->call, "likelihood") == 0) {
    out[0] = allocate(r->rows, sizeof(double));
    out[1] = allocate(r->rows, sizeof(double));
    return vae4j_model_log_likelihood(model, r->input, r->condition, r->rows, r->samples, r->seed,
                                      out[0].data, out[1].data);
  }
  fprintf(stderr, "there is no call %s\n", r->call);
  exit(1);
}

/* Scores the rows of a table. */
static result score_cells(const vae4j_model* model, const char* path, int64_t rows, int64_t samples,
                          int64_t seed) {
  int64_t count = rows * size(model, VAE4J_COLUMNS);
  char (*texts)[256] = calloc((size_t)count + 1, sizeof *texts);
  const char** cells = calloc((size_t)count + 1, sizeof *cells);
  FILE* file = fopen(path, "r");
  for (int64_t i = 0; i < count; i++) {
    if (file == NULL || fgets(texts[i], sizeof texts[i], file) == NULL) {
      fprintf(stderr, "%s: expected %lld cells\n", path, (long long)count);
      exit(1);
    }
    texts[i][strcspn(texts[i], "\n")] = '\0';
    cells[i] = strcmp(texts[i], "-") == 0 ? NULL : texts[i];
  }
  fclose(file);
  result scores = allocate(rows, sizeof(vae4j_row_score));
  if (vae4j_model_score_row(model, cells, rows, samples, seed, scores.data) != VAE4J_OK) {
    fail("rows");
  }
  free(texts);
  free(cells);
  return scores;
}

static void write_results(const char* path, const result* results, int count) {
  FILE* file = fopen(path, "wb");
  for (int i = 0; i < count; i++) {
    if (file == NULL || fwrite(results[i].data, 1, results[i].bytes, file) != results[i].bytes) {
      fprintf(stderr, "%s cannot be written\n", path);
      exit(1);
    }
    free(results[i].data);
  }
  fclose(file);
}

static void answer(const vae4j_model* model, const char* line) {
  char name[32], input[1024], condition[1024], output[1024];
  long long rows, samples, seed;
  if (sscanf(line, "%31s %lld %lld %lld %1023s %1023s %1023s", name, &rows, &samples, &seed, input,
             condition, output) != 7) {
    fprintf(stderr, "expected a call, given %s\n", line);
    exit(1);
  }
  if (strcmp(name, "rows") == 0) {
    result scores = score_cells(model, input, rows, samples, seed);
    write_results(output, &scores, 1);
    return;
  }
  int of_codes =
      strcmp(name, "decode") == 0 || strcmp(name, "draw") == 0 || strcmp(name, "parameters") == 0;
  int64_t columns = size(model, of_codes ? VAE4J_LATENT : VAE4J_FEATURES);
  float* values = read_floats(input, (size_t)(rows * columns));
  float* given = read_floats(condition, (size_t)(rows * size(model, VAE4J_CONDITIONS)));
  request asked = {name, rows, samples, seed, values, given};
  result out[2] = {{NULL, 0}, {NULL, 0}};
  if (call(model, &asked, out) != VAE4J_OK) fail(name);
  write_results(output, out, 2);
  free(values);
  free(given);
}

int main(int count, char** arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: model PATH ISA THREADS\n");
    return 2;
  }
  vae4j_model* model;
  if (vae4j_model_open(VAE4J_MODEL_ABI, arguments[1], atoi(arguments[3]), arguments[2], &model) !=
      VAE4J_OK) {
    fail("open");
  }
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) answer(model, line);
  vae4j_model_close(model);
  return 0;
}
