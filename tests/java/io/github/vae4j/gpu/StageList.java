// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import io.github.vae4j.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The stages, the most informative first; they are the same on a device and on the emulated one,
 * where sizes are small. The time limit of a stage is at least twice its time on an H200 on 27
 * November 2026 (see the head of {@code tests/gpu/run.sh}), and so bounds the cost of a stage that
 * hangs.
 */
final class StageList {
  private static final String TESTS = "io.github.vae4j.";
  private static final String UNTUNED = Place.UNTUNED;
  private static final String CUDA = "--backend=cuda";
  private static final int TRAIN_ROWS = 60_000;
  private static final int TEST_ROWS = 10_000;
  private static final int FEW_ROWS = 64;

  private final Place place;
  private final String train;
  private final String test;
  private final List<Stage> stages = new ArrayList<>();

  private StageList(Place place) {
    this.place = place;
    Path folder = place.folder("data");
    boolean few = place.emulated();
    try {
      train = "idx:" + images("train", few ? FEW_ROWS : TRAIN_ROWS, folder);
      test = "idx:" + images("t10k", few ? FEW_ROWS : TEST_ROWS, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read MNIST in " + place.mnist(), e);
    }
  }

  private Path images(String part, int rows, Path folder) throws IOException {
    return MnistFile.unpack(
        place.mnist().resolve(part + "-images-idx3-ubyte.gz"), rows, folder.resolve(part + ".idx"));
  }

  static List<Stage> of(Place place) {
    StageList list = new StageList(place);
    list.machine();
    list.correctness();
    list.speed();
    list.tools();
    list.rest();
    return List.copyOf(list.stages);
  }

  private void machine() {
    add(1, "machine", 20, program(MachineReport.class));
    add(1, "doctor", 30, cli(List.of(), "doctor", "--json"));
  }

  private void correctness() {
    // Some of the table where the device is emulated: mvn verify has all of it there.
    String skip =
        "-Dvae4j.ops.skip="
            + (place.emulated() ? "(?!add|conv 3x3 |dense [0-9]{1,2}x[0-9x]+ relu).*" : "");
    for (String precision : List.of("Fp32", "Tf32", "Bf16")) {
      // Thousands of shapes, each once: nothing is gained by timing their algorithms.
      List<String> ops = new ArrayList<>(place.java(skip, UNTUNED));
      String suite = "backend.cuda.Cuda" + precision + "OpsTest";
      ops.addAll(List.of(TestRun.class.getName(), TESTS + suite));
      stages.add(Stage.of(2, "ops-" + precision.toLowerCase(Locale.ROOT), 60, ops).resuming());
    }
    tests(2, "life", 30, "backend.cuda.LifecycleTest", "backend.cuda.LikelihoodRefusalTest");
    String training = "train.CudaTrainingTest";
    if (place.emulated()) {
      tests(
          3,
          "training",
          60,
          training + "#sameSeedSameBits",
          training + "#aGraphIsTheSameBitsAsItsOpsOneByOne",
          training + "#aGraphIsTheSameBitsAsItsLaunchesOneByOne");
    } else {
      tests(3, "training", 60, training);
      tests(
          3,
          "models",
          40,
          "train.CudaLatentTest",
          "train.CudaLikelihoodTrainingTest",
          "infer.CudaInferenceTest",
          "backend.cuda.FacadeTest",
          "backend.cuda.CudaLikelihoodLossTest");
    }
  }

  private void speed() {
    String epochs = place.emulated() ? "2" : "10";
    List<String> mnist =
        place.emulated()
            ? List.of(
                "--data", train, "--test-data", test, "--hidden=8", "--latent=2", "--batch=16")
            : List.of("--data", "mnist");
    add(
        4,
        "mnist",
        60,
        cli(mnist, "train", "--epochs", epochs, "--out", run("mnist"), CUDA, "--json"));
    List<String> compared = new ArrayList<>(program(Comparison.class));
    compared.addAll(List.of("--mnist", place.mnist().toString()));
    if (place.emulated()) {
      compared.add("--emulated");
    }
    if (place.peers() != null) {
      compared.addAll(List.of("--peers", place.peers().toString()));
    }
    stages.add(Stage.of(5, "bench", 370, compared).resuming());
    stages.add(
        Stage.of(
                6,
                "products",
                40,
                program(
                    List.of("-Dvae4j.cuda.tune=true"),
                    Products.class,
                    place.emulated() ? "16" : "128"))
            .keeping("^(product|PRECISION) "));
    List<String> size =
        place.emulated()
            ? List.of("--steps=8", "--rounds=1", "--json")
            : List.of("--steps=4000", "--rounds=3", "--json");
    for (String without : List.of(UNTUNED, "-Dvae4j.cuda.branch=false", "-Dvae4j.cuda.pdl=false")) {
      for (String precision : place.emulated() ? List.of("fp32") : List.of("fp32", "tf32")) {
        List<String> command = new ArrayList<>(place.java(without));
        command.addAll(List.of(Main.class.getName(), "bench", CUDA, "--precision=" + precision));
        command.addAll(size);
        command.addAll(smallNet());
        String name = without.replaceAll("^.*cuda[.]|=.*", "") + "-" + precision;
        add(6, name, 30, command);
      }
    }
  }

  private void tools() {
    List<String> step = cli(smallNet(), "bench", CUDA, "--steps=64", "--rounds=1", "--json");
    List<String> profile = new ArrayList<>(program(Profile.class));
    profile.addAll(step);
    stages.add(Stage.of(7, "ncu", 60, profile).needing("ncu"));
    for (String tool : List.of("memcheck", "racecheck")) {
      List<String> command = new ArrayList<>(List.of("compute-sanitizer", "--tool", tool));
      Path found = Place.find("compute-sanitizer");
      if (found != null) {
        command.set(0, found.toString());
      }
      command.addAll(List.of("--target-processes", "all", "--error-exitcode", "9"));
      // Each launch is waited for, and no graph hides it.
      command.addAll(place.java("-Dvae4j.cuda.sync=true", UNTUNED));
      command.addAll(List.of(TestRun.class.getName(), TESTS + "train.CudaLatentTest"));
      stages.add(
          Stage.of(7, tool, 60, command)
              .needing("compute-sanitizer")
              .keeping("SUMMARY|Invalid|hazard|Race reported|=========     at "));
    }
  }

  private void rest() {
    boolean few = place.emulated();
    String[] small = few ? new String[] {"--hidden=8", "--latent=2", "--batch=16"} : new String[0];
    add(
        8,
        "streamed",
        40,
        program(Streamed.class, concat(small, train, run("streamed"), few ? "2" : "3")));
    add(
        8,
        "evaluations",
        40,
        program(
            Evaluations.class,
            run("mnist"),
            few ? "2" : "8",
            few ? "20" : "5000",
            few ? "8" : "500",
            test));
    Stage memory = Stage.of(8, "memory", 40, program(MemoryFault.class, few ? "16" : "1024"));
    stages.add(few ? memory.with(Map.of("VAE4J_CUDASIM_MEMORY", "192m")) : memory);
    add(
        8,
        "killed",
        60,
        program(Killed.class, concat(small, train, run("killed"), few ? "6" : "30")));
  }

  private static String[] concat(String[] last, String... first) {
    String[] all = Arrays.copyOf(first, first.length + last.length);
    System.arraycopy(last, 0, all, first.length, last.length);
    return all;
  }

  private List<String> smallNet() {
    return place.emulated()
        ? List.of("--features=20", "--hidden=8", "--latent=2", "--batch=16", "--product=64")
        : List.of();
  }

  private String run(String name) {
    return place.folder("runs").resolve(name).toString();
  }

  private void add(int number, String name, int seconds, List<String> command) {
    stages.add(Stage.of(number, name, seconds, command));
  }

  private void tests(int number, String name, int seconds, String... classes) {
    String[] full = Arrays.stream(classes).map(test -> TESTS + test).toArray(String[]::new);
    stages.add(Stage.of(number, name, seconds, program(TestRun.class, full)).resuming());
  }

  private List<String> program(Class<?> main, String... arguments) {
    return program(List.of(), main, arguments);
  }

  private List<String> program(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(place.java(options.toArray(String[]::new)));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private List<String> cli(List<String> more, String... arguments) {
    List<String> command = program(Main.class, arguments);
    command.addAll(more);
    return command;
  }
}
