// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Statistics of two samples, with values that are published or follow by hand. */
final class TwoSampleTest {
  /** The examples of scipy.special.kolmogorov, and the customary critical values. */
  @Test
  void kolmogorovsDistribution() {
    assertEquals(1, Kolmogorov.upper(0));
    assertEquals(0.96394524, Kolmogorov.upper(0.5), 5e-9);
    assertEquals(0.26999967, Kolmogorov.upper(1), 5e-9);
    assertEquals(0.10, Kolmogorov.upper(1.22385), 1e-5);
    assertEquals(0.05, Kolmogorov.upper(1.35810), 1e-5);
    assertEquals(0.01, Kolmogorov.upper(1.62762), 1e-5);
    assertEquals(2 * Math.exp(-18), Kolmogorov.upper(3), 1e-20);
    assertEquals(Kolmogorov.upper(1.18 - 1e-12), Kolmogorov.upper(1.18), 1e-11);
    assertEquals(0, Kolmogorov.upper(1e6));
  }

  /** Table 26.8 of Abramowitz and Stegun, and closed forms of 2 and 4 degrees of freedom. */
  @Test
  void chiSquaredDistribution() {
    assertEquals(0.05, ChiSquaredTail.upper(1, 3.841458820694124), 1e-14);
    assertEquals(0.01, ChiSquaredTail.upper(1, 6.634896601021213), 1e-14);
    assertEquals(0.05, ChiSquaredTail.upper(10, 18.307038053275146), 1e-14);
    assertEquals(0.05, ChiSquaredTail.upper(100, 124.34211340400407), 1e-13);
    for (double x : new double[] {1e-6, 0.3, 2, 5.99, 40, 900}) {
      assertEquals(Math.exp(-x / 2), ChiSquaredTail.upper(2, x), 1e-14 * Math.exp(-x / 2) + 1e-16);
      double four = Math.exp(-x / 2) * (1 + x / 2);
      assertEquals(four, ChiSquaredTail.upper(4, x), 1e-13 * four + 1e-16);
    }
    assertEquals(1, ChiSquaredTail.upper(7, 0));
    assertEquals(0.5, ChiSquaredTail.upper(100_000, 100_000 - 2.0 / 3), 1e-5);
    assertEquals(0, ChiSquaredTail.upper(3, 1e5));
  }

  /** The example of scipy.stats.chi2_contingency. */
  @Test
  void levelsOfTwoSamples() {
    TestResult result = LevelCounts.test(new long[] {10, 10, 20}, new long[] {20, 20, 20});
    assertEquals(2.7777777777777777, result.statistic(), 1e-14);
    assertEquals(0.24935220877729614, result.pValue(), 1e-14);
    TestResult same = LevelCounts.test(new long[] {50, 150}, new long[] {10, 30});
    assertEquals(new TestResult(0, 1), same);
    assertEquals(
        LevelCounts.test(new long[] {10, 10, 20}, new long[] {20, 20, 20}),
        LevelCounts.test(new long[] {20, 10, 10}, new long[] {20, 20, 20}));
  }

  @Test
  void smallCellsArePooled() {
    TestResult pooled =
        LevelCounts.test(new long[] {40, 30, 20, 4, 3, 3}, new long[] {30, 40, 20, 4, 6, 0});
    assertEquals(
        LevelCounts.test(new long[] {40, 30, 20, 10}, new long[] {30, 40, 20, 10}), pooled);
    assertEquals(
        LevelCounts.test(new long[] {40, 32}, new long[] {30, 41}),
        LevelCounts.test(new long[] {40, 30, 2}, new long[] {30, 40, 1}),
        "a pooled cell that still is small is joined with the smallest other one");
    assertEquals(
        Proportions.test(10, 100_000, 30, 1000).pValue(),
        LevelCounts.test(new long[] {99_990, 10}, new long[] {970, 30}).pValue(),
        "where one cell is left, the most frequent level is tested against the others");
  }

