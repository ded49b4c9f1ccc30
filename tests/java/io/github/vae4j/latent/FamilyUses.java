// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.cli.Main;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.export.Exports;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.StepMemory;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Asks the library for all that it does with a model's families, in a process of its own.
 *
 * <p>A family of the test's own notes each of its entries that is called as a system property whose
 * name begins with {@link #ASKED}.
 */
final class FamilyUses {
  /** Begins the names of the system properties that entries of tables set. */
  static final String ASKED = "asked.";

  /** The use that has tables of its own. */
  static final String EXPORT = "export";

  private static final int FEATURES = 4;

  private FamilyUses() {}

  private interface Use {
    Object ask() throws Exception;
  }

  /** A use for a kind of backend. */
  private interface On {
    Object ask(Kind kind) throws Exception;
  }

  /** The uses of one model, which is built when a use asks for it. */
  private record Model(Path folder, String posterior, String prior) {
    VaeSpec.Builder builder() {
      return VaeSpec.builder(FEATURES)
          .hidden(5)
          .latent(2)
          .posterior(Posterior.parse(posterior))
          .prior(Prior.parse(prior));
    }

    VaeSpec spec() {
      return builder().build();
    }

    Path file() {
      return folder.resolve("model.safetensors");
    }

    On asked(BiFunction<Vae, DataSet, Object> question) {
      return kind -> {
        try (DataSet data = rows();
            Vae vae = Vae.create(spec(), on(kind), 0)) {
          return question.apply(vae, data);
        }
      };
    }

    On trained(Objective objective) {
      return kind -> train(spec(), kind, objective);
    }

    Object commandTrain(String... more) throws IOException {
      Path csv = folder.resolve("rows.csv");
      Files.writeString(csv, "a,b,c,d\n0,1,0,1\n1,1,0,0\n");
      List<String> arguments = new ArrayList<>(List.of("train", "--backend", "reference"));
      arguments.addAll(List.of("--out", folder.resolve("run").toString()));
      arguments.addAll(List.of(more));
      if (!arguments.contains("--resume")) {
        arguments.addAll(List.of("--data", csv.toString(), "--batch", "2"));
        arguments.addAll(List.of("--hidden", "5", "--latent", "2"));
        arguments.addAll(List.of("--posterior", posterior, "--prior", prior));
      }
      return command(arguments.toArray(String[]::new));
    }

    Object save() {
      VaeSpec spec = spec();
      ModelFile.save(file(), spec, new float[new ParameterLayout(spec).length()]);
      return ModelFile.load(file()).spec().equals(spec);
    }

    Object export() {
      VaeSpec spec = spec();
      float[] zeros = new float[new ParameterLayout(spec).length()];
      ModelFile.Model model = new ModelFile.Model(spec, zeros);
      return Exports.onnx(model, folder.resolve(EXPORT), Exports.InputType.FLOAT).size();
    }
  }

  private static BackendOptions on(Kind kind) {
    return new BackendOptions(kind, 1, Precision.FP32);
  }

  private static DataSet rows() {
    Matrix x = Matrix.zeros(8, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = i * 7 % 5 / 4f;
    }
    return DataSets.of(x);
  }

  /** The weights after a training. */
  private static Object train(VaeSpec spec, Kind kind, Objective objective) {
    try (DataSet data = rows();
        Vae vae = Vae.create(spec, on(kind), 0)) {
      TrainConfig config = TrainConfig.builder().epochs(1).batch(4).objective(objective).build();
      vae.train(data, null, config, TrainListener.NONE);
      return Arrays.toString(vae.weights());
    }
  }

  /** A command's output, where it has done what it was asked. */
  private static Object command(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
    if (code == 0) {
      return out.toString().replaceAll("\\s+", " ");
    }
    throw new IllegalStateException("exit code " + code + ": " + err);
  }

  private static Object optimize(Vae vae, DataSet data) {
    return vae.measure()
        .optimize(data, new InferenceConfig(2, 0.1, 1, 1, 1, InferenceConfig.Start.ENCODER, 0))
        .after()[0];
  }

  /** The uses of training. */
  private static Map<String, On> training(Model model) {
    Map<String, On> uses = new LinkedHashMap<>();
    Objective elbo = Objective.elbo();
    Objective.Bound iwae = Objective.Bound.iwae(2);
    uses.put("train", model.trained(elbo));
    uses.put("free bits", model.trained(elbo.withFreeBits(0.1)));
    uses.put("capacity", model.trained(elbo.withCapacity(new Objective.Capacity(2, 1))));
    uses.put("total correlation", model.trained(elbo.withPenalties(0, 1)));
    uses.put("discrepancy", model.trained(elbo.withPenalties(1, 0)));
    uses.put("importance weights", model.trained(Objective.of(iwae)));
    uses.put("doubly reparameterized", model.trained(Objective.of(iwae.doublyReparameterized())));
    uses.put(
        "second layer", kind -> train(model.builder().top(2, 3).build(), kind, Objective.elbo()));
    // Its components are posteriors of the model's family. A prior of the test's own stays.
    String vamp = model.prior().equals("standard") ? "vamp:2" : model.prior();
    uses.put(
        "pseudo-inputs",
        kind -> train(model.builder().prior(Prior.parse(vamp)).build(), kind, Objective.elbo()));
    return uses;
  }

  /** The uses of a model that is there. */
  private static Map<String, On> use(Model model) {
    Map<String, On> uses = new LinkedHashMap<>();
    uses.put("evaluate", model.asked(Vae::evaluate));
    uses.put("score", model.asked((vae, data) -> vae.score(data).elbo()[0]));
    uses.put("encode", model.asked((vae, data) -> vae.encode(data).mean().at(0, 0)));
    uses.put("reconstruct", model.asked((vae, data) -> vae.reconstruct(data).at(0, 0)));
    uses.put(
        "importance sampling",
        model.asked((vae, data) -> vae.measure().logLikelihood(data, 3, 0).mean()));
    AnnealOptions chains = new AnnealOptions(1, 2, 1);
    uses.put(
        "annealing",
        model.asked((vae, data) -> vae.measure().annealedLogLikelihood(data, chains, 0).mean()));
    uses.put("information", model.asked((vae, data) -> vae.measure().information(data, 3, 0)));
    uses.put("optimize", model.asked(FamilyUses::optimize));
    uses.put(
        "fit a sampler",
        model.asked((vae, data) -> vae.measure().aggregatePosterior(data, 1, 0).at(0, 0)));
    uses.put("sample", model.asked((vae, data) -> vae.sample(Sampling.of(1)).at(0, 0)));
    return uses;
  }

  private static Map<String, Use> uses(Model model) {
    Map<String, Use> uses = new LinkedHashMap<>();
    // The first, so that it is the one for which a class is loaded, as in a user's process.
    uses.put("command train", () -> model.commandTrain("--epochs", "1"));
    uses.put("command resume", () -> model.commandTrain("--epochs", "2", "--resume"));
    uses.put(
        "memory of a step",
        () -> StepMemory.of(model.spec(), TrainConfig.defaults(), false, false));
    Map<String, On> each = training(model);
    each.putAll(use(model));
    each.forEach(
        (name, use) -> {
          uses.put(name + " on reference", () -> use.ask(Kind.REFERENCE));
          uses.put(name + " on cpu", () -> use.ask(Kind.CPU));
        });
    uses.put("save", model::save);
    uses.put(EXPORT, model::export);
    uses.put("command inspect", () -> command("inspect", "--model", model.file().toString()));
    return uses;
  }

  private static String reasons(Throwable thrown) {
    StringBuilder text = new StringBuilder("refused:");
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      text.append(' ')
          .append(each.getClass().getSimpleName())
          .append(": ")
          .append(each.getMessage());
    }
    return text.toString().replaceAll("\\s+", " ");
  }

  private static String answer(Use use) {
    try {
      return String.valueOf(use.ask());
    } catch (Exception | LinkageError e) {
      return reasons(e);
    }
  }

  /** The entries that were called since this was last asked. */
  private static String takeAsked() {
    Set<String> names = new TreeSet<>(System.getProperties().stringPropertyNames());
    names.removeIf(name -> !name.startsWith(ASKED));
    names.forEach(System::clearProperty);
    return String.join(" ", names).replace(ASKED, "");
  }

  /**
   * Tries uses one after the other and prints a line for each: the posterior and the prior, the
   * use, the entries that were called, and the answer, or {@code refused:} and the reasons.
   *
   * @param arguments a folder; then for each model a posterior, a prior, and the names of the uses
   *     as a regular expression
   * @throws IOException if a folder cannot be made
   */
  public static void main(String[] arguments) throws IOException {
    for (int i = 1; i < arguments.length; i += 3) {
      Path own = Files.createDirectory(Path.of(arguments[0], "model" + i));
      String pattern = arguments[i + 2];
      String model = arguments[i] + ", " + arguments[i + 1];
      uses(new Model(own, arguments[i], arguments[i + 1]))
          .forEach(
              (name, use) -> {
                if (name.matches(pattern)) {
                  String answer = answer(use);
                  System.out.println(String.join("\t", model, name, takeAsked(), answer));
                }
              });
    }
  }
}
