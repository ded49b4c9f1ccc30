// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.KernelSources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kernel source without one fence, wait, atomic or barrier, which order accesses to global
 * memory. A search by form finds all of them, so that a new one is tested, too.
 *
 * @param file the source or header
 * @param line the line of the removed code
 * @param what the removed code
 * @param text the file without it
 * @param instruction found in the PTX of each module that the mutation can change
 */
record Mutation(String file, int line, String what, String text, Pattern instruction) {
  private static final Pattern FENCE =
      Pattern.compile("__threadfence(?:_block|_system)?\\s*\\(\\s*\\)\\s*;");
  private static final String ASM = "asm\\s+volatile\\s*\\(\\s*\"\\s*";
  private static final Pattern ASM_FENCE =
      Pattern.compile(ASM + "(?:fence|membar)\\.[^\"]*\"[^)]*\\)\\s*;");
  private static final Pattern ASM_ORDER =
      Pattern.compile(ASM + "(?:st|ld|atom|red)[^\"]*?(\\.(?:release|acquire|acq_rel))\\b");
  private static final Pattern WARP_FENCE = Pattern.compile("__syncwarp\\s*\\([^()]*\\)\\s*;");
  private static final Pattern ATOMIC = Pattern.compile("\\batomic(\\w+)\\s*\\(");
  private static final Pattern WHILE = Pattern.compile("\\bwhile\\s*\\(");

  /** A function, up to the brace that opens its body. */
  private static final Pattern FUNCTION = Pattern.compile("\\b(\\w+)\\s*\\([^(){};]*\\)\\s*\\{");

  private static final Pattern STRONG_LOAD =
      Pattern.compile("\"\\s*ld\\.(?:[\\w:]+\\.)*?(?:volatile|relaxed|acquire)\\b");

  private static final Pattern IN_FENCES = Pattern.compile("\\b(?:membar|fence)\\.");
  private static final Pattern IN_ORDERS = Pattern.compile("\\.(?:release|acquire|acq_rel)\\b");
  private static final Pattern IN_WARP_FENCES = Pattern.compile("\\bbar\\.warp\\.sync\\b");
  private static final Pattern IN_ATOMICS = Pattern.compile("\\b(?:atom|red)\\.");
  private static final Pattern IN_WAITS =
      Pattern.compile("\\bld\\.(?:volatile|relaxed|acquire)\\b");

  /** The effect of each atomic, by a load and a store. */
  private static final Map<String, String> PLAIN =
      Map.of(
          "Add", "T old = *p; *p = old + v; return old;",
          "Inc", "T old = *p; *p = old >= v ? 0 : old + 1; return old;",
          "Exch", "T old = *p; *p = v; return old;",
          "Or", "T old = *p; *p = old | v; return old;",
          "Max", "T old = *p; *p = old > v ? old : v; return old;",
          "Min", "T old = *p; *p = old < v ? old : v; return old;");

  @Override
  public String toString() {
    return file + ":" + line + " without " + what;
  }

  /** All mutations of files, which are given by name. */
  static List<Mutation> of(Map<String, String> files) {
    Set<String> fences = new TreeSet<>();
    Set<String> loads = new TreeSet<>();
    files.values().forEach(text -> findHelpers(withoutComments(text), fences, loads));
    List<Mutation> all = new ArrayList<>();
    files.forEach((name, text) -> new Scan(name, text, all).scan(fences, loads));
    return all;
  }

  /** Finds functions that are only a fence, and functions with a strong load. */
  private static void findHelpers(String code, Set<String> fences, Set<String> loads) {
    Matcher function = FUNCTION.matcher(code);
    while (function.find()) {
      String body = code.substring(function.end(), closing(code, function.end() - 1, '{', '}'));
      if (ASM_FENCE.matcher(body.strip()).matches() || FENCE.matcher(body.strip()).matches()) {
        fences.add(function.group(1));
      } else if (STRONG_LOAD.matcher(body).find()) {
        loads.add(function.group(1));
      }
    }
  }

