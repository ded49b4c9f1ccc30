// SPDX-License-Identifier: Apache-2.0
/*
 * Speed and memory of the C API of trained models. usage:
 *   embedding rate MODEL THREADS SECONDS BATCH...   rows a second of encode and score, one line each
 *   embedding latency MODEL CALLERS SECONDS         microseconds of encode of one row, percentiles
 *   embedding memory MODEL ROWS                     KiB before, after opening and after so many rows
 * Rows are uniform noise; score draws one sample. EmbeddingRates compares the rates.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vae4j_model.h"

static void check(int status, const char* call) {
  if (status == VAE4J_OK) return;
  fprintf(stderr, "%s: %s\n", call, vae4j_last_error());
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static float* noise(int64_t count) {
  float* values = malloc((size_t)count * sizeof *values);
  uint32_t state = 1;
  for (int64_t i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(state >> 8) / 16777216.0f;
  }
  return values;
}

/* A model, and memory for the arguments and results of a batch. */
typedef struct {
  vae4j_model* model;
  int64_t features, latent;
  float* x;
  float* mean;
  float* logvar;
  vae4j_terms* terms;
} bench;

static bench open_model(const char* path, int threads, int64_t batch) {
  bench b;
  check(vae4j_model_open(VAE4J_MODEL_ABI, path, threads, NULL, &b.model), "open");
  check(vae4j_model_size(b.model, VAE4J_FEATURES, &b.features), "size");
  check(vae4j_model_size(b.model, VAE4J_LATENT, &b.latent), "size");
  b.x = noise(batch * b.features);
  b.mean = malloc((size_t)(batch * b.latent) * sizeof(float));
  b.logvar = malloc((size_t)(batch * b.latent) * sizeof(float));
  b.terms = malloc((size_t)batch * sizeof *b.terms);
  return b;
}

static void encode(const bench* b, int64_t rows) {
  check(vae4j_model_encode(b->model, b->x, NULL, rows, b->mean, b->logvar), "encode");
}

static void score(const bench* b, int64_t rows) {
  check(vae4j_model_score(b->model, b->x, NULL, rows, 1, 0, b->terms), "score");
}

static void rate(const char* name, const bench* b, int64_t batch, double seconds,
                 void (*call)(const bench*, int64_t)) {
  for (double end = now() + seconds / 2; now() < end;) call(b, batch);
  int64_t rows = 0;
  double start = now();
  double last;
  do {
    call(b, batch);
    rows += batch;
    last = now();
  } while (last < start + seconds);
  printf("c %s %lld %.0f\n", name, (long long)batch, (double)rows / (last - start));
  fflush(stdout);
}

/* ---- Latency -------------------------------------------------------------------------------- */

enum { MOST_CALLS = 4000000 };

typedef struct {
  vae4j_model* model;
  double seconds;
  float* micros;
  int64_t calls;
} caller;

static void* call_rows(void* argument) {
  caller* own = argument;
  bench b = {own->model, 0, 0, NULL, NULL, NULL, NULL};
  check(vae4j_model_size(b.model, VAE4J_FEATURES, &b.features), "size");
  check(vae4j_model_size(b.model, VAE4J_LATENT, &b.latent), "size");
  b.x = noise(b.features);
  b.mean = malloc((size_t)b.latent * sizeof(float));
  b.logvar = malloc((size_t)b.latent * sizeof(float));
  own->micros = malloc(MOST_CALLS * sizeof(float));
  encode(&b, 1);
  double start = now();
  for (double before = start; before < start + own->seconds && own->calls < MOST_CALLS;) {
    encode(&b, 1);
    double after = now();
    own->micros[own->calls++] = (float)(1e6 * (after - before));
    before = after;
  }
  free(b.x);
  free(b.mean);
  free(b.logvar);
  return NULL;
}

static int ascending(const void* one, const void* other) {
  float a = *(const float*)one, b = *(const float*)other;
  return (a > b) - (a < b);
}

static void latency(vae4j_model* model, int callers, double seconds) {
  pthread_t* threads = calloc((size_t)callers, sizeof *threads);
  caller* all = calloc((size_t)callers, sizeof *all);
  for (int i = 0; i < callers; i++) {
    all[i].model = model;
    all[i].seconds = seconds;
    pthread_create(&threads[i], NULL, call_rows, &all[i]);
  }
  int64_t calls = 0;
  for (int i = 0; i < callers; i++) {
    pthread_join(threads[i], NULL);
    calls += all[i].calls;
  }
  float* micros = malloc((size_t)calls * sizeof *micros);
  for (int64_t i = 0, at = 0; i < callers; at += all[i++].calls) {
    memcpy(micros + at, all[i].micros, (size_t)all[i].calls * sizeof *micros);
    free(all[i].micros);
  }
  qsort(micros, (size_t)calls, sizeof *micros, ascending);
  printf("callers %d calls/s %.0f p50 %.1f p90 %.1f p99 %.1f p99.9 %.1f max %.1f us\n", callers,
         (double)calls / seconds, micros[calls / 2], micros[calls * 9 / 10],
         micros[calls * 99 / 100], micros[calls * 999 / 1000], micros[calls - 1]);
}

/* ---- Memory --------------------------------------------------------------------------------- */

static void print_memory(const char* when) {
  char line[256];
  FILE* file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "VmRSS", 5) == 0 || strncmp(line, "VmHWM", 5) == 0) {
      printf("%s %s", when, line);
    }
  }
  if (file != NULL) fclose(file);
}

static void memory(const char* path, int64_t rows) {
  print_memory("start");
  bench b = open_model(path, 1, 1);
  print_memory("open");
  for (int64_t i = 0; i < rows; i++) encode(&b, 1);
  print_memory("served");
}

int main(int count, char** arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: embedding rate|latency|memory MODEL ...\n");
    return 2;
  }
  const char* path = arguments[2];
  if (strcmp(arguments[1], "memory") == 0) {
    memory(path, atoll(arguments[3]));
  } else if (strcmp(arguments[1], "latency") == 0) {
    bench b = open_model(path, 1, 1);
    latency(b.model, atoi(arguments[3]), atof(arguments[4]));
  } else {
    for (int i = 5; i < count; i++) {
      int64_t batch = atoll(arguments[i]);
      bench b = open_model(path, atoi(arguments[3]), batch);
      rate("encode", &b, batch, atof(arguments[4]), encode);
      rate("score", &b, batch, atof(arguments[4]), score);
      vae4j_model_close(b.model);
    }
  }
  return 0;
}
