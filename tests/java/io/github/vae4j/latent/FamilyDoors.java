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
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.StepMemory;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Asks the library for all that it does with a model's families. In a process of its own it prints
 * a line for each: the door, a tab, the answer, or {@code refused:} and the reasons.
 */
final class FamilyDoors {
  private static final int FEATURES = 4;

  private FamilyDoors() {}

  private interface Door {
    Object ask() throws Exception;
  }

  private static VaeSpec spec(String posterior, String prior) {
    return VaeSpec.builder(FEATURES)
        .hidden(5)
        .latent(2)
        .posterior(Posterior.parse(posterior))
        .prior(Prior.parse(prior))
        .build();
  }

  private static final BackendOptions REFERENCE = on(Kind.REFERENCE);

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

  /** A door of the model itself. */
  private static Door of(VaeSpec spec, BiFunction<Vae, DataSet, Object> question) {
    return () -> {
      try (DataSet data = rows();
          Vae vae = Vae.create(spec, REFERENCE, 0)) {
        return question.apply(vae, data);
      }
    };
  }

  private static Door training(VaeSpec spec, Kind kind) {
    return () -> {
      try (DataSet data = rows();
          Vae vae = Vae.create(spec, on(kind), 0)) {
        TrainConfig config = TrainConfig.builder().epochs(1).batch(4).build();
        return vae.train(data, null, config, TrainListener.NONE);
      }
    };
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

  private static Object save(Path file, VaeSpec spec) {
    ModelFile.save(file, spec, new float[new ParameterLayout(spec).length()]);
    return ModelFile.load(file).spec().equals(spec);
  }

  private static Map<String, Door> doors(Path folder, String posterior, String prior)
      throws IOException {
    VaeSpec spec = spec(posterior, prior);
    Path file = folder.resolve("model.safetensors");
    Path csv = folder.resolve("rows.csv");
    Files.writeString(csv, "a,b,c,d\n0,1,0,1\n1,1,0,0\n");
    String[] train = {
      "train",
      "--data",
      csv.toString(),
      "--backend",
      "reference",
      "--epochs",
      "1",
      "--batch",
      "2",
      "--out",
      folder.resolve("run").toString(),
      "--posterior",
      posterior,
      "--prior",
      prior
    };
    Map<String, Door> doors = new LinkedHashMap<>();
    // The first, so that it is the one for which a class is loaded, as in a user's process.
    doors.put("command train", () -> command(train));
    doors.put("train on reference", training(spec, Kind.REFERENCE));
    doors.put("train on cpu", training(spec, Kind.CPU));
    doors.put("memory of a step", () -> StepMemory.of(spec, TrainConfig.defaults(), false, false));
    doors.put("evaluate", of(spec, Vae::evaluate));
    doors.put("score", of(spec, (vae, data) -> vae.score(data).elbo()[0]));
    doors.put("encode", of(spec, (vae, data) -> vae.encode(data).mean().at(0, 0)));
    doors.put("reconstruct", of(spec, (vae, data) -> vae.reconstruct(data).at(0, 0)));
    doors.put(
        "importance sampling",
        of(spec, (vae, data) -> vae.measure().logLikelihood(data, 3, 0).mean()));
    doors.put("annealing", of(spec, FamilyDoors::anneal));
    doors.put("information", of(spec, (vae, data) -> vae.measure().information(data, 3, 0)));
    doors.put("optimize", of(spec, FamilyDoors::optimize));
    doors.put(
        "fit a sampler",
        of(spec, (vae, data) -> vae.measure().aggregatePosterior(data, 1, 0).at(0, 0)));
    doors.put("sample", of(spec, (vae, data) -> vae.sample(Sampling.of(1)).at(0, 0)));
    doors.put("save and load", () -> save(file, spec));
    doors.put("command inspect", () -> command("inspect", "--model", file.toString()));
    return doors;
  }

  private static Object anneal(Vae vae, DataSet data) {
    return vae.measure().annealedLogLikelihood(data, new AnnealOptions(1, 2, 1), 0).mean();
  }

  private static Object optimize(Vae vae, DataSet data) {
    return vae.measure()
        .optimize(data, new InferenceConfig(2, 0.1, 1, 1, 1, InferenceConfig.Start.ENCODER, 0))
        .after()[0];
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

  /** The answer at each door. */
  static Map<String, String> open(Path folder, String posterior, String prior) throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    doors(folder, posterior, prior).forEach((name, door) -> answers.put(name, answer(door)));
    return answers;
  }

  private static String answer(Door door) {
    try {
      return String.valueOf(door.ask());
    } catch (Exception | LinkageError e) {
      return reasons(e);
    }
  }

  /**
   * Opens the doors one after the other, then saves further models.
   *
   * @param arguments a folder, a posterior, a prior; then a posterior and a prior for each further
   *     model
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Map<String, String> answers = open(folder, arguments[1], arguments[2]);
    for (int i = 3; i < arguments.length; i += 2) {
      VaeSpec spec = spec(arguments[i], arguments[i + 1]);
      Path file = folder.resolve("other.safetensors");
      String name = "save " + arguments[i] + ", " + arguments[i + 1];
      answers.put(name, answer(() -> save(file, spec)));
    }
    answers.forEach((name, answer) -> System.out.println(name + "\t" + answer));
  }
}
