// SPDX-License-Identifier: Apache-2.0
/** What a model is: its specification, its parameters and its forward and backward passes. */
@NullMarked
package io.github.vae4j.model;

import org.jspecify.annotations.NullMarked;
