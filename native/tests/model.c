// SPDX-License-Identifier: Apache-2.0
/*
 * Calls of vae4j_model.h by lines of text, for EmbeddedModelTest, which compares their results with
 * Java's. usage: model PATH ISA THREADS [together|forked]; a line of the input is
 *   CALL ROWS SAMPLES SEED INPUT CONDITION OUTPUT
 * with files of floats, and "-" for no condition. The input of the call "rows" is a text with a
 * cell in each line, "-" for a missing one. The output has the arrays of the call, one after the
 * other.
 * together: no output; 8 threads make all calls at once, several times, and their results must have
 * the bits of those of one thread.
 * forked: a child of fork() makes the calls. With several threads those of the parent's model must
 * fail there, and a model that the child opens with one thread makes them.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vae4j_model.h"

enum { MOST_REQUESTS = 64, CALLERS = 8, ROUNDS = 5 };

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
  char call[32];
  int64_t rows;
  int64_t samples;
  int64_t seed;
  float* input;
  float* condition;
  const char** cells; /* of the call "rows", in one block with their texts */
  char output[1024];
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
  if (strcmp(r->call, "rows") == 0) {
    out[0] = allocate(r->rows, sizeof(vae4j_row_score));
    return vae4j_model_score_row(model, r->cells, r->rows, r->samples, r->seed, out[0].data);
  }
  fprintf(stderr, "there is no call %s\n", r->call);
  exit(1);
}

static const char** read_cells(const char* path, int64_t count) {
  enum { LENGTH = 256 };
  const char** cells = calloc((size_t)count + 1, sizeof *cells + LENGTH);
  char* text = (char*)(cells + count + 1);
  FILE* file = fopen(path, "r");
  for (int64_t i = 0; i < count; i++, text += LENGTH) {
    if (file == NULL || fgets(text, LENGTH, file) == NULL) {
      fprintf(stderr, "%s: expected %lld cells\n", path, (long long)count);
      exit(1);
    }
    text[strcspn(text, "\n")] = '\0';
    cells[i] = strcmp(text, "-") == 0 ? NULL : text;
  }
  fclose(file);
  return cells;
}

static void write_results(const char* path, const result* results, int count) {
  FILE* file = fopen(path, "wb");
  for (int i = 0; i < count; i++) {
    if (file == NULL || fwrite(results[i].data, 1, results[i].bytes, file) != results[i].bytes) {
      fprintf(stderr, "%s cannot be written\n", path);
      exit(1);
    }
  }
  fclose(file);
}

static request read_request(const vae4j_model* model, const char* line) {
  char input[1024], condition[1024];
  long long rows, samples, seed;
  request r = {.input = NULL};
  if (sscanf(line, "%31s %lld %lld %lld %1023s %1023s %1023s", r.call, &rows, &samples, &seed,
             input, condition, r.output) != 7) {
    fprintf(stderr, "expected a call, given %s\n", line);
    exit(1);
  }
  r.rows = rows;
  r.samples = samples;
  r.seed = seed;
  if (strcmp(r.call, "rows") == 0) {
    r.cells = read_cells(input, rows * size(model, VAE4J_COLUMNS));
    return r;
  }
  int of_codes = strcmp(r.call, "decode") == 0 || strcmp(r.call, "draw") == 0 ||
                 strcmp(r.call, "parameters") == 0;
  int64_t columns = size(model, of_codes ? VAE4J_LATENT : VAE4J_FEATURES);
  r.input = read_floats(input, (size_t)(rows * columns));
  r.condition = read_floats(condition, (size_t)(rows * size(model, VAE4J_CONDITIONS)));
  return r;
}

static void free_request(request* r) {
  free(r->input);
  free(r->condition);
  free(r->cells);
}

static void free_results(result results[2]) {
  free(results[0].data);
  free(results[1].data);
}

static void answer(const vae4j_model* model, const char* line) {
  request r = read_request(model, line);
  result out[2] = {{NULL, 0}, {NULL, 0}};
  if (call(model, &r, out) != VAE4J_OK) fail(r.call);
  write_results(r.output, out, 2);
  free_results(out);
  free_request(&r);
}

/* The calls that threads make at once, with the results of one thread. */
typedef struct {
  const vae4j_model* model;
  int count;
  request requests[MOST_REQUESTS];
  result expected[MOST_REQUESTS][2];
} work;

typedef struct {
  const work* shared;
  int number;
  int wrong;
} caller;

