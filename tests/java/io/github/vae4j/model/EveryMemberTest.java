// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.cli.Main;
import io.github.vae4j.data.ImageShape;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requirements on a new layer, posterior or prior that no table checks: its name and its file are
 * read, and the documents and the help name it.
 */
final class EveryMemberTest {
  private static final List<Layer> LAYERS =
      Layers.parse("5,batch-norm,layer-norm,dropout:0.25", Activation.RELU);

  private static final List<Layer> IMAGE_LAYERS =
      Layers.parse(
          "conv:4x3,silu,group-norm:2,silu,res(conv:6x3s2,tanh,res(group-norm:3,attention:2,gelu)),"
              + "attention:3,"
              + "bilinear:2,upsample:1x2,max-pool:2,pixel-unshuffle:2,pixel-shuffle:2,avg-pool:1x2,"
              + "flatten,reshape:6x2x2,global-pool",
          Activation.RELU);

  private static final List<Layer> ALL_LAYERS =
      Stream.concat(LAYERS.stream(), IMAGE_LAYERS.stream()).toList();

  private static VaeSpec imageSpec() {
    List<Layer> decoder = Layers.parse("16,reshape:4x2x2,deconv:outx4s2", Activation.ELU);
    VaeSpec plain = VaeSpec.builder(16).image(new ImageShape(4, 4, 1)).latent(2).build();
    return new VaeSpec(
        plain.features(),
        IMAGE_LAYERS,
        plain.latent(),
        decoder,
        plain.likelihood(),
        plain.initializer(),
        plain.image(),
        null,
        plain.latents(),
        false,
        plain.names(),
        null);
  }

  private static final List<Posterior> POSTERIORS =
      List.of(Posterior.DIAGONAL, Posterior.FULL, new Posterior.Planar(2));

  private static final List<Prior> PRIORS =
      List.of(Prior.STANDARD, new Prior.GaussianMixture(3), new Prior.Vamp(2));

  private static Set<Class<?>> classes(List<?> members) {
    return members.stream().map(Object::getClass).collect(toSet());
  }

  @Test
  void thereIsAnExampleOfEach() {
    assertEquals(Set.of(Layer.class.getPermittedSubclasses()), classes(ALL_LAYERS));
    assertEquals(Set.of(Posterior.class.getPermittedSubclasses()), classes(POSTERIORS));
    assertEquals(Set.of(Prior.class.getPermittedSubclasses()), classes(PRIORS));
  }

  @Test
  void namesAreReadAsTheyAreWritten() {
    for (Layer layer : ALL_LAYERS) {
      Activation activation = layer.activation();
      assertEquals(
          layer, Layer.parse(layer.name(), activation == null ? Activation.RELU : activation));
    }
    POSTERIORS.forEach(family -> assertEquals(family, Posterior.parse(family.toString())));
    PRIORS.forEach(family -> assertEquals(family, Prior.parse(family.toString())));
  }

  @Test
  void modelsAreReadAsTheyAreWritten(@TempDir Path folder) {
    List<VaeSpec> specs = new ArrayList<>();
    specs.add(VaeSpec.builder(4).layers(LAYERS).latent(2).build());
    specs.add(imageSpec());
    for (Posterior family : POSTERIORS) {
      specs.add(VaeSpec.builder(4).hidden(3).latent(2).posterior(family).build());
    }
    for (Prior family : PRIORS) {
      specs.add(VaeSpec.builder(4).hidden(3).latent(2).prior(family).build());
    }
    Path file = folder.resolve("model.safetensors");
    for (VaeSpec spec : specs) {
      ModelFile.save(file, spec, new float[new ParameterLayout(spec).length()]);
      assertEquals(spec, ModelFile.load(file).spec());
    }
  }

  /** A name without its settings: {@code planar:} of {@code planar:2}. */
  private static String form(Object name) {
    return name.toString().replaceFirst(":.*", ":").replaceFirst("\\(.*", "(");
  }

  private static void contains(String page, String part) {
    assertTrue(page.contains(part), () -> part + " is not in: " + page);
  }

  @Test
  void documentsAndHelpHaveThem() throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    assertEquals(0, Main.run(new String[] {"train", "--help"}, out, out));
    // The help breaks lines at hyphens as well.
    String help = said.toString().replaceAll("\\s", "");
    String latents = Files.readString(Path.of("docs/latents.md"));
    String layers = Files.readString(Path.of("docs/layers.md"));
    for (Layer layer : ALL_LAYERS) {
      String form = layer.name().equals("5") ? "400" : form(layer.name());
      contains(layers, "`" + form);
      contains(help, form);
    }
    for (Posterior family : POSTERIORS) {
      contains(latents, "`--posterior " + form(family));
      contains(help, form(family));
    }
    for (Prior family : PRIORS) {
      contains(latents, "`--prior " + form(family));
      contains(help, form(family));
    }
  }
}
