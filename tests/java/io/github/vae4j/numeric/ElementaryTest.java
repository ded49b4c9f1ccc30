// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.numeric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The largest errors, in units in the last place. With {@code -Dvae4j.elementary.arguments=200000}
 * it printed, on 29 November 2026: exp 0.654, expm1 0.704, log 0.605, log1p 0.604, tanh 0.702, sin
 * 0.794, cos 0.724, pow 0.693.
 */
final class ElementaryTest {
  private static final Integer ARGUMENTS = Integer.getInteger("vae4j.elementary.arguments");
  private static final int COUNT = ARGUMENTS == null ? 2000 : ARGUMENTS;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double MIN = Double.MIN_VALUE;
  private static final double MAX = Double.MAX_VALUE;

  /** A function, its exact value, and its arguments of uniforms in (0, 1). */
  private record Case(
      String name,
      DoubleUnaryOperator function,
      DoubleUnaryOperator other,
      UnaryOperator<BigDecimal> exact,
      List<DoubleUnaryOperator> arguments) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static DoubleUnaryOperator between(double low, double high) {
    return u -> low + (high - low) * u;
  }

  /** Of both signs, log-uniform in size. */
  private static DoubleUnaryOperator sizes(int low, int high) {
    return u -> {
      double size = StrictMath.pow(2, low + (high - low) * Math.abs(2 * u - 1));
      return u < 0.5 ? -size : size;
    };
  }

  private static DoubleUnaryOperator positive(DoubleUnaryOperator arguments) {
    return u -> Math.abs(arguments.applyAsDouble(u));
  }

  static List<Case> cases() {
    return List.of(
        new Case(
            "exp",
            Elementary::exp,
            StrictMath::exp,
            Digits::exp,
            List.of(between(-1, 1), between(-745, 709.7), between(-40, 40), sizes(-60, 9))),
        new Case(
            "expm1",
            Elementary::expm1,
            StrictMath::expm1,
            Digits::expm1,
            List.of(between(-1, 1), between(-60, 60), between(0.2, 1.2), sizes(-1070, 9))),
        new Case(
            "log",
            Elementary::log,
            StrictMath::log,
            Digits::log,
            List.of(
                between(0, 1),
                between(0.6, 1.5),
                between(0.99, 1.01),
                positive(sizes(-1074, 1023)))),
        new Case(
            "log1p",
            Elementary::log1p,
            StrictMath::log1p,
            Digits::log1p,
            List.of(
                between(-1, 1), between(-0.999999, 5), sizes(-60, -1), positive(sizes(-60, 1023)))),
        new Case(
            "tanh",
            Elementary::tanh,
            StrictMath::tanh,
            Digits::tanh,
            List.of(between(-1, 1), between(-21, 21), between(0.1, 0.6), sizes(-60, 5))),
        new Case(
            "sin",
            Elementary::sin,
            StrictMath::sin,
            Digits::sin,
            List.of(between(0, 2 * Math.PI), ElementaryTest::turns, near(Math.PI), sizes(-60, 2))),
        new Case(
            "cos",
            Elementary::cos,
            StrictMath::cos,
            Digits::cos,
            List.of(
                between(0, 2 * Math.PI), ElementaryTest::turns, near(Math.PI / 2), sizes(-60, 2))));
  }

  /** The angles of Philox. */
  private static double turns(double u) {
    return 2 * Math.PI * (Math.floor(u * 0x1p24) * 0x1p-24);
  }

