package io.github.vae4j.backend.op;

/**
 * The closed set of ops. A record holds an op's operands and sizes and states its mathematics;
 * {@link io.github.vae4j.backend.Ops} checks them, a {@link io.github.vae4j.backend.Backend}
 * computes them. All matrices are row-major and dense, written (rows, columns). All sums over a
 * batch run in a fixed order.
 */
public sealed interface Op
    permits AdamUpdate,
        Add,
        Copy,
        CopyColumns,
        Dense,
        DenseBackward,
        Fill,
        Gather,
        GaussianPrior,
        GaussianPriorBackward,
        GlobalNorm,
        ImportanceWeights,
        LikelihoodLoss,
        MmdPenalty,
        MixturePrior,
        MixturePriorBackward,
        PlanarFlow,
        PlanarFlowBackward,
        RecordMetrics,
        Reparameterize,
        ReparameterizeBackward,
        SampleWeights,
        TotalCorrelation,
        TotalCorrelationBackward,
        SampledKl,
        TriangularMap,
        TriangularMapBackward {}
