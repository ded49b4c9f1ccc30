// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requirements on a new layer, posterior or prior that no table checks: its name and its file are
 * read, and the documents and the help name it.
 */
final class EveryMemberTest {
  private static final List<Layer> LAYERS =
      Layers.parse("5,batch-norm,layer-norm,dropout:0.25", Activation.RELU);

  private static final List<Posterior> POSTERIORS =
      List.of(Posterior.DIAGONAL, Posterior.FULL, new Posterior.Planar(2));

  private static final List<Prior> PRIORS =
      List.of(Prior.STANDARD, new Prior.GaussianMixture(3), new Prior.Vamp(2));

  private static Set<Class<?>> classes(List<?> members) {
    return members.stream().map(Object::getClass).collect(toSet());
  }

  @Test
  void thereIsAnExampleOfEach() {
    assertEquals(Set.of(Layer.class.getPermittedSubclasses()), classes(LAYERS));
    assertEquals(Set.of(Posterior.class.getPermittedSubclasses()), classes(POSTERIORS));
    assertEquals(Set.of(Prior.class.getPermittedSubclasses()), classes(PRIORS));
  }

  @Test
  void namesAreReadAsTheyAreWritten() {
    LAYERS.forEach(layer -> assertEquals(layer, Layer.parse(layer.name(), Activation.RELU)));
    POSTERIORS.forEach(family -> assertEquals(family, Posterior.parse(family.toString())));
    PRIORS.forEach(family -> assertEquals(family, Prior.parse(family.toString())));
  }

  @Test
  void modelsAreReadAsTheyAreWritten(@TempDir Path folder) {
    List<VaeSpec> specs = new ArrayList<>();
    specs.add(VaeSpec.builder(4).layers(LAYERS).latent(2).build());
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
    return name.toString().replaceFirst(":.*", ":");
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
    for (Layer layer : LAYERS) {
      String form = layer.activation() == null ? form(layer.name()) : "400";
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
