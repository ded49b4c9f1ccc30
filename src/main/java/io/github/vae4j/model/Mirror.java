// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The decoder of an encoder, {@link Layers#mirrored(List, Shape)}. */
final class Mirror {
  /** A layer that changes the shape, and the layers after it that do not. */
  private record Segment(Net.Placed placed, List<Layer> followers) {
    List<Layer> reversed(Activation activation) {
      return Layers.with(
          Net.named(placed.name(), () -> placed.layer().reversed(placed.input())), activation);
    }
  }

  private final List<Segment> segments = new ArrayList<>();
  private final List<Layer> decoder = new ArrayList<>();

  private Mirror() {}

  static List<Layer> of(List<Layer> encoder, Shape input) {
    int end = encoder.size();
    @Nullable Layer head = end > 0 && encoder.get(end - 1).isHead() ? encoder.get(end - 1) : null;
    List<Layer> hidden = encoder.subList(0, head == null ? end : end - 1);
    int first = 0;
    while (first < hidden.size() && !hidden.get(first).reshapes()) {
      first++;
    }
    Mirror mirror = new Mirror();
    mirror.segment(Net.ofLayers("encoder", first, input, hidden.subList(first, hidden.size())));
    if (!mirror.segments.isEmpty()) {
      mirror.enter(head);
      mirror.leave();
    }
    return List.copyOf(mirror.decoder);
  }

  private void segment(Net net) {
    for (Net.Placed placed : net.layers()) {
      if (placed.layer().reshapes()) {
        segments.add(new Segment(placed, new ArrayList<>()));
      } else {
        segments.get(segments.size() - 1).followers().add(placed.layer());
      }
    }
  }

  /** The layers from a code to the shape of the encoder's last hidden layer. */
  private void enter(@Nullable Layer head) {
    int last = segments.size() - 1;
    Shape shape = segments.get(last).placed().output();
    Activation activation = activation(last);
    if (head != null) {
      decoder.addAll(Layers.with(head.reversed(shape), activation));
    } else {
      decoder.add(new Layer.Dense(shape.size(), activation));
      if (!shape.isFlat() || segments.get(last).placed().layer().spatial()) {
        decoder.add(new ReshapeLayer(shape));
      }
    }
    decoder.addAll(segments.get(last).followers());
  }

  private void leave() {
    for (int i = segments.size() - 1; i > 0; i--) {
      decoder.addAll(segments.get(i).reversed(activation(i - 1)));
      Shape shape = segments.get(i).placed().input();
      boolean image = segments.get(i - 1).placed().layer().spatial();
      if (image && shape.isFlat() && Net.isFlat(false, decoder)) {
        decoder.add(new ReshapeLayer(shape));
      }
      decoder.addAll(segments.get(i - 1).followers());
    }
    Net.Placed first = segments.get(0).placed();
    @Nullable Layer head = first.layer().reversedHead(first.input());
    if (head != null) {
      decoder.add(head);
    } else if (first.layer().spatial()) {
      decoder.addAll(segments.get(0).reversed(Activation.IDENTITY));
    }
  }

  /** The activation of a segment, or of the one before it that has one. */
  private Activation activation(int segment) {
    for (int i = segment; i >= 0; i--) {
      Activation activation = segments.get(i).placed().layer().activation();
      if (activation != null) {
        return activation;
      }
    }
    return Activation.IDENTITY;
  }
}