  @Test
  void samplesThatAllowNoTest() {
    assertEquals(TestResult.NONE, LevelCounts.test(new long[] {3, 4}, new long[2]));
    assertEquals(TestResult.NONE, LevelCounts.test(new long[2], new long[] {3, 4}));
    assertEquals(TestResult.NONE, LevelCounts.test(new long[] {30, 0}, new long[] {40, 0}));
    assertEquals(TestResult.NONE, Proportions.test(0, 10, 0, 20));
    assertEquals(TestResult.NONE, Proportions.test(10, 10, 20, 20));
    assertEquals(TestResult.NONE, Proportions.test(0, 0, 20, 20));
    RankCounts none = new RankCounts(new double[0], 0);
    none.add(1);
    assertEquals(TestResult.NONE, none.kolmogorovSmirnov());
    assertEquals(Double.NaN, none.stability(10));
    assertEquals(TestResult.NONE, new RankCounts(new double[] {1}, 1).kolmogorovSmirnov());
  }

  /** Fisher's tea, the example of scipy.stats.fisher_exact, and a z test by hand. */
  @Test
  void twoProportions() {
    assertEquals(34.0 / 70, Proportions.test(3, 4, 1, 4).pValue(), 1e-14);
    assertEquals(132.0 / 1287, Proportions.test(6, 8, 1, 5).pValue(), 1e-14);
    assertEquals(132.0 / 1287, Proportions.test(1, 5, 6, 8).pValue(), 1e-14);
    assertEquals(132.0 / 1287, Proportions.test(4, 5, 2, 8).pValue(), 1e-14);
    assertEquals(1, Proportions.test(0, 3, 1, 1_000_000).pValue(), 1e-12);
    assertEquals(1.0 / 1001, Proportions.test(0, 1000, 1, 1).pValue(), 1e-14);
    // Shares of 0.3 and 0.4: z^2 = 0.01 / (0.35 0.65 0.02).
    TestResult z = Proportions.test(30, 100, 40, 100);
    assertEquals(0.01 / (0.35 * 0.65 * 0.02), z.statistic(), 1e-12);
    assertEquals(ChiSquaredTail.upper(1, z.statistic()), z.pValue());
    double far = Proportions.test(0, 100_000, 200, 1000).pValue();
    assertTrue(far >= 0 && far < 1e-300, "" + far);
  }

  /** D from the two distribution functions at all values. */
  private static double distance(double[] a, double[] b) {
    double most = 0;
    for (double x :
        IntStream.range(0, a.length + b.length)
            .mapToDouble(i -> i < a.length ? a[i] : b[i - a.length])
            .toArray()) {
      double inA = Arrays.stream(a).filter(v -> v <= x).count() / (double) a.length;
      double inB = Arrays.stream(b).filter(v -> v <= x).count() / (double) b.length;
      most = Math.max(most, Math.abs(inA - inB));
    }
    return most;
  }