  /** The text with spaces for comments: the other characters keep their places. */
  private static String withoutComments(String text) {
    StringBuilder code = new StringBuilder(text);
    Matcher comment = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL).matcher(text);
    while (comment.find()) {
      for (int i = comment.start(); i < comment.end(); i++) {
        code.setCharAt(i, text.charAt(i) == '\n' ? '\n' : ' ');
      }
    }
    return code.toString();
  }

  /** The place of the bracket that closes the one at {@code open}. */
  private static int closing(String code, int open, char opens, char closes) {
    int depth = 0;
    for (int i = open; i < code.length(); i++) {
      depth += code.charAt(i) == opens ? 1 : code.charAt(i) == closes ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new IllegalStateException("no " + closes + " in: " + code.substring(open));
  }

  /** The search in one file. */
  private static final class Scan {
    private final String file;
    private final String text;
    private final String code;
    private final List<Mutation> found;

    Scan(String file, String text, List<Mutation> found) {
      this.file = file;
      this.text = text;
      this.code = withoutComments(text);
      this.found = found;
    }

    void scan(Set<String> fences, Set<String> loads) {
      Matcher at = FENCE.matcher(code);
      while (at.find()) {
        replace(at.start(), at.end(), ";", IN_FENCES);
      }
      at = ASM_FENCE.matcher(code);
      while (at.find()) {
        // The compiler's freedom to move accesses does not change.
        replace(at.start(), at.end(), "asm volatile(\"\" ::: \"memory\");", IN_FENCES);
      }
      for (String fence : fences) {
        at = Pattern.compile("\\b" + fence + "\\s*\\(\\s*\\)\\s*;").matcher(code);
        while (at.find()) {
          replace(at.start(), at.end(), "asm volatile(\"\" ::: \"memory\");", IN_FENCES);
        }
      }
      at = ASM_ORDER.matcher(code);
      while (at.find()) {
        replace(at.start(1), at.end(1), ".relaxed", IN_ORDERS);
      }
      at = WARP_FENCE.matcher(code);
      while (at.find()) {
        replace(at.start(), at.end(), ";", IN_WARP_FENCES);
      }
      waits(loads);
      atomics();
    }

    private void waits(Set<String> loads) {
      Matcher at = WHILE.matcher(code);
      while (at.find()) {
        int close = closing(code, at.end() - 1, '(', ')');
        String condition = code.substring(at.end(), close);
        boolean strong =
            condition.contains("volatile")
                || loads.stream().anyMatch(load -> condition.contains(load + "("));
        if (strong) {
          int body = close + 1;
          while (Character.isWhitespace(code.charAt(body))) {
            body++;
          }
          int end =
              code.charAt(body) == '{' ? closing(code, body, '{', '}') : code.indexOf(';', body);
          replace(at.start(), end + 1, ";", IN_WAITS);
        }
      }
    }

    private void atomics() {
      Matcher at = ATOMIC.matcher(code);
      while (at.find()) {
        String operation = at.group(1);
        String plain = PLAIN.get(operation);
        if (plain == null) {
          throw new IllegalStateException(
              file + ": atomic" + operation + " has no plain form: add one to Mutation.PLAIN");
        }
        String function = "template <typename T> __device__ __forceinline__ T plain" + operation;
        String helper = function + "(T* p, T v) { " + plain + " }\n";
        String mutated = text.substring(0, at.start(1) - "atomic".length()) + "plain" + operation;
        add(
            at.start(),
            "the atomicity of atomic" + operation,
            helper + mutated + text.substring(at.end(1)),
            IN_ATOMICS);
      }
    }

    private void replace(int from, int to, String by, Pattern instruction) {
      add(
          from,
          text.substring(from, to).replaceAll("\\s+", " "),
          text.substring(0, from) + by + text.substring(to),
          instruction);
    }

    private void add(int at, String what, String mutated, Pattern instruction) {
      int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
      found.add(new Mutation(file, line, what, mutated, instruction));
    }
  }

  /** A module's source with this mutation; null if the source does not include the file. */
  KernelSources.@Nullable Source in(KernelSources.Source source) {
    if (source.name().equals(file)) {
      return new KernelSources.Source(file, text, source.headers());
    }
    if (!source.headers().containsKey(file)) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>(source.headers());
    headers.put(file, text);
    return new KernelSources.Source(source.name(), source.text(), headers);
  }
}
