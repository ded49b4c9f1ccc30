// SPDX-License-Identifier: Apache-2.0
/** Models in a service: its class path, its Java, and the folder of its native libraries. */
@NullMarked
package io.github.vae4j.service;

import org.jspecify.annotations.NullMarked;
