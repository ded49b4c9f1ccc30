// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One function for each op: the exhaustive switch over {@link Op} that Java 17 does not have.
 *
 * @param <C> what every function is given beside the op
 * @param <R> what every function returns
 */
public final class OpTable<C, R> {
  private final Map<Class<? extends Op>, BiFunction<C, Op, R>> functions;

  private OpTable(Map<Class<? extends Op>, BiFunction<C, Op, R>> functions) {
    this.functions = Map.copyOf(functions);
  }

  /**
   * Starts a table.
   *
   * @param <C> what every function is given beside the op
   * @param <R> what every function returns
   * @return a builder without functions
   */
  public static <C, R> Builder<C, R> start() {
    return new Builder<>();
  }

  /**
   * Calls the function of an op's class.
   *
   * @param context handed on
   * @param op the op
   * @return the function's result
   */
  public R apply(C context, Op op) {
    BiFunction<C, Op, R> function = functions.get(op.getClass());
    if (function == null) {
      throw new IllegalStateException("the table is complete, and has no " + op.getClass());
    }
    return function.apply(context, op);
  }

  /**
   * Collects the functions of a table.
   *
   * @param <C> what every function is given beside the op
   * @param <R> what every function returns
   */
  public static final class Builder<C, R> {
    private final Map<Class<? extends Op>, BiFunction<C, Op, R>> functions = new HashMap<>();

    private Builder() {}

    /**
     * Adds the function of an op.
     *
     * @param type the op's class
     * @param function for ops of that class
     * @param <T> the op
     * @return this
     * @throws IllegalStateException if the op has a function already
     */
    public <T extends Op> Builder<C, R> with(Class<T> type, BiFunction<C, T, R> function) {
      if (functions.put(type, (context, op) -> function.apply(context, type.cast(op))) != null) {
        throw new IllegalStateException("op table: " + type.getSimpleName() + " is there twice");
      }
      return this;
    }

    /**
     * Adds the function of an op that needs nothing but the op.
     *
     * @param type the op's class
     * @param function for ops of that class
     * @param <T> the op
     * @return this
     * @throws IllegalStateException if the op has a function already
     */
    public <T extends Op> Builder<C, R> with(Class<T> type, Function<T, R> function) {
      return with(type, (context, op) -> function.apply(op));
    }

    /**
     * Ends the table.
     *
     * @return the table
     * @throws IllegalStateException if an op has no function: a backend with an incomplete table
     *     does not load
     */
    public OpTable<C, R> complete() {
      List<String> missing = new ArrayList<>();
      for (Class<?> type : Op.class.getPermittedSubclasses()) {
        if (!functions.containsKey(type)) {
          missing.add(type.getSimpleName());
        }
      }
      if (!missing.isEmpty()) {
        throw new IllegalStateException("op table: there is no function for " + missing);
      }
      return new OpTable<>(functions);
    }
  }
}
