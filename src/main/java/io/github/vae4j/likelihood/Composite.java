// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Columns of different kinds: each part has a likelihood of its own, and given z the parts are
 * independent (Nazabal et al. 2020, "Handling incomplete heterogeneous data using VAEs", section
 * 3.1). The nll is the sum of the parts' nlls. The decoder's outputs are those of the first part,
 * then those of the second, ...; the shared parameters have the same order.
 *
 * <p>The text form is {@code composite:0-9=gaussian-learned;10=poisson;11-=bernoulli}: columns are
 * numbered from 0, a part contains both of its ends, and the last part may have an open end.
 *
 * @param parts in the order of their columns; every column is in one
 */
public record Composite(List<Part> parts) implements Likelihood {
  /** The registry's name. */
  public static final String NAME = "composite";

  /**
   * Columns with one likelihood.
   *
   * @param first the first column
   * @param last the last column; {@link #OPEN} for all columns from the first, possibly none
   * @param likelihood of the columns
   */
  public record Part(int first, int last, Likelihood likelihood) {
    /** The last column of a part with an open end. */
    public static final int OPEN = Integer.MAX_VALUE;

    @Override
    public String toString() {
      String end = last == OPEN ? "-" : last == first ? "" : "-" + last;
      return first + end + "=" + likelihood;
    }
  }

  /** Sorts the parts and checks that each column is in exactly one. {@inheritDoc} */
  public Composite {
    parts = parts.stream().sorted(Comparator.comparingInt(Part::first)).toList();
    if (parts.isEmpty()) {
      throw wrong("expected a part or more, given none");
    }
    int next = 0;
    for (Part part : parts) {
      if (part.likelihood instanceof Composite) {
        throw wrong("a part cannot be composite itself, given " + part);
      }
      if (part.last < part.first) {
        throw wrong("a part's last column comes before its first, given " + part);
      }
      if (part.first != next) {
        throw wrong(
            part.first > next
                ? "column " + next + " has no likelihood"
                : "column " + part.first + " has two likelihoods");
      }
      part.likelihood.parameters(part.last == Part.OPEN ? 1 : part.last - part.first + 1);
      next = part.last == Part.OPEN ? Part.OPEN : part.last + 1;
    }
  }

  static Composite parse(String text) {
    int colon = text.indexOf(':');
    String parts = colon < 0 ? "" : text.substring(colon + 1);
    return new Composite(
        parts.isBlank()
            ? List.of()
            : Arrays.stream(parts.split(";", -1)).map(Composite::part).toList());
  }

  private static Part part(String text) {
    int equals = text.indexOf('=');
    String columns = equals < 0 ? text : text.substring(0, equals);
    int dash = columns.indexOf('-');
    try {
      int first = Integer.parseInt((dash < 0 ? columns : columns.substring(0, dash)).strip());
      String end = dash < 0 ? "" + first : columns.substring(dash + 1).strip();
      int last = end.isEmpty() ? Part.OPEN : Integer.parseInt(end);
      if (equals >= 0) {
        return new Part(first, last, Likelihoods.parse(text.substring(equals + 1).strip()));
      }
    } catch (NumberFormatException e) {
      throw badPart(text, e);
    }
    throw badPart(text, null);
  }

  private static IllegalArgumentException badPart(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        NAME
            + ": expected parts such as 0-9=gaussian;10=poisson;11-=bernoulli, given \""
            + text.strip()
            + "\"",
        cause);
  }

  private static IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(NAME + ": " + problem);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int parameters(int features) {
    return blocks(features).stream().mapToInt(Block::parameters).sum();
  }

  @Override
  public int shared(int features) {
    return blocks(features).stream().mapToInt(Block::sharedCount).sum();
  }

  @Override
  public List<Block> blocks(int features) {
    Part end = parts.get(parts.size() - 1);
    boolean fits = end.last == Part.OPEN ? features >= end.first : features == end.last + 1;
    if (!fits) {
      throw wrong("expected rows of " + columns(end) + " columns, given " + features);
    }
    List<Block> blocks = new ArrayList<>();
    int parameter = 0;
    int shared = 0;
    for (Part part : parts) {
      int columns = Math.min(part.last, features - 1) - part.first + 1;
      if (columns > 0) {
        Block block = new Block(part.likelihood, part.first, columns, parameter, shared);
        blocks.add(block);
        parameter = Math.addExact(parameter, block.parameters());
        shared += block.sharedCount();
      }
    }
    return blocks;
  }

  private static String columns(Part end) {
    return end.last == Part.OPEN ? end.first + " or more" : "" + (end.last + 1);
  }

  @Override
  public boolean isDensity() {
    return parts.stream().anyMatch(part -> part.likelihood.isDensity());
  }

  @Override
  public String support() {
    return "the values of the model of its column";
  }

  @Override
  public String support(int feature) {
    Part part = part(feature);
    return part == null ? "no column " + feature : part.likelihood.support(feature - part.first);
  }

  @Override
  public boolean supports(int feature, double x) {
    Part part = part(feature);
    return part != null && part.likelihood.supports(feature - part.first, x);
  }

  @Override
  public boolean isLikelihoodAt(int feature, double x) {
    Part part = part(feature);
    return part != null && part.likelihood.isLikelihoodAt(feature - part.first, x);
  }

  private @Nullable Part part(int feature) {
    for (Part part : parts) {
      if (feature >= part.first && feature <= part.last) {
        return part;
      }
    }
    return null;
  }

  @Override
  public double negativeLogLikelihood(
      double[] parameters, double[] x, boolean @Nullable [] observed, double[] gradient) {
    double sum = 0;
    int outputs = parameters(x.length);
    for (Block block : blocks(x.length)) {
      double[] own = block.own(parameters, outputs);
      double[] ownX = new double[block.columns()];
      System.arraycopy(x, block.column(), ownX, 0, ownX.length);
      boolean @Nullable [] ownObserved = null;
      if (observed != null) {
        ownObserved = new boolean[ownX.length];
        System.arraycopy(observed, block.column(), ownObserved, 0, ownX.length);
      }
      double[] ownGradient = new double[own.length];
      sum += block.likelihood().negativeLogLikelihood(own, ownX, ownObserved, ownGradient);
      int count = block.parameters();
      System.arraycopy(ownGradient, 0, gradient, block.parameter(), count);
      System.arraycopy(ownGradient, count, gradient, outputs + block.shared(), block.sharedCount());
    }
    return sum;
  }

  @Override
  public void mean(double[] parameters, double[] mean) {
    each(parameters, mean, Likelihood::mean);
  }

  @Override
  public void sample(double[] parameters, RandomGenerator random, double[] sample) {
    each(parameters, sample, (likelihood, own, x) -> likelihood.sample(own, random, x));
  }

  private interface Filler {
    void fill(Likelihood likelihood, double[] parameters, double[] x);
  }

  private void each(double[] parameters, double[] x, Filler filler) {
    int outputs = parameters(x.length);
    for (Block block : blocks(x.length)) {
      double[] own = new double[block.columns()];
      filler.fill(block.likelihood(), block.own(parameters, outputs), own);
      System.arraycopy(own, 0, x, block.column(), own.length);
    }
  }

  @Override
  public String toString() {
    return parts.stream().map(Part::toString).collect(Collectors.joining(";", NAME + ":", ""));
  }
}
