// SPDX-License-Identifier: Apache-2.0
/** Files as this machine has them: writing them whole, and the reasons why that fails. */
@NullMarked
package io.github.vae4j.files;

import org.jspecify.annotations.NullMarked;
