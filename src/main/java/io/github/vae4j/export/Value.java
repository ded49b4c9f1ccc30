// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of a graph. Its methods add the node of a function to the graph and give its result;
 * shapes of operands are broadcast as in NumPy.
 *
 * @param graph that has it
 * @param name of it there
 * @param type of its elements
 */
record Value(Graph graph, String name, ElementType type) {
  private Value binary(String operator, Value other) {
    return graph.node(operator, type, List.of(this, other), new Attributes());
  }

  private Value unary(String operator) {
    return graph.node(operator, type, List.of(this), new Attributes());
  }

  /** The same tensor for the nodes of a graph inside its own. */
  Value in(Graph inner) {
    return new Value(inner, name, type);
  }

  Value number(double number) {
    return graph.scalar(type, number);
  }

  Value plus(Value other) {
    return binary("Add", other);
  }

  Value plus(double number) {
    return number == 0 ? this : plus(number(number));
  }

  Value minus(Value other) {
    return binary("Sub", other);
  }

  Value times(Value other) {
    return binary("Mul", other);
  }

  Value times(double number) {
    return number == 1 ? this : times(number(number));
  }

  Value over(Value other) {
    return binary("Div", other);
  }

  Value squared() {
    return times(this);
  }

  Value negative() {
    return unary("Neg");
  }

  Value abs() {
    return unary("Abs");
  }

  Value exp() {
    return unary("Exp");
  }

  Value log() {
    return unary("Log");
  }

  Value tanh() {
    return unary("Tanh");
  }

  Value sigmoid() {
    return unary("Sigmoid");
  }

  Value floor() {
    return unary("Floor");
  }

  /** The nearest whole number; of two the even one. */
  Value rounded() {
    return unary("Round");
  }

  Value atLeast(double number) {
    return binary("Max", number(number));
  }

  Value atMost(double number) {
    return binary("Min", number(number));
  }

  private Value compared(String operator, Value other) {
    return graph.node(operator, ElementType.BOOL, List.of(this, other), new Attributes());
  }

  Value below(double number) {
    return compared("Less", number(number));
  }

  Value above(double number) {
    return compared("Greater", number(number));
  }

  Value is(double number) {
    return compared("Equal", number(number));
  }

  Value is(Value other) {
    return compared("Equal", other);
  }

  Value isNan() {
    return graph.node("IsNaN", ElementType.BOOL, List.of(this), new Attributes());
  }

  Value not() {
    return unary("Not");
  }

  /** One of two values, by this one, BOOL. */
  Value choose(Value yes, Value no) {
    return graph.node("Where", yes.type, List.of(this, yes, no), new Attributes());
  }

  Value as(ElementType other) {
    return other == type
        ? this
        : graph.node("Cast", other, List.of(this), new Attributes().whole("to", other.number()));
  }

  /**
   * log(1 + x) without cancellation: the rounding error of 1 + x is in the numerator and in the
   * denominator (Goldberg 1991, "What every computer scientist should know about floating-point
   * arithmetic", theorem 4).
   */
  Value log1p() {
    Value sum = plus(1);
    Value part = sum.minus(number(1));
    Value exact = part.is(0);
    return exact.choose(this, sum.log().times(over(exact.choose(number(1), part))));
  }

  /** log(1 + exp(x)). */
  Value softplus() {
    return atLeast(0).plus(abs().negative().exp().log1p());
  }

  /** (1 - exp(-x)) for x of 0 or more, without cancellation. */
  Value oneMinusExp() {
    Value power = negative().exp();
    Value rest = power.negative().plus(1);
    Value near = below(0.5);
    // In the same way as log1p: (1 - u) x / -log u, with u = exp(-x) rounded.
    Value safe = near.choose(power, number(0.5));
    Value unit = safe.is(1);
    Value quotient = rest.times(this).over(unit.choose(number(1), safe.log().negative()));
    return near.choose(unit.choose(this, quotient), rest);
  }

  /** log(1 - exp(-x)) for x above 0. */
  Value log1mExp() {
    return below(Math.log(2)).choose(oneMinusExp().log(), negative().exp().negative().log1p());
  }

  private Value reduced(String operator, int... axes) {
    long[] numbers = Arrays.stream(axes).asLongStream().toArray();
    if (operator.equals("ReduceSum")) {
      return graph.node(
          operator,
          type,
          List.of(this, graph.constant(numbers, numbers.length)),
          new Attributes().whole("keepdims", 0));
    }
    return graph.node(
        operator,
        type,
        List.of(this),
        new Attributes().wholes("axes", numbers).whole("keepdims", 0));
  }

  Value sum(int... axes) {
    return reduced("ReduceSum", axes);
  }

  Value mean(int... axes) {
    return reduced("ReduceMean", axes);
  }

  Value logSumExp(int... axes) {
    return reduced("ReduceLogSumExp", axes);
  }

  Value logSoftmax(int axis) {
    return graph.node("LogSoftmax", type, List.of(this), new Attributes().whole("axis", axis));
  }

  Value softmax(int axis) {
    return graph.node("Softmax", type, List.of(this), new Attributes().whole("axis", axis));
  }

  /** The number of the greatest value on an axis, without that axis; INT64. */
  Value argMax(int axis) {
    return graph.node(
        "ArgMax",
        ElementType.INT64,
        List.of(this),
        new Attributes().whole("axis", axis).whole("keepdims", 0));
  }

  Value product(Value matrix) {
    return binary("MatMul", matrix);
  }

  /** The same elements in another shape; 0 is a size of this shape, -1 one that follows. */
  Value reshape(long... dims) {
    return reshape(graph.constant(dims, dims.length));
  }

  Value reshape(Value dims) {
    return binary("Reshape", dims);
  }

  Value transposed(long... order) {
    return graph.node("Transpose", type, List.of(this), new Attributes().wholes("perm", order));
  }

  /** Elements from, inclusive, to another, exclusive, on an axis. */
  Value slice(int axis, long from, long to) {
    return graph.node(
        "Slice",
        type,
        List.of(
            this,
            graph.constant(new long[] {from}, 1),
            graph.constant(new long[] {to}, 1),
            graph.constant(new long[] {axis}, 1)),
        new Attributes());
  }

  Value with(int axis, Value... others) {
    List<Value> all = new ArrayList<>(List.of(this));
    all.addAll(List.of(others));
    return graph.node("Concat", type, all, new Attributes().whole("axis", axis));
  }

  /** The sizes, INT64. */
  Value sizes() {
    return graph.node("Shape", ElementType.INT64, List.of(this), new Attributes());
  }

  /** Further axes of size 1 at places of the result. */
  Value withAxes(long... axes) {
    return binary("Unsqueeze", graph.constant(axes, axes.length));
  }

  Value repeated(Value sizes) {
    return binary("Expand", sizes);
  }
}
