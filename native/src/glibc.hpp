// SPDX-License-Identifier: Apache-2.0
// Included before every source. The library is to load with an older glibc than the one it is linked
// with: glibc has these functions under their first version too, with the same results, and the
// linker would choose the last one. NativeLibraryTest checks the version that the library needs.
#pragma once

#include <features.h>

#ifdef __GLIBC__
#ifdef __x86_64__
#define VAE4J_FIRST "GLIBC_2.2.5"
#else
#define VAE4J_FIRST "GLIBC_2.17"
#endif
#define VAE4J_FIRST_VERSION(function) __asm__(".symver " #function "," #function "@" VAE4J_FIRST)
// 2.29: without the wrapper that sets errno.
VAE4J_FIRST_VERSION(exp);
VAE4J_FIRST_VERSION(log);
VAE4J_FIRST_VERSION(pow);
// 2.34: moved from libpthread to libc.
VAE4J_FIRST_VERSION(pthread_create);
VAE4J_FIRST_VERSION(pthread_join);
VAE4J_FIRST_VERSION(pthread_once);
#undef VAE4J_FIRST_VERSION
#undef VAE4J_FIRST
#endif
