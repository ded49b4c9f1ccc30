// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.latent.DecoderPass;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * -log p(x|z) and its gradient in z, for a batch of rows with several codes each, compiled once:
 * decoder, likelihood, backward pass of the decoder. The backward pass also computes the gradient
 * of the weights, which is not used. A smaller batch is padded with zeros.
 */
final class LatentEnergy implements AutoCloseable {
  private final Arena arena = new Arena();
  private final StagedRows.Source source;
  private final StagedRows values;
  private final Program gather;
  private final Program passes;
  private final Tensor z;
  private final Tensor nll;
  private final Tensor dz;
  private final ByteBuffer codesHost;
  private final ByteBuffer nllHost;

  /**
   * Plans the passes.
   *
   * @param batch rows of data
   * @param chains number of codes per row
   */
  LatentEnergy(
      Backend backend, VaeSpec spec, Parameters parameters, DataSet data, int batch, int chains) {
    try {
      int rows = Math.multiplyExact(batch, chains);
      codesHost = host(Math.multiplyExact(rows, spec.latent() * Float.BYTES));
      nllHost = host(rows * Float.BYTES);
      Control control = new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
      source = StagedRows.Source.of(spec, data);
      values = new StagedRows(backend, arena, source.form(), batch, control);
      gather = arena.own(backend.compile(values.gathers()));
      z = backend.tensor(arena, batch, chains, spec.latent());
      dz = backend.tensor(arena, batch, chains, spec.latent());
      nll = backend.tensor(arena, batch, chains);
      Parameters unused =
          parameters.gradients(backend.tensor(arena, parameters.layout().trained()).buffer());
      Rows given = values.rows();
      DecoderPass decoder =
          new DecoderPass(new Pass(backend, arena, parameters, null), z, given.condition());
      Likelihood fixed = FixedVariance.of(spec.likelihood());
      List<Op> all = new ArrayList<>(decoder.forward());
      all.addAll(decoder.lossAndBackward(fixed, given, null, nll, unused, dz, 1f));
      passes = arena.own(backend.compile(all));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static ByteBuffer host(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Reads the rows to which the codes belong. */
  void read(int first, int count) {
    values.read(source, first, count);
    gather.run();
  }

  /**
   * The energy of codes.
   *
   * @param codes (batch * chains, latent)
   * @param energies (batch * chains), receives -log p(x|z)
   * @param gradients like codes, receives the gradient of -log p(x|z)
   */
  void evaluate(float[] codes, float[] energies, float[] gradients) {
    codesHost.clear().asFloatBuffer().put(codes);
    z.buffer().memory().write(z.buffer().byteOffset(), codesHost);
    passes.run();
    nll.buffer().memory().read(nll.buffer().byteOffset(), nllHost.clear());
    nllHost.flip().asFloatBuffer().get(energies);
    dz.buffer().memory().read(dz.buffer().byteOffset(), codesHost.clear());
    codesHost.flip().asFloatBuffer().get(gradients);
  }

  @Override
  public void close() {
    arena.close();
  }
}
