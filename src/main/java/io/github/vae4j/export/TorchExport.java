// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.VaeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a model's weights and a program that makes a module of PyTorch of them. */
final class TorchExport {
  private static final String PROGRAM = "model.py";
  private static final String INDENT = "            ";

  private TorchExport() {}

  static List<Path> write(ModelFile.Model model, Path folder) {
    Path weights = folder.resolve(RunFolder.MODEL);
    Path program = folder.resolve(PROGRAM);
    AtomicFiles.createFolderOf(weights);
    ModelFile.save(weights, model.spec(), model.parameters());
    AtomicFiles.writeText(program, program(model.spec()));
    return List.of(weights, program);
  }

  /** The text of model.py. */
  static String program(VaeSpec spec) {
    ParameterLayout layout = new ParameterLayout(spec);
    Shape image = image(spec);
    boolean encodesImages = spec.encoder().stream().anyMatch(Layer::spatial);
    StringBuilder text = new StringBuilder(resource("model_head.py"));
    constant(text, "FEATURES", spec.features());
    constant(text, "LATENT", spec.latent());
    constant(text, "OUTPUTS", spec.likelihood().parameters(spec.features()));
    constant(text, "CONDITION", spec.conditions());
    constant(text, "LABELLED", python(spec.labelled()));
    constant(text, "MASK_INPUT", python(spec.maskInput()));
    text.append("# (channels, height, width) of x, if a layer takes images.\n");
    constant(text, "IMAGE", image == null ? "None" : sizes(image));
    constant(text, "ENCODES_IMAGES", python(encodesImages));
    text.append(
        "\n\nclass Model(nn.Module):\n    def __init__(self):\n        super().__init__()\n");
    Shape codes = spec.codeShape();
    net(text, "encoder", "posterior", layout.encoder(), encodesImages);
    net(text, "decoder", "observation", layout.decoder(), !codes.isFlat());
    if (spec.latents().top() != null) {
      text.append("        self.top = nn.Module()\n");
      net(text, "top.encoder", "top.posterior", layout.topEncoder(), false);
      net(text, "top.decoder", "top.prior", layout.topDecoder(), false);
    }
    others(text, layout);
    return text + resource("model_tail.py");
  }

  private static @Nullable Shape image(VaeSpec spec) {
    boolean images =
        Stream.concat(spec.encoder().stream(), spec.decoder().stream()).anyMatch(Layer::spatial);
    return images && spec.image() != null ? Shape.of(spec.image()) : null;
  }

  private static String python(boolean value) {
    return value ? "True" : "False";
  }

  private static String sizes(Shape shape) {
    return String.format(
        Locale.ROOT, "(%d, %d, %d)", shape.channels(), shape.height(), shape.width());
  }

  private static void constant(StringBuilder text, String name, Object value) {
    text.append(name).append(" = ").append(value).append('\n');
  }

  private static void net(StringBuilder text, String name, String head, Net net, boolean image) {
    int last = net.layers().size() - 1;
    TorchLayers.Row hidden = TorchLayers.row(net.layers().subList(0, last), image, INDENT);
    Net.Placed end = net.layers().get(last);
    text.append("        self.").append(name).append(" = Layers(");
    text.append(hidden.text().isEmpty() ? ")\n" : "\n" + hidden.text() + "        )\n");
    text.append("        self.before_")
        .append(head.replace('.', '_'))
        .append(" = ")
        .append(TorchLayers.before(end.layer()))
        .append('\n');
    text.append("        self.")
        .append(head)
        .append(" = ")
        .append(TorchLayers.module(end, hidden.image(), "        "))
        .append('\n');
  }

  /** The parameters of the likelihood and of the prior. */
  private static void others(StringBuilder text, ParameterLayout layout) {
    if (layout.has(ParameterLayout.SHARED)) {
      text.append("        self.observation.shared = nn.Parameter(torch.zeros(")
          .append(layout.place(ParameterLayout.SHARED).length())
          .append("))\n");
    }
    String shapes =
        layout.places().stream()
            .filter(place -> place.name().startsWith("prior."))
            .map(place -> place.parameter().name() + "=" + tuple(place.parameter().dims()))
            .collect(Collectors.joining(", "));
    if (!shapes.isEmpty()) {
      text.append("        self.prior = Parameters(").append(shapes).append(")\n");
    }
  }

  private static String tuple(List<Integer> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ",)"));
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(TorchExport.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
