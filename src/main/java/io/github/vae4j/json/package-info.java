// SPDX-License-Identifier: Apache-2.0
/** JSON as a tree, read and written by the streams of jackson-core. */
@NullMarked
package io.github.vae4j.json;

import org.jspecify.annotations.NullMarked;
