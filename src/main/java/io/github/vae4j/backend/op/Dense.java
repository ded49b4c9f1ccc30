package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A dense layer: {@code v = x W + bias}, {@code y = activation(v)}.
 *
 * @param x FLOAT32 (batch, inputs)
 * @param weight FLOAT32 (inputs, outputs)
 * @param bias FLOAT32 (outputs)
 * @param preactivation FLOAT32 (batch, outputs), receives v; given exactly where {@link
 *     Activation#needsPreactivation} says so
 * @param y FLOAT32 (batch, outputs)
 * @param batch B
 * @param inputs I
 * @param outputs O
 * @param activation the function
 */
public record Dense(
    Buffer x,
    Buffer weight,
    Buffer bias,
    @Nullable Buffer preactivation,
    Buffer y,
    int batch,
    int inputs,
    int outputs,
    Activation activation)
    implements Op {}
