// SPDX-License-Identifier: Apache-2.0
/** A model as data: its specification, its layers and its parameters' names, shapes and places. */
@NullMarked
package io.github.vae4j.model;

import org.jspecify.annotations.NullMarked;
