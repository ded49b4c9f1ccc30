// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.Programs;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs for PyTorch are Python, and where {@code -Dvae4j.torch=PYTHON} names a Python with
 * torch and safetensors, their modules give the model's numbers.
 */
final class TorchExportTest {
  private static final int ROWS = 3;
  private static final int[] LABELS = {2, 0, 1};

  /** Parses the programs of its folders. */
  private static final String PARSES =
      """
      import ast, pathlib, sys
      for folder in sys.argv[1:]:
          ast.parse(pathlib.Path(folder, "model.py").read_text())
      """;

  /** Writes mean, log variance and the likelihood's parameters of the mean. */
  private static final String RUNS =
      """
      import importlib.util, pathlib, sys
      import torch
      for folder in map(pathlib.Path, sys.argv[1:]):
          spec = importlib.util.spec_from_file_location("model", folder / "model.py")
          module = importlib.util.module_from_spec(spec)
          spec.loader.exec_module(module)
          model = module.load()
          read = lambda name: torch.frombuffer(
              bytearray((folder / name).read_bytes()), dtype=torch.float32)
          x = read("x").reshape(3, *(module.IMAGE or (-1,)))
          c = None
          if module.CONDITION:
              c = read("c").reshape(3, -1)
              c = c[:, 0].long() if module.LABELLED else c
          with torch.no_grad():
              mean, logvar, _ = model.encode(x, c)
              out = [mean, logvar, model.decode(mean, c)]
          text = "\\n".join(str(v) for part in out for v in part.flatten().tolist())
          (folder / "out").write_text(text)
      """;

  @TempDir private Path folder = Path.of("");

  private static VaeSpec images(
      String encoder, int latent, String decoder, @Nullable Condition condition, boolean mask) {
    return ImageModels.of("gaussian-learned", encoder, latent, decoder, condition, mask);
  }

  private static List<VaeSpec> specs() {
    List<VaeSpec> all = new ArrayList<>();
    for (String layers : OnnxExportTest.flatLayers()) {
      all.add(
          VaeSpec.builder(9)
              .layers(Layers.parse(layers, Activation.RELU))
              .latent(2)
              .likelihood(Likelihoods.parse("gaussian-learned"))
              .build());
    }
    String decoder = "12,tanh,reshape:2x3x2,deconv:4x4s2,silu,conv:outx3";
    for (String layers : OnnxExportTest.imageLayers()) {
      all.add(images(layers, 3, decoder, null, false));
    }
    all.add(images("conv:4x3,silu", 3, decoder, new Condition.Labels(3), true));
    all.add(images("12", 3, decoder, new Condition.Covariates(2), true));
    all.add(images("conv:4x3,silu", 3, "12", null, false));
    String spatial = "conv:4x4s2,group-norm:2,silu,conv:outx3";
    all.add(images(spatial, 18, "conv:4x3,silu,deconv:outx4s2", new Condition.Labels(3), false));
    VaeSpec plain = VaeSpec.builder(6).hidden(5).latent(4).build();
    all.add(plain.with(new Condition.Labels(3)).withMaskInput(true));
    VaeSpec.Builder shared =
        VaeSpec.builder(6).hidden(5).latent(4).likelihood(Likelihoods.parse("gaussian-shared"));
    all.add(shared.build());
    all.add(shared.prior(new Prior.GaussianMixture(3)).build());
    all.add(shared.prior(new Prior.Vamp(2)).build());
    all.add(shared.prior(Prior.STANDARD).top(3, 5).build());
    return all;
  }

  private static void write(Path file, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }

  @Test
  void programsArePython() throws Exception {
    String python = System.getProperty("vae4j.torch", "python3");
    assumeTrue(isThere(python), "no " + python);
    List<String> command = new ArrayList<>(List.of(python, "-c", PARSES));
    List<VaeSpec> specs = new ArrayList<>(specs());
    VaeSpec plain = VaeSpec.builder(6).hidden(5).latent(4).build();
    specs.add(VaeSpec.builder(6).hidden(5).latent(4).posterior(new Posterior.Planar(2)).build());
    specs.add(plain);
    for (int i = 0; i < specs.size(); i++) {
      Path own = Files.createDirectory(folder.resolve("parsed" + i));
      Files.writeString(own.resolve("model.py"), TorchExport.program(specs.get(i)));
      command.add(own.toString());
    }
    new Programs(folder).run(Map.of(), command);
  }

  private static boolean isThere(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "pass").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void modulesGiveTheModelsNumbers() throws Exception {
    String python = System.getProperty("vae4j.torch");
    assumeTrue(python != null, "-Dvae4j.torch names no Python");
    List<VaeSpec> specs = specs();
    List<String> command = new ArrayList<>(List.of(String.valueOf(python), "-c", RUNS));
    List<ExportedModel> models = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      Path own = Files.createDirectory(folder.resolve("run" + i));
      ExportedModel model = new ExportedModel(specs.get(i), own, false);
      models.add(model);
      Exports.torch(new ModelFile.Model(model.spec, model.vae.weights()), own);
      expected.add(expected(model, own));
      command.add(own.toString());
    }
    new Programs(folder).run(Map.of(), command);
    for (int i = 0; i < specs.size(); i++) {
      List<String> lines = Files.readAllLines(folder.resolve("run" + i).resolve("out"));
      float[] given = new float[lines.size()];
      for (int j = 0; j < given.length; j++) {
        given[j] = Float.parseFloat(lines.get(j));
      }
      ExportedModel.near(specs.get(i).toString(), 1, expected.get(i), given);
      models.get(i).close();
    }
  }

  /** Writes rows and conditions; the results of ONNX Runtime, which other tests compare. */
  private static float[] expected(ExportedModel model, Path own) throws Exception {
    VaeSpec spec = model.spec;
    Random random = new Random(2);
    Matrix rows = Matrix.zeros(ROWS, spec.features());
    for (int i = 0; i < rows.values().length; i++) {
      boolean missing = spec.maskInput() && i % 5 == 2;
      rows.values()[i] = missing ? Float.NaN : (float) random.nextGaussian();
    }
    float[] x = model.input(rows);
    write(own.resolve("x"), x);
    OnnxRun run = new OnnxRun().put("x", x, model.dims(ROWS));
    if (spec.labelled()) {
      run.put("c", new long[] {LABELS[0], LABELS[1], LABELS[2]});
      write(own.resolve("c"), new float[] {LABELS[0], LABELS[1], LABELS[2]});
    } else if (spec.condition() != null) {
      float[] c = {1, -2, 0.5f, 3, 0, -1};
      run.put("c", c, ROWS, 2);
      write(own.resolve("c"), c);
    }
    Map<String, OnnxRun.Result> encoded = run.run(model.graph("encoder.onnx"));
    OnnxRun.Result mean = ExportedModel.result(encoded, "mean");
    float[] logvar = ExportedModel.result(encoded, "logvar").values();
    run.put("z", mean.values(), mean.dims());
    float[] parameters =
        ExportedModel.result(run.run(model.graph("decoder.onnx")), "parameters").values();
    ByteBuffer all =
        ByteBuffer.allocate(4 * (mean.values().length + logvar.length + parameters.length));
    all.asFloatBuffer().put(mean.values()).put(logvar).put(parameters);
    float[] joined = new float[all.capacity() / 4];
    all.asFloatBuffer().get(joined);
    return joined;
  }
}
