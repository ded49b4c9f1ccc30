// SPDX-License-Identifier: Apache-2.0
/** The backend in native code on the CPU: libvae4j through JavaCPP. */
@NullMarked
package io.github.vae4j.backend.cpu;

import org.jspecify.annotations.NullMarked;
