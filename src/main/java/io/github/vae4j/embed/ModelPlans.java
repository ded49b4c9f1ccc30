// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.infer.EvaluationOps;
import io.github.vae4j.latent.DecoderPass;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.NetStage;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plans of a model for fixed {@link Sizes}. */
final class ModelPlans {
  private final RecordingBackend backend = new RecordingBackend();
  private final VaeSpec spec;
  private final Sizes sizes;
  private final Memory memory;
  private final Pass pass;

  ModelPlans(VaeSpec spec, Sizes sizes) {
    this.spec = spec;
    this.sizes = sizes;
    ParameterLayout layout = new ParameterLayout(spec);
    Buffer all = backend.allocate(DType.FLOAT32, layout.length());
    memory = all.memory();
    pass = new Pass(backend, new Arena(), Parameters.of(layout, all), null);
  }

  /** The memory of the weights. */
  Memory parameters() {
    return memory;
  }

  /** All plans, in the order of their text. */
  List<Plan> all() {
    List<Plan> plans = new ArrayList<>();
    plans.add(score("score", null));
    plans.add(score("score_masked", rows(spec.features())));
    plans.add(decode());
    if (spec.latents().prior().posteriors() > 0) {
      plans.add(net("components", pass.parameters().tensor(ParameterLayout.PSEUDO_INPUTS), true));
    }
    if (spec.latents().top() != null) {
      plans.add(net("above", rows(spec.latents().top().latent()), false));
    }
    return plans;
  }

  private Tensor rows(int columns) {
    return pass.tensor(sizes.batch(), columns);
  }

  private @Nullable Tensor condition() {
    return spec.conditions() == 0 ? null : rows(spec.conditions());
  }

  /** Encodes rows, then samples and scores them. */
  private Plan score(String name, @Nullable Tensor mask) {
    Control control = new Control(backend.allocate(DType.FLOAT64, Control.LENGTH));
    Rows rows = new Rows(rows(spec.features()), mask, condition());
    LatentStage.Noise noise =
        new LatentStage.Noise(control, sizes.seed(), Stream.EVALUATE, /* equal= */ false);
    EvaluationOps ops = new EvaluationOps(pass, spec, rows, noise, sizes.samples());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("x", rows.x());
    putIfThere(tensors, "mask", mask);
    putIfThere(tensors, "condition", rows.condition());
    tensors.put("control", new Tensor(control.buffer(), Control.LENGTH));
    tensors.put("head", ops.head());
    tensors.put("z", ops.levels().get(0).z());
    tensors.put("kl", ops.kl());
    tensors.put("log_ratio", ops.logRatio());
    tensors.put("output", ops.output());
    tensors.put("nll", ops.nll());
    tensors.put("weights", ops.weights());
    Map<String, List<Op>> programs = new LinkedHashMap<>();
    programs.put("encode", ops.encode());
    programs.put("sample", ops.sample());
    programs.put("score", ops.score());
    return new Plan(name, tensors, programs);
  }

  private Plan decode() {
    Tensor z = rows(spec.latent());
    @Nullable Tensor condition = condition();
    DecoderPass decoder = new DecoderPass(pass, z, condition);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", z);
    putIfThere(tensors, "condition", condition);
    tensors.put("output", decoder.output());
    return new Plan("decode", tensors, Map.of("decode", decoder.forward()));
  }

  /** A net on its own: the encoder of a VampPrior's pseudo-inputs, or the decoder from the top. */
  private Plan net(String name, Tensor input, boolean encoder) {
    ParameterLayout layout = pass.parameters().layout();
    NetStage net = new NetStage(pass, encoder ? layout.encoder() : layout.topDecoder(), input);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("input", input);
    tensors.put("output", net.output());
    return new Plan(name, tensors, Map.of(name, net.forward()));
  }

  private static void putIfThere(Map<String, Tensor> to, String name, @Nullable Tensor tensor) {
    if (tensor != null) {
      to.put(name, tensor);
    }
  }
}
