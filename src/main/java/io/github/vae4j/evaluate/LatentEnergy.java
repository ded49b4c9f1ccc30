package io.github.vae4j.evaluate;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.Joined;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * -log p(x|z) and its gradient in z, for a batch of rows with several codes each, planned and
 * recorded once: decoder, likelihood, decoder backwards. The gradient of the weights, which the
 * backward pass gives as well, is not used. A smaller batch is padded with zeros.
 */
final class LatentEnergy implements AutoCloseable {
  private final Arena arena = new Arena();
  private final StagedRows values;
  private final Replay gather;
  private final Replay passes;
  private final Buffer z;
  private final Buffer nll;
  private final Buffer dz;
  private final ByteBuffer codesHost;
  private final ByteBuffer nllHost;

  /**
   * Plans the passes.
   *
   * @param batch rows of data
   * @param chains codes a row
   */
  LatentEnergy(
      Ops ops,
      VaeSpec spec,
      ParameterLayout layout,
      Buffer parameters,
      DataSet data,
      int batch,
      int chains) {
    try {
      int features = spec.features();
      int rows = Math.multiplyExact(batch, chains);
      codesHost = host(Math.multiplyExact(rows, spec.latent() * Float.BYTES));
      nllHost = host(rows * Float.BYTES);
      Control control = new Control(arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH)));
      values = new StagedRows(ops, arena, spec, data, batch, control);
      gather = arena.own(ops.record(values.gathers()));
      z = ops.floats(arena, rows, spec.latent());
      dz = ops.floats(arena, rows, spec.latent());
      nll = ops.floats(arena, rows, 1);
      Buffer unused = ops.floats(arena, 1, layout.length());
      Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(features));
      Buffer condition = values.condition();
      Joined code =
          new Joined(ops, arena, z, spec.latent(), condition, spec.conditions(), rows, chains);
      Buffer dCode = code.gradient(dz);
      DenseStack decoder =
          new DenseStack(
              ops, arena, layout.decoder(), spec.decoder(), parameters, code.input(), rows);
      List<PreparedOp> all = new ArrayList<>(code.forward());
      all.addAll(decoder.forward());
      all.add(
          arena.own(
              ops.likelihood(
                  new LikelihoodLoss(
                      FixedVariance.of(spec.likelihood()),
                      decoder.output(),
                      layout.shared(parameters),
                      values.values(),
                      values.mask(),
                      null,
                      nll,
                      dOutput,
                      layout.shared(unused),
                      batch,
                      chains,
                      features,
                      1f))));
      all.addAll(decoder.backward(unused, dOutput, dCode));
      all.addAll(code.backward(dCode, dz));
      passes = arena.own(ops.record(all));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static ByteBuffer host(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Chooses the rows that codes are for. */
  void read(int first, int count) {
    values.read(first, count);
    gather.run();
  }

  /**
   * The energy of codes.
   *
   * @param codes (batch * chains, latent)
   * @param energies (batch * chains), filled with -log p(x|z)
   * @param gradients like codes, filled with its gradient
   */
  void evaluate(float[] codes, float[] energies, float[] gradients) {
    codesHost.clear().asFloatBuffer().put(codes);
    z.memory().write(z.byteOffset(), codesHost);
    passes.run();
    nll.memory().read(nll.byteOffset(), nllHost.clear());
    nllHost.flip().asFloatBuffer().get(energies);
    dz.memory().read(dz.byteOffset(), codesHost.clear());
    codesHost.flip().asFloatBuffer().get(gradients);
  }

  @Override
  public void close() {
    arena.close();
  }
}
