// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static java.util.stream.Collectors.joining;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.infer.PassRows;
import io.github.vae4j.model.Parameter.Matrices;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The programs of a model for {@code libvae4j}, which {@code model.safetensors} has in its
 * metadata. docs/checkpoint-format.md has the form of the text.
 */
public final class ModelPrograms {
  /** The version of the text's form; a library of another version refuses it. */
  private static final int FORM = 1;

  private ModelPrograms() {}

  /**
   * The programs of a model.
   *
   * @param spec the model
   * @return lines of text
   */
  public static String of(VaeSpec spec) {
    StringBuilder text = new StringBuilder("vae4j-programs " + FORM + "\n");
    int features = spec.features();
    ParameterLayout layout = new ParameterLayout(spec);
    line(text, "features", features);
    line(text, "latent", spec.latent());
    line(text, "top", spec.latents().top() == null ? 0 : spec.latents().top().latent());
    line(text, "conditions", spec.conditions());
    line(text, "head", spec.posteriorColumns());
    line(text, "outputs", spec.likelihood().parameters(features));
    line(text, "shared", spec.likelihood().shared(features));
    line(text, "trained", layout.parameters());
    @Nullable ImageShape image = spec.image();
    line(text, "height", image == null ? 0 : image.height());
    line(text, "width", image == null ? 0 : image.width());
    line(text, "channels", image == null ? 0 : image.channels());
    line(text, "likelihood", spec.likelihood());
    line(text, "posterior", spec.latents().posterior());
    line(text, "prior", spec.latents().prior());
    line(text, "rows_evaluated", PassRows.evaluated(layout, Integer.MAX_VALUE, 1));
    line(text, "rows_sampled", PassRows.sampled(layout));
    line(text, "rows_decoded", PassRows.decoded(layout));
    line(text, "samples_weighed", PassRows.MOST_SAMPLES);
    line(text, "weights", layout.length());
    layout.places().forEach(place -> text.append(parameter(place)));
    List<List<Plan>> plans = new ArrayList<>();
    List<Memory> parameters = new ArrayList<>();
    for (Sizes sizes : Sizes.EXAMPLES) {
      ModelPlans all = new ModelPlans(spec, sizes);
      plans.add(all.all());
      parameters.add(all.parameters());
    }
    for (int i = 0; i < plans.get(0).size(); i++) {
      int at = i;
      text.append(PlanText.of(plans.stream().map(all -> all.get(at)).toList(), parameters));
    }
    return text.toString();
  }

  /** Its place, the matrices that the file has transposed, its shape in the file. */
  private static String parameter(Place place) {
    Matrices matrices = place.parameter().transposed();
    String dims =
        place.parameter().storedDims().stream().map(String::valueOf).collect(joining(","));
    return String.join(
        " ",
        "parameter",
        place.name(),
        String.valueOf(place.offset()),
        String.valueOf(matrices.count()),
        String.valueOf(matrices.rows()),
        String.valueOf(matrices.columns()),
        dims + "\n");
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(' ').append(value).append('\n');
  }
}
