// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.vae4j.export.LikelihoodGraph.Parameters;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The graphs of a model: encoder, decoder, score. */
final class OnnxGraphs {
  private static final String SAMPLES = "samples";

  private final VaeSpec spec;
  private final ParameterLayout layout;
  private final float[] flat;
  private final boolean bytes;

  /** The shape of a row as an image, if a layer takes images. */
  private final @Nullable Shape image;

  /**
   * The graphs of a model.
   *
   * @param spec the model
   * @param flat its weights
   * @param bytes whether rows are bytes, of which the model has the 255th part
   */
  OnnxGraphs(VaeSpec spec, float[] flat, boolean bytes) {
    this.spec = spec;
    this.flat = flat;
    this.bytes = bytes;
    layout = new ParameterLayout(spec);
    boolean spatial =
        Stream.concat(spec.encoder().stream(), spec.decoder().stream()).anyMatch(Layer::spatial);
    image = spatial && spec.image() != null ? Shape.of(spec.image()) : null;
  }

  /** Rows to means and log variances of their codes. */
  ModelProto encoder(String version, Map<String, String> metadata) {
    Building building = new Building("encoder", List.of("mean", "logvar"));
    RowGraph rows = building.inputs.rows();
    @Nullable Value condition = building.inputs.condition();
    PosteriorGraphs.Head head = building.head(rows, condition);
    PosteriorGraphs.Code code = PosteriorGraphs.code(spec.latents().posterior(), head);
    building.outputCode("mean", refusing(code.mean(), condition, rows.whole()));
    building.outputCode("logvar", refusing(code.logvar(), condition, rows.whole()));
    return building.graph.model(version, metadata);
  }

  /** Codes to the parameters of the likelihood and to the mean of x. */
  ModelProto decoder(String version, Map<String, String> metadata) {
    Building building = new Building("decoder", List.of("z", "parameters", "mean", "shared"));
    Shape codes = spec.codeShape();
    Value z =
        building.graph.input(
            "z", ElementType.FLOAT, dims(codes.isFlat() ? null : codes, spec.latent()));
    Value ordered = codes.isFlat() ? z : Signal.image(z, codes).ordered(1);
    @Nullable Value condition = building.inputs.condition();
    Parameters parameters = building.decode(ordered.withAxes(1), condition);
    building.outputParameters(parameters, condition);
    Value mean = LikelihoodGraphs.mean(spec.likelihood(), parameters);
    building.outputRow("mean", refusing(mean.reshape(0, spec.features()), condition));
    Value shared = parameters.shared();
    if (shared != null) {
      building.graph.output("shared", shared, List.of(spec.likelihood().shared(spec.features())));
    }
    return building.graph.model(version, metadata);
  }

  /** Rows and draws of N(0, 1) to the anomaly score and its terms. */
  ModelProto score(String version, Map<String, String> metadata) {
    Building building =
        new Building("score", List.of("eps", "eps_top", "score", "reconstruction", "kl"));
    RowGraph rows = building.inputs.rows();
    @Nullable Value condition = building.inputs.condition();
    Value eps = building.noise("eps", spec.latent());
    PosteriorGraphs.Head head = building.head(rows, condition);
    PosteriorGraphs.Drawn drawn = PosteriorGraphs.drawn(spec.latents().posterior(), head, eps);
    Value divergence = building.kl(head, drawn).withAxes(1);
    Value kl = refusing(divergence, condition, rows.whole()).reshape(-1);
    Parameters parameters = building.decode(drawn.z(), condition);
    Value present = rows.present();
    Value nll =
        LikelihoodGraphs.nll(
                spec.likelihood(),
                parameters,
                rows.x().withAxes(1),
                present == null ? null : present.withAxes(1),
                building.inputs::oneHot)
            .mean(1);
    Value slopes = rows.slopes();
    Value likely = slopes == null ? nll.negative() : slopes.minus(nll);
    Value score = kl.as(ElementType.DOUBLE).minus(likely);
    Value reconstruction =
        refusing(likely.as(ElementType.FLOAT).withAxes(1), condition, rows.whole()).reshape(-1);
    List<Object> each = List.of(Graph.BATCH);
    building.graph.output("score", score.as(ElementType.FLOAT), each);
    building.graph.output("reconstruction", reconstruction, each);
    building.graph.output("kl", kl, each);
    return building.graph.model(version, metadata);
  }

  /**
   * Values that are NaN in each row whose inputs have a NaN, which the functions of a net may lose:
   * a maximum with NaN depends on the order of its operands.
   *
   * @param values FLOAT (B, N)
   * @param inputs each FLOAT (B, columns), or null for none
   */
  private static Value refusing(Value values, @Nullable Value... inputs) {
    Value all = values;
    for (@Nullable Value input : inputs) {
      if (input != null) {
        all = all.plus(input.times(input.number(0)).sum(1).withAxes(1));
      }
    }
    return all;
  }

  /** Of a row with a shape as an image, or of a flat one. */
  private static List<Object> dims(@Nullable Shape shape, int values) {
    return shape == null
        ? List.of(Graph.BATCH, values)
        : List.of(Graph.BATCH, shape.channels(), shape.height(), shape.width());
  }

  /** One of the graphs while it is built. */
  private final class Building {
    private final Graph graph;
    private final Weights weights;
    private final InputGraph inputs;

    Building(String name, List<String> reserved) {
      inputs = InputGraph.of(name, spec, image, bytes, reserved);
      graph = inputs.graph();
      weights = new Weights(graph, layout, flat);
    }

