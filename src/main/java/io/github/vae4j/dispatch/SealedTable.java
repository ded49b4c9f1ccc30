// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A table with one function for each class of a sealed type. It replaces the exhaustive switch over
 * classes, which Java 17 lacks. If a class has no function, the table is not built, and the class
 * that has the table does not load.
 *
 * @param <S> the sealed type
 * @param <C> the type of the second argument of every function
 * @param <R> the type of every function's result
 */
public final class SealedTable<S, C, R> {
  private final Map<Class<? extends S>, BiFunction<C, S, R>> functions;

  private SealedTable(Map<Class<? extends S>, BiFunction<C, S, R>> functions) {
    this.functions = Map.copyOf(functions);
  }

  /**
   * Starts a table.
   *
   * @param sealed the sealed type
   * @param <S> the sealed type
   * @param <C> the type of the second argument of every function
   * @param <R> the type of every function's result
   * @return a builder without functions
   */
  public static <S, C, R> Builder<S, C, R> of(Class<S> sealed) {
    return new Builder<>(sealed);
  }

  /**
   * Calls the function for a member's class.
   *
   * @param context the second argument of the function
   * @param member of the sealed type
   * @return the function's result
   */
  public R apply(C context, S member) {
    BiFunction<C, S, R> function = functions.get(member.getClass());
    if (function == null) {
      throw new IllegalStateException("the table is complete, and has no " + member.getClass());
    }
    return function.apply(context, member);
  }

  /**
   * Builds a table.
   *
   * @param <S> the sealed type
   * @param <C> the type of the second argument of every function
   * @param <R> the type of every function's result
   */
  public static final class Builder<S, C, R> {
    private final Map<Class<? extends S>, BiFunction<C, S, R>> functions = new HashMap<>();

    private final Class<S> sealed;

    private Builder(Class<S> sealed) {
      this.sealed = sealed;
    }

    /**
     * Adds the function for a class.
     *
     * @param type a class of the sealed type
     * @param function for members of that class
     * @param <T> the class
     * @return this
     * @throws IllegalStateException if the class already has a function
     */
    public <T extends S> Builder<S, C, R> with(Class<T> type, BiFunction<C, T, R> function) {
      if (functions.put(type, (context, member) -> function.apply(context, type.cast(member)))
          != null) {
        throw new IllegalStateException(
            sealed.getSimpleName() + " table: " + type.getSimpleName() + " is there twice");
      }
      return this;
    }

    /**
     * Adds the function for a class, without the second argument.
     *
     * @param type a class of the sealed type
     * @param function for members of that class
     * @param <T> the class
     * @return this
     * @throws IllegalStateException if the class already has a function
     */
    public <T extends S> Builder<S, C, R> with(Class<T> type, Function<T, R> function) {
      return with(type, (context, member) -> function.apply(member));
    }

    /**
     * Completes the table.
     *
     * @return the table
     * @throws IllegalStateException if a class has no function
     */
    public SealedTable<S, C, R> complete() {
      List<String> missing = new ArrayList<>();
      Class<?>[] members = sealed.getPermittedSubclasses();
      if (members == null) {
        throw new IllegalStateException(sealed + " is not sealed");
      }
      for (Class<?> type : members) {
        if (!functions.containsKey(type)) {
          missing.add(type.getSimpleName());
        }
      }
      if (!missing.isEmpty()) {
        throw new IllegalStateException(
            sealed.getSimpleName() + " table: there is no function for " + missing);
      }
      return new SealedTable<>(functions);
    }
  }
}
