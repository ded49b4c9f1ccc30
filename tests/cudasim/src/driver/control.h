// SPDX-License-Identifier: Apache-2.0
// The C functions of the emulated device that are not CUDA's.
#pragma once

#define CUDASIM_CONTROL extern "C" __attribute__((visibility("default")))

// "call:number=code,...": that call returns that code. "launch:5=719": the fifth kernel or matmul
// that runs fails, sticky. "*" for every call. Counted from here on. Empty: no faults. 0, or 1 where
// the text is wrong.
CUDASIM_CONTROL int cudasim_set_faults(const char* text);
CUDASIM_CONTROL void cudasim_reset_counts(void);
CUDASIM_CONTROL void cudasim_profile_kernels(int on);
// These two return the size needed, with the final zero.
CUDASIM_CONTROL int cudasim_profile_json(char* out, int size);
CUDASIM_CONTROL int cudasim_report(char* out, int size);
CUDASIM_CONTROL void cudasim_clear_report(void);
// memory (bytes), driver (13000), capability (90), devices, judge, eager, order (0 as submitted, 1
// late, 2 early), interleave (seed, 0 none), shadow (bytes, 0 none), quiet, oplimit. 0 if known.
CUDASIM_CONTROL int cudasim_set_option(const char* name, long long value);

// "lt.refuse=status15,copy.late=on": the choice among the behaviours of real devices. README.md has the
// list. Empty: the defaults. Returns 0, or 1 if the text is wrong; then nothing changes.
CUDASIM_CONTROL int cudasim_set_switches(const char* text);
// Frees the objects that end with a process: the primary context, if only cuBLASLt's CUDA runtime still
// retains it, with its remaining objects and a sticky error.
CUDASIM_CONTROL void cudasim_new_process(void);

// For the other stand-in libraries.
typedef int (*cudasim_job)(void* data, char* text, int size); // 0, or a sticky error and its text
CUDASIM_CONTROL int cudasim_library_enter(const char* name); // counts; 0, or the code of a fault
CUDASIM_CONTROL void cudasim_library_report(const char* text);
CUDASIM_CONTROL int cudasim_library_context(void); // 0 where a context is current and healthy
CUDASIM_CONTROL int cudasim_library_switch(const char* name); // the place of its value
CUDASIM_CONTROL int cudasim_library_capability(void);
// Objects that count as leaked where they are alive when a context ends.
CUDASIM_CONTROL void cudasim_library_own(const void* object, const char* kind);
CUDASIM_CONTROL void cudasim_library_drop(const void* object);
CUDASIM_CONTROL void cudasim_library_retain(void); // the primary context, until the process ends
CUDASIM_CONTROL int cudasim_library_synchronize(void);
CUDASIM_CONTROL void* cudasim_library_translate(unsigned long long address, unsigned long long bytes);
// Of bytes in one allocation: how many were written before the first that was not; and that they are written now.
CUDASIM_CONTROL unsigned long long cudasim_library_written(unsigned long long address, unsigned long long bytes);
CUDASIM_CONTROL void cudasim_library_wrote(unsigned long long address, unsigned long long bytes);
CUDASIM_CONTROL int cudasim_library_describe(unsigned long long address, char* out, int size);
// Runs the job in stream order, or records it. Takes the data over. A CUresult.
CUDASIM_CONTROL int cudasim_library_submit(void* stream, const char* name, cudasim_job job, void* data,
                                           void (*drop)(void*));
