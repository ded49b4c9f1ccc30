// SPDX-License-Identifier: Apache-2.0
/** How fast a training step is here, against what the machine's matrix products allow. */
@NullMarked
package io.github.vae4j.bench;

import org.jspecify.annotations.NullMarked;
