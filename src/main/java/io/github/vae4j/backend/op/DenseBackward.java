package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link Dense}: {@code dv = dy * activation'(v)}, {@code dx = dv W^T}, {@code dW
 * = x^T dv}, {@code dbias = sum over rows of dv}. Gradients are overwritten, not added to. The
 * derivative is computed from y, or from v where the activation needs it.
 *
 * @param x FLOAT32 (batch, inputs)
 * @param weight FLOAT32 (inputs, outputs)
 * @param y FLOAT32 (batch, outputs): the forward result, or v where the activation needs it
 * @param dy FLOAT32 (batch, outputs); holds dv afterwards
 * @param dx FLOAT32 (batch, inputs); null where the input needs no gradient
 * @param dWeight FLOAT32 (inputs, outputs)
 * @param dBias FLOAT32 (outputs)
 * @param batch B
 * @param inputs I
 * @param outputs O
 * @param activation the function
 */
public record DenseBackward(
    Buffer x,
    Buffer weight,
    Buffer y,
    Buffer dy,
    @Nullable Buffer dx,
    Buffer dWeight,
    Buffer dBias,
    int batch,
    int inputs,
    int outputs,
    Activation activation)
    implements Op {}
