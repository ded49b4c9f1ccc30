// SPDX-License-Identifier: Apache-2.0
/**
 * The run on a GPU machine ({@code tests/gpu/run.sh}): its stages, their programs, their results,
 * and the page of the results. The same run on the emulated device is one of the tests.
 */
@NullMarked
package io.github.vae4j.gpu;

import org.jspecify.annotations.NullMarked;
