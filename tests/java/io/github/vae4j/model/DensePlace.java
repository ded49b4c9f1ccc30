// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/**
 * The places of the weight and the bias of a dense layer in a flat arena.
 *
 * @param name of the layer
 * @param inputs I
 * @param outputs O
 * @param weightOffset of the (inputs, outputs) weight, in elements
 * @param biasOffset of the (outputs) bias, in elements
 */
public record DensePlace(String name, int inputs, int outputs, int weightOffset, int biasOffset) {
  /** The dense layers of a net, its head the last. */
  public static List<DensePlace> of(ParameterLayout layout, Net net) {
    return net.layers().stream()
        .filter(placed -> placed.layer().activation() != null)
        .map(
            placed ->
                new DensePlace(
                    placed.name(),
                    placed.input().size(),
                    placed.output().size(),
                    layout.place(placed.name() + ".weight").offset(),
                    layout.place(placed.name() + ".bias").offset()))
        .toList();
  }

  /** The dense layers of a model's encoder. */
  public static List<DensePlace> encoder(ParameterLayout layout) {
    return of(layout, layout.encoder());
  }

  /** The dense layers of a model's decoder. */
  public static List<DensePlace> decoder(ParameterLayout layout) {
    return of(layout, layout.decoder());
  }
}
