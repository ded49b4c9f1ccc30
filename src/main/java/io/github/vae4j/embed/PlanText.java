// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.OpMembers;
import io.github.vae4j.backend.op.OpMembers.Member;
import io.github.vae4j.embed.RecordingBackend.Recorded;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Plan} as lines of text, as docs/checkpoint-format.md has them. The plan is written once
 * for each of {@link Sizes#EXAMPLES}; texts must agree, and the numbers of all become a {@link
 * Formula}.
 */
final class PlanText {
  /** A part of the text: a word, or a number that depends on the sizes. */
  private record Token(@Nullable String word, long number) {}

  private final List<Token> tokens = new ArrayList<>();
  private final Map<Memory, String> names = new LinkedHashMap<>();

  private PlanText(Plan plan, Memory parameters) {
    word("plan ").word(plan.name()).word("\n");
    names.put(parameters, "w");
    for (Tensor tensor : plan.operands()) {
      addBuffer(tensor);
    }
    plan.tensors()
        .forEach((name, tensor) -> word("tensor ").word(name).word(" ").tensor(tensor).word("\n"));
    plan.programs()
        .forEach(
            (name, ops) -> {
              word("program ").word(name).word("\n");
              ops.forEach(this::op);
            });
  }

  /**
   * The text of plans that differ in their sizes alone.
   *
   * @param plans one for each of {@link Sizes#EXAMPLES}
   * @param parameters the memory of the weights in each plan
   */
  static String of(List<Plan> plans, List<Memory> parameters) {
    List<List<Token>> all = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      all.add(new PlanText(plans.get(i), parameters.get(i)).tokens);
    }
    List<Token> first = all.get(0);
    for (int i = 1; i < all.size(); i++) {
      if (!words(first).equals(words(all.get(i)))) {
        throw new IllegalStateException(
            "plan "
                + plans.get(i).name()
                + ": its ops depend on the sizes "
                + Sizes.EXAMPLES.get(i));
      }
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < first.size(); at++) {
      int place = at;
      String word = first.get(at).word;
      text.append(
          word == null
              ? Formula.of(all.stream().mapToLong(tokens -> tokens.get(place).number).toArray())
              : word);
    }
    return text.toString();
  }

  /** The words, with null for each number. */
  private static List<@Nullable String> words(List<Token> tokens) {
    List<@Nullable String> words = new ArrayList<>();
    tokens.forEach(token -> words.add(token.word));
    return words;
  }

  /** The operands of an op that are there. */
  static Stream<Tensor> operands(Op op) {
    return OpMembers.of(op).stream()
        .map(Member::value)
        .filter(Tensor.class::isInstance)
        .map(Tensor.class::cast);
  }

  private void addBuffer(Tensor tensor) {
    Memory memory = tensor.buffer().memory();
    if (names.containsKey(memory)) {
      return;
    }
    names.put(memory, "b" + (names.size() - 1));
    boolean wide = tensor.type() == DType.FLOAT64;
    word("buffer ").word(wide ? "f64 " : "f32 ");
    number(memory.bytes() / tensor.type().bytes());
    float initial = ((Recorded) memory).initial();
    word(initial == 0 ? "\n" : " " + initial + "\n");
  }

  private void op(Op op) {
    word(op.name());
    for (Member member : OpMembers.of(op)) {
      word(" ").word(member.name()).word("=");
      Object value = member.value();
      if (value == null) {
        word("-");
      } else if (value instanceof Tensor tensor) {
        tensor(tensor);
      } else if (value instanceof Long number) {
        number(number);
      } else if (value instanceof Double number) {
        word(number.toString());
      } else {
        word("'").word((String) value).word("'");
      }
    }
    word("\n");
  }

  /** As in {@code b3+20B(B,784)}: the buffer, the first element, the sizes. */
  private PlanText tensor(Tensor tensor) {
    word(String.valueOf(names.get(tensor.buffer().memory())));
    word("+").number(tensor.buffer().byteOffset() / tensor.type().bytes());
    for (int i = 0; i < tensor.rank(); i++) {
      word(i == 0 ? "(" : ",").number(tensor.dim(i));
    }
    return word(")");
  }

  private PlanText word(String word) {
    tokens.add(new Token(word, 0));
    return this;
  }

  private PlanText number(long number) {
    tokens.add(new Token(null, number));
    return this;
  }
}
