// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a program in a JVM of its own, of this Java and with this class path. */
public final class JavaCommand {
  private JavaCommand() {}

  /**
   * A command line.
   *
   * @param options of Java
   * @param program whose main method is called
   * @param arguments of the program
   */
  public static List<String> of(List<String> options, Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    return command;
  }
}
