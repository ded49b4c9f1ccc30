// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.cli.Subprocess;
import io.github.vae4j.train.EpochMetrics;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TrainingChartTest {
  private static List<EpochMetrics> epochs(int count, double test) {
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      double elbo = -100 - 50.0 / i;
      epochs.add(
          new EpochMetrics(
              i, i, elbo, elbo + 20, 20, elbo, 0, test + elbo, test, 21, 1, 1, 1e-3, 1, 1, 0));
    }
    return epochs;
  }

  /** How many pixels are of a series' colour: strongly coloured, as text and grid are grey. */
  private static long coloured(BufferedImage picture, boolean blue) {
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    return Arrays.stream(pixels)
        .filter(
            rgb -> {
              int red = rgb >> 16 & 255;
              int green = rgb >> 8 & 255;
              int b = rgb & 255;
              return blue ? b > 200 && red < 60 && green < 60 : green > 100 && red < 60 && b < 60;
            })
        .count();
  }

  @Test
  void hasThreePanelsWithBothCurves(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("training.png");
    TrainingChart.write(epochs(10, -3), file);
    BufferedImage picture = ImageIO.read(file.toFile());
    assertEquals(1560, picture.getWidth());
    for (int panel = 0; panel < 3; panel++) {
      BufferedImage part = picture.getSubimage(520 * panel, 0, 520, picture.getHeight());
      assertTrue(coloured(part, true) > 300, "train in panel " + panel);
      assertTrue(coloured(part, false) > 300, "test in panel " + panel);
    }
  }

  @Test
  void withoutTestDataThereIsOneCurve() {
    List<EpochMetrics> epochs = new ArrayList<>();
    for (EpochMetrics e : epochs(200, Double.NaN)) {
      epochs.add(
          new EpochMetrics(
              e.epoch(),
              1,
              e.trainElbo(),
              1,
              1,
              1,
              0,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              1,
              1,
              1,
              1,
              1,
              0));
    }
    BufferedImage picture = TrainingChart.draw(epochs);
    assertTrue(coloured(picture, true) > 500);
    assertEquals(0, coloured(picture, false));
  }

  @Test
  void oneEpochIsAPoint() {
    assertTrue(coloured(TrainingChart.draw(epochs(1, -3)), true) > 20);
  }

  @Test
  void nothingFiniteIsAnEmptyChart() {
    EpochMetrics nan =
        new EpochMetrics(
            1,
            1,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            1,
            1,
            1,
            1,
            1,
            0);
    assertEquals(0, coloured(TrainingChart.draw(List.of(nan)), true));
  }

  /** A machine without fonts, in a process of its own. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutFontsTheRunGoesOn(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data.csv");
    Files.writeString(data, "a,b\n0,1\n1,0\n0.5,0.5\n0.2,0.1\n");
    Path fonts = folder.resolve("fonts.conf");
    Files.writeString(fonts, "<fontconfig><dir>" + folder + "/none</dir></fontconfig>");
    Path out = folder.resolve("run");
    Subprocess.Ended ended =
        Subprocess.start(
                folder,
                Map.of("FONTCONFIG_FILE", fonts.toString()),
                List.of("-Duser.home=" + folder),
                "train",
                "--data=" + data,
                "--out=" + out,
                "--epochs=1",
                "--latent=1",
                "--hidden=3",
                "--backend=reference")
            .join();
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.err().contains("warning: training.png is not drawn"), ended.err());
    assertTrue(Files.exists(out.resolve("model.safetensors")), ended.err());
    assertTrue(Files.notExists(out.resolve("training.png")), ended.err());
  }
}