  @Test
  void kolmogorovAndSmirnov() {
    Random random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      int grid = trial % 2 == 0 ? 5 : 1_000_000;
      double[] before = random.ints(1 + trial % 17, 0, grid).asDoubleStream().toArray();
      double[] now = random.ints(1 + trial % 13, 0, grid).asDoubleStream().toArray();
      RankCounts counts = new RankCounts(before, before.length);
      Arrays.stream(now).forEach(counts::add);
      TestResult result = counts.kolmogorovSmirnov();
      double expected = distance(before, now);
      assertEquals(expected, result.statistic(), 1e-15);
      double n = before.length;
      double m = now.length;
      assertEquals(Kolmogorov.upper(expected * Math.sqrt(n * m / (n + m))), result.pValue(), 1e-12);
    }
  }

  @Test
  void ranksDoNotDependOnTheOrderAndQuantilesCostHalfAStep() {
    Random random = new Random(4);
    double[] all = random.doubles(10_000).sorted().toArray();
    double[] quantiles = IntStream.range(0, 100).mapToDouble(i -> all[100 * i + 50]).toArray();
    List<Double> now = new ArrayList<>(random.doubles(5000).boxed().toList());
    RankCounts exact = new RankCounts(all, all.length);
    RankCounts rough = new RankCounts(quantiles, all.length);
    now.forEach(exact::add);
    now.forEach(rough::add);
    double d = exact.kolmogorovSmirnov().statistic();
    assertEquals(d, rough.kolmogorovSmirnov().statistic(), 0.5 / 100 + 1e-12);
    assertTrue(rough.kolmogorovSmirnov().pValue() >= exact.kolmogorovSmirnov().pValue());
    RankCounts shuffled = new RankCounts(quantiles, all.length);
    Collections.shuffle(now, random);
    now.forEach(shuffled::add);
    assertEquals(rough.kolmogorovSmirnov(), shuffled.kolmogorovSmirnov());
    assertEquals(rough.stability(10), shuffled.stability(10));
    assertEquals(5000, shuffled.count());
  }

  @Test
  void stabilityOfLevels() {
    // Shares of 20.5 / 61 and 40.5 / 61, before 30.5 / 61 twice.
    double expected =
        (20.5 - 30.5) / 61 * Math.log(20.5 / 30.5) + (40.5 - 30.5) / 61 * Math.log(40.5 / 30.5);
    assertEquals(expected, LevelCounts.stability(new long[] {30, 30}, new long[] {20, 40}), 1e-15);
    assertEquals(
        expected, LevelCounts.stability(new long[] {30, 0, 30}, new long[] {20, 0, 40}), 1e-15);
    assertEquals(0, LevelCounts.stability(new long[] {7, 9}, new long[] {7, 9}));
    assertEquals(Double.NaN, LevelCounts.stability(new long[] {7, 9}, new long[2]));
  }

  @Test
  void stabilityOfDeciles() {
    double[] hundred = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    RankCounts same = new RankCounts(hundred, 100);
    Arrays.stream(hundred).forEach(same::add);
    assertEquals(0, same.stability(10));
    RankCounts high = new RankCounts(hundred, 100);
    IntStream.range(0, 100).forEach(i -> high.add(95));
    long[] before = new long[10];
    long[] now = new long[10];
    Arrays.fill(before, 10);
    now[9] = 100;
    assertEquals(LevelCounts.stability(before, now), high.stability(10), 1e-15);
    // Nine tenths are 0, so that there are two bins.
    double[] zeros = new double[100];
    Arrays.setAll(zeros, i -> i < 90 ? 0 : i);
    RankCounts half = new RankCounts(zeros, 100);
    IntStream.range(0, 100).forEach(i -> half.add(i % 2));
    assertEquals(
        LevelCounts.stability(new long[] {90, 10}, new long[] {50, 50}), half.stability(10), 1e-15);
    RankCounts constant = new RankCounts(new double[] {4, 4, 4}, 3);
    constant.add(4);
    assertEquals(0, constant.stability(10));
    assertEquals(1, constant.kolmogorovSmirnov().pValue());
  }

  /** The example of Benjamini and Hochberg 1995, as scipy.stats.false_discovery_control has it. */
  @Test
  void falseDiscoveries() {
    double[] p = {
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.000
    };
    double[] expected = {
      0.0015,
      0.003,
      0.0095,
      0.035625,
      0.0603,
      0.06385714,
      0.06385714,
      0.0645,
      0.0765,
      0.486,
      0.58118182,
      0.714875,
      0.75323077,
      0.81321429,
      1
    };
    assertArrayEquals(expected, FalseDiscovery.adjust(p), 5e-9);
    assertArrayEquals(
        new double[] {Double.NaN, 0.04, 0.02, Double.NaN},
        FalseDiscovery.adjust(new double[] {Double.NaN, 0.04, 0.01, Double.NaN}),
        1e-15);
    assertEquals(0, FalseDiscovery.adjust(new double[0]).length);
  }

  @Test
  void theTwoZerosAreOneValue() {
    RankCounts counts = new RankCounts(new double[] {0.0, -0.0, 1}, 3);
    counts.add(0.0);
    counts.add(-0.0);
    counts.add(1);
    assertEquals(0, counts.kolmogorovSmirnov().statistic());
  }
}