    Value noise(String name, int columns) {
      return graph.input(name, ElementType.FLOAT, List.of(Graph.BATCH, SAMPLES, columns));
    }

    PosteriorGraphs.Head head(RowGraph rows, @Nullable Value condition) {
      Net net = layout.encoder();
      boolean spatial = spec.encoder().stream().anyMatch(Layer::spatial);
      Signal input = spatial && image != null ? images(rows, condition) : flat(rows, condition);
      Value head = LayerGraphs.net(weights, net, input).ordered(net.parts());
      return new PosteriorGraphs.Head(head, spec.latent(), spec.posteriorColumns());
    }

    private Signal flat(RowGraph rows, @Nullable Value condition) {
      List<Value> further = new ArrayList<>();
      if (condition != null) {
        further.add(condition);
      }
      if (spec.maskInput()) {
        further.add(mask(rows));
      }
      Value x = rows.x();
      Value all = further.isEmpty() ? x : x.with(1, further.toArray(Value[]::new));
      return Signal.flat(all, layout.encoder().input());
    }

    /** A condition and a mask are further channels. */
    private Signal images(RowGraph rows, @Nullable Value condition) {
      Shape shape = Objects.requireNonNull(image);
      List<Value> further = new ArrayList<>();
      if (condition != null) {
        further.add(overPixels(condition, shape));
      }
      if (spec.maskInput()) {
        further.add(Signal.ofOrdered(mask(rows), shape).value());
      }
      Value x = Signal.ofOrdered(rows.x(), shape).value();
      Value all = further.isEmpty() ? x : x.with(1, further.toArray(Value[]::new));
      return Signal.image(all, layout.encoder().input());
    }

    private Value overPixels(Value condition, Shape shape) {
      long[] sizes = {1, 1, shape.height(), shape.width()};
      return condition.withAxes(2, 3).repeated(graph.constant(sizes, sizes.length));
    }

    private Value mask(RowGraph rows) {
      return Objects.requireNonNull(rows.present()).as(ElementType.FLOAT);
    }

    Value kl(PosteriorGraphs.Head head, PosteriorGraphs.Drawn drawn) {
      if (spec.latents().closedForm()) {
        Value logvar = head.clampedLogvar();
        Value squares = logvar.exp().plus(head.mean().squared());
        return squares.plus(-1).minus(logvar).sum(1).times(0.5);
      }
      PriorGraphs.Place place =
          new PriorGraphs.Place(weights, layout, spec.latent(), drawn.z(), drawn.logRatio());
      TopLevel top = spec.latents().top();
      Value ratio =
          top == null
              ? PriorGraphs.ratio(spec.latents().prior(), place)
              : PriorGraphs.ratio(top, place, noise("eps_top", top.latent()));
      return ratio.mean(1).negative();
    }

    /**
     * The parameters of the likelihood.
     *
     * @param z FLOAT (B, L, Z) in the order of vae4j
     * @param condition FLOAT (B, C); null for none
     */
    Parameters decode(Value z, @Nullable Value condition) {
      Shape shape = spec.codeShape();
      Value rows = z.reshape(-1, spec.latent());
      boolean images = !shape.isFlat();
      Signal codes = images ? Signal.ofOrdered(rows, shape) : Signal.flat(rows, shape);
      Value joined = codes.value();
      if (condition != null) {
        Value each = eachSample(condition, z);
        joined = joined.with(1, images ? overPixels(each, shape) : each);
      }
      Net net = layout.decoder();
      Signal input = new Signal(joined, net.input(), images);
      Value outputs = LayerGraphs.net(weights, net, input).ordered(net.parts());
      int count = spec.likelihood().parameters(spec.features());
      Value own = outputs.reshape(z.sizes().slice(0, 0, 2).with(0, dim(count)));
      String name = ParameterLayout.SHARED;
      return new Parameters(own, weights.has(name) ? weights.of(name) : null, spec.features());
    }

    private Value dim(long size) {
      return graph.constant(new long[] {size}, 1);
    }

    /** The condition of each sample, FLOAT (B L, C). */
    private Value eachSample(Value condition, Value z) {
      Value samples = z.sizes().slice(0, 1, 2);
      Value sizes = dim(1).with(0, samples, dim(1));
      return condition.withAxes(1).repeated(sizes).reshape(-1, spec.conditions());
    }

    void outputCode(String name, Value code) {
      Shape shape = spec.codeShape();
      Value value = shape.isFlat() ? code : Signal.ofOrdered(code, shape).value();
      graph.output(name, value, dims(shape.isFlat() ? null : shape, spec.latent()));
    }

    void outputRow(String name, Value row) {
      Value value = image == null ? row : Signal.ofOrdered(row, image).value();
      graph.output(name, value, dims(image, spec.features()));
    }

    void outputParameters(Parameters parameters, @Nullable Value condition) {
      int count = spec.likelihood().parameters(spec.features());
      Value rows = refusing(parameters.outputs().reshape(0, count), condition);
      if (image == null || count % spec.features() != 0) {
        graph.output("parameters", rows, dims(null, count));
        return;
      }
      int parts = count / spec.features();
      Value each = rows.reshape(-1, spec.features());
      graph.output(
          "parameters",
          Signal.ofOrdered(each, image)
              .value()
              .reshape(-1, parts, image.channels(), image.height(), image.width()),
          List.of(Graph.BATCH, parts, image.channels(), image.height(), image.width()));
    }
  }
}
