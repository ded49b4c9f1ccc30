package io.github.vae4j.backend.op;

/**
 * The closed set of ops. A record holds an op's operands and sizes and states its mathematics;
 * {@link io.github.vae4j.backend.Ops} checks them, a {@link io.github.vae4j.backend.Backend}
 * computes them. All matrices are row-major and dense, written (rows, columns). All sums over a
 * batch run in a fixed order.
 */
public sealed interface Op
    permits AdamUpdate,
        Copy,
        Dense,
        DenseBackward,
        Fill,
        Gather,
        GlobalNorm,
        ImportanceWeights,
        LikelihoodLoss,
        RecordMetrics,
        Reparameterize,
        ReparameterizeBackward,
        SampleWeights {}
