// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import org.jspecify.annotations.Nullable;

/**
 * What {@code vae.json} says.
 *
 * @param model the model
 * @param training how it was trained; null where that is not known
 * @param data what it was trained on; null where that is not known
 */
public record RunFile(VaeSpec model, @Nullable TrainConfig training, @Nullable DataSource data) {}
