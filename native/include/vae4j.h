// SPDX-License-Identifier: Apache-2.0
/*
 * vae4j.h: the C API of libvae4j, the CPU engine of vae4j: memory, contexts and programs. The ops
 * that a program runs are in vae4j_ops.h, their mathematics in vae4j_tables.h.
 * An op is planned once for its buffers and run many times; a run allocates nothing. Every function
 * that can fail returns a vae4j_status; vae4j_last_error() then has the reason, per thread. No C++
 * exception leaves the library.
 * The caller owns buffers and frees them after the programs that use them. Only one thread at a
 * time may use a context and its programs. The same program on the same context gives the same bits
 * every time; the library's own loops have the same bits for every number of threads.
 */
#ifndef VAE4J_H
#define VAE4J_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define VAE4J_API __attribute__((visibility("default")))
#else
#define VAE4J_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum vae4j_status {
  VAE4J_OK = 0,
  VAE4J_INVALID_ARGUMENT = 1,
  VAE4J_INVALID_STATE = 2,
  VAE4J_OUT_OF_MEMORY = 3,
  VAE4J_UNSUPPORTED = 4,
  VAE4J_INTERNAL = 5
} vae4j_status;

/* The precision of matrix products; all other computation is float32. */
typedef enum vae4j_precision { VAE4J_FP32 = 0, VAE4J_TF32 = 1, VAE4J_BF16 = 2 } vae4j_precision;

/* Threads, precision and instruction set of a set of programs. */
typedef struct vae4j_context vae4j_context;

/* Ops that one call runs in order. */
typedef struct vae4j_program vae4j_program;

/* The reason why the last call on this thread failed. Never NULL; valid until the next call. */
VAE4J_API const char* vae4j_last_error(void);

/* The version of this library. */
VAE4J_API const char* vae4j_version(void);

/* The version of the loaded oneDNN. */
VAE4J_API const char* vae4j_onednn_version(void);

/* ---- Memory --------------------------------------------------------------------------------- */

/* Zeroed memory, aligned to 64 bytes or more, and its release (of NULL too). */
VAE4J_API int vae4j_allocate(size_t bytes, void** out);
VAE4J_API int vae4j_free(void* memory);

/* Copies bytes; the ranges must not overlap. */
VAE4J_API int vae4j_copy(void* target, const void* source, size_t bytes);

/* ---- Context -------------------------------------------------------------------------------- */

/*
 * threads: 0 for all cores, at most 1024; fails if the system does not give so many. isa: the
 * library's own loops as "baseline" (any x86-64), "avx2" or "avx512"; NULL for the environment
 * variable VAE4J_ISA, and without that the best of the machine.
 */
VAE4J_API int vae4j_context_create(int threads, int precision, const char* isa,
                                   vae4j_context** out);

/* The programs of the context must be destroyed before. */
VAE4J_API int vae4j_context_destroy(vae4j_context* context);

/* The device and the settings of the context. */
VAE4J_API int vae4j_context_threads(const vae4j_context* context, int* out);
VAE4J_API const char* vae4j_context_isa(const vae4j_context* context);

/* ---- Operands ------------------------------------------------------------------------------- */

typedef enum vae4j_type { VAE4J_FLOAT32 = 0, VAE4J_FLOAT64 = 1, VAE4J_UINT8 = 2 } vae4j_type;

/*
 * An operand: its elements, their vae4j_type, and the sizes of its one to four dimensions, each 1
 * or more and below 2^31; the rest of dims is 0. A missing operand is all zeros.
 */
typedef struct vae4j_tensor {
  void* data;
  int64_t type;
  int64_t dims[4];
} vae4j_tensor;

/*
 * Indices of a control block, FLOAT64, whose values change with each step. Ops read them in a run.
 */
enum {
  VAE4J_CONTROL_STEP = 0,
  VAE4J_CONTROL_EPOCH = 1,
  VAE4J_CONTROL_POSITION = 2,
  VAE4J_CONTROL_LEARNING_RATE = 3,
  VAE4J_CONTROL_BETA = 4,
  VAE4J_CONTROL_CAPACITY = 5,
  VAE4J_CONTROL_LENGTH = 8
};

/* ---- Programs ------------------------------------------------------------------------------- */

/* A program without ops, and its release (of NULL too). */
VAE4J_API int vae4j_program_create(vae4j_context* context, vae4j_program** out);
VAE4J_API int vae4j_program_destroy(vae4j_program* program);

/*
 * Checks and plans an op and appends it to the program; after a failure the program is unchanged.
 * values is the op's struct of vae4j_ops.h, bytes its size, names the names of its members in their
 * order, separated by commas, "forward.x" for member x of a struct inside. Names and bytes are
 * compared with those of the library: a struct of another order or version is refused. The struct
 * and its texts are read during the call only. The functions vae4j_plan_... of vae4j_ops.h make the
 * call in C and C++.
 */
VAE4J_API int vae4j_program_add(vae4j_program* program, const char* op, const char* names,
                                const void* values, size_t bytes);

/* Runs the ops in order; stops at the first that fails. */
VAE4J_API int vae4j_program_run(vae4j_program* program);

#ifdef __cplusplus
}
#endif

#endif