/* Each caller begins with another call. */
static void* make_calls(void* argument) {
  caller* own = argument;
  const work* shared = own->shared;
  for (int i = 0; i < ROUNDS * shared->count; i++) {
    int chosen = (i + own->number) % shared->count;
    const request* r = &shared->requests[chosen];
    result out[2] = {{NULL, 0}, {NULL, 0}};
    if (call(shared->model, r, out) != VAE4J_OK) {
      fprintf(stderr, "thread %d: %s: %s\n", own->number, r->call, vae4j_last_error());
      own->wrong++;
    }
    for (int k = 0; k < 2; k++) {
      const result* expected = &shared->expected[chosen][k];
      if (expected->bytes > 0 && memcmp(out[k].data, expected->data, expected->bytes) != 0) {
        fprintf(stderr, "thread %d: %s of %lld rows: other bits than those of one thread\n",
                own->number, r->call, (long long)r->rows);
        own->wrong++;
      }
    }
    free_results(out);
  }
  return NULL;
}

static int call_together(const vae4j_model* model) {
  static work shared;
  shared.model = model;
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (shared.count == MOST_REQUESTS) {
      fprintf(stderr, "expected at most %d calls\n", MOST_REQUESTS);
      return 1;
    }
    request* r = &shared.requests[shared.count];
    *r = read_request(model, line);
    if (call(model, r, shared.expected[shared.count++]) != VAE4J_OK) fail(r->call);
  }
  pthread_t threads[CALLERS];
  caller callers[CALLERS];
  for (int i = 0; i < CALLERS; i++) {
    callers[i] = (caller){&shared, i, 0};
    if (pthread_create(&threads[i], NULL, make_calls, &callers[i]) != 0) {
      fprintf(stderr, "thread %d cannot be started\n", i);
      exit(1);
    }
  }
  int wrong = 0;
  for (int i = 0; i < CALLERS; i++) {
    pthread_join(threads[i], NULL);
    wrong += callers[i].wrong;
  }
  for (int i = 0; i < shared.count; i++) {
    free_results(shared.expected[i]);
    free_request(&shared.requests[i]);
  }
  printf("%d threads, %d calls each, %d wrong\n", CALLERS, ROUNDS * shared.count, wrong);
  return wrong > 0 || shared.count == 0;
}

static void answer_all(const vae4j_model* model) {
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) answer(model, line);
}

static void expect_no_workers(int status, const char* call) {
  if (status == VAE4J_UNSUPPORTED && strstr(vae4j_last_error(), "forked") != NULL) return;
  fprintf(stderr, "%s: expected no threads of the parent, given status %d\n", call, status);
  exit(1);
}

static void use_in_child(const vae4j_model* model, char** arguments) {
  alarm(60);
  if (atoi(arguments[3]) == 1) {
    answer_all(model);
    exit(0);
  }
  vae4j_model* own = NULL;
  float* z = calloc((size_t)size(model, VAE4J_LATENT), sizeof *z);
  float* x = calloc((size_t)size(model, VAE4J_FEATURES), sizeof *x);
  expect_no_workers(vae4j_model_decode(model, z, NULL, 1, x), "decode");
  free(z);
  free(x);
  expect_no_workers(vae4j_model_open(VAE4J_MODEL_ABI, arguments[1], 2, arguments[2], &own), "open");
  if (vae4j_model_open(VAE4J_MODEL_ABI, arguments[1], 1, arguments[2], &own) != VAE4J_OK) {
    fail("open");
  }
  answer_all(own);
  vae4j_model_close(own);
  exit(0);
}

static int call_in_child(const vae4j_model* model, char** arguments) {
  pid_t child = fork();
  if (child == 0) use_in_child(model, arguments);
  int status = 1;
  return waitpid(child, &status, 0) != child || status != 0;
}

int main(int count, char** arguments) {
  const char* mode = count == 5 ? arguments[4] : "";
  int together = strcmp(mode, "together") == 0;
  int forked = strcmp(mode, "forked") == 0;
  if (count != 4 && !together && !forked) {
    fprintf(stderr, "usage: model PATH ISA THREADS [together|forked]\n");
    return 2;
  }
  vae4j_model* model;
  if (vae4j_model_open(VAE4J_MODEL_ABI, arguments[1], atoi(arguments[3]), arguments[2], &model) !=
      VAE4J_OK) {
    fail("open");
  }
  int status = 0;
  if (together) {
    status = call_together(model);
  } else if (forked) {
    status = call_in_child(model, arguments);
  } else {
    answer_all(model);
  }
  vae4j_model_close(model);
  return status;
}