  private static DoubleUnaryOperator near(double period) {
    DoubleUnaryOperator sizes = sizes(-52, -5);
    return u -> period * (1 + sizes.applyAsDouble(u));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void errsByLessThanAUnitInTheLastPlace(Case tested) {
    SplittableRandom random = new SplittableRandom(1);
    double most = 0;
    double at = 0;
    for (int i = 0; i < COUNT; i++) {
      DoubleUnaryOperator arguments = tested.arguments.get(i % tested.arguments.size());
      double x = arguments.applyAsDouble(random.nextDouble());
      if (tested.other.applyAsDouble(x) == -INFINITY) {
        continue;
      }
      double error = error(tested.exact.apply(new BigDecimal(x)), tested.function.applyAsDouble(x));
      if (error > most) {
        most = error;
        at = x;
      }
    }
    report(tested.name, most, "at " + at);
  }

  private static void report(String name, double most, String where) {
    if (ARGUMENTS != null) {
      System.out.println(name + ": " + most + " units " + where);
    }
    assertTrue(most > 0.4 && most < 0.85, name + ": " + most + " units " + where);
  }

  private static double error(BigDecimal exact, double result) {
    double unit = Math.ulp(exact.doubleValue());
    return exact
        .subtract(new BigDecimal(result))
        .divide(new BigDecimal(unit), MathContext.DECIMAL64)
        .abs()
        .doubleValue();
  }

  @Test
  void powersErrByLessThanAUnitInTheLastPlace() {
    SplittableRandom random = new SplittableRandom(1);
    DoubleUnaryOperator bases = positive(sizes(-1074, 1023));
    double most = 0;
    String at = "";
    for (int i = 0; i < COUNT; i++) {
      boolean small = i % 2 == 0;
      double x = small ? random.nextDouble() : bases.applyAsDouble(random.nextDouble());
      double reach = 744 / Math.abs(StrictMath.log(x));
      double y = (2 * random.nextDouble() - 1) * (small ? Math.min(reach, 100) : reach);
      double power = StrictMath.pow(x, y);
      if (power > 0 && power <= MAX && x != 1) {
        BigDecimal exact = Digits.pow(new BigDecimal(x), new BigDecimal(y));
        double error = error(exact, Elementary.pow(x, y));
        if (error > most) {
          most = error;
          at = "at " + x + ", " + y;
        }
      }
    }
    report("pow", most, at);
  }

  /** Arguments at which StrictMath's results are exact, or known to be the nearest numbers. */
  @ParameterizedTest
  @MethodSource("cases")
  void hasTheValuesOfStrictMathAtTheEdges(Case tested) {
    double[] edges = {0, -0.0, MIN, -MIN, INFINITY, -INFINITY, Double.NaN, 1e-310, -1e-310, 1e-20};
    boolean ofAngle = tested.name.equals("sin") || tested.name.equals("cos");
    for (double x : edges) {
      if (!Double.isInfinite(x) || !ofAngle) {
        assertEquals(
            tested.other.applyAsDouble(x), tested.function.applyAsDouble(x), at(tested, x));
      }
    }
    double[] extremes = {MAX, -MAX, 1000, -1000, 800, -800, 710, -746, -1, 45.5, -41, 20.5, -20.5};
    for (double x : extremes) {
      double expected = tested.other.applyAsDouble(x);
      if (!ofAngle) {
        double allowed = Double.isFinite(expected) ? Math.ulp(expected) : 0;
        assertEquals(expected, tested.function.applyAsDouble(x), allowed, at(tested, x));
      } else if (Math.abs(x) > 7) {
        assertEquals(Double.NaN, tested.function.applyAsDouble(x), at(tested, x));
      }
    }
  }

  private static String at(Case tested, double x) {
    return tested.name + " at " + x;
  }

  @Test
  void powersHaveTheValuesOfMathAtTheEdges() {
    DoubleBinaryOperator pow = Elementary::pow;
    double[] bases = {0, MIN, 1e-310, 0.5, 1 - 0x1p-53, 1, 1 + 0x1p-52, 2, MAX, INFINITY};
    double[] exponents = {0, -0.0, MIN, 1, 2, 1e300, 0x1p65, 0x1p70, INFINITY, Double.NaN};
    for (double x : bases) {
      for (double y : exponents) {
        for (double signed : new double[] {y, -y}) {
          double expected = StrictMath.pow(x, signed);
          double allowed = Double.isFinite(expected) ? Math.ulp(expected) : 0;
          assertEquals(expected, pow.applyAsDouble(x, signed), allowed, x + "^" + signed);
        }
      }
    }
    assertEquals(1, Elementary.pow(Double.NaN, 0));
    assertEquals(Double.NaN, Elementary.pow(Double.NaN, 1));
    assertEquals(Double.NaN, Elementary.pow(-2, 2));
    assertEquals(1, Elementary.pow(-2, 0));
  }

  @Test
  void constantsOfTheReductionsAreThoseOfExactArithmetic() {
    assertEquals(1, Elementary.exp(0));
    assertEquals(0.0, Elementary.log(1));
    assertEquals(Math.E, Elementary.exp(1));
    for (int k = -1022; k < 1024; k++) {
      double power = Math.scalb(1.0, k);
      double log = Digits.LN_2.multiply(BigDecimal.valueOf(k)).doubleValue();
      assertEquals(log, Elementary.log(power), Math.ulp(log) / 2);
    }
    assertEquals(
        Digits.PI.subtract(new BigDecimal(Math.PI)).doubleValue(), Elementary.sin(Math.PI));
  }
}
