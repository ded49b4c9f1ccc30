// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.vae4j.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;

/**
 * The result of a command of the library.
 *
 * @param code the exit code
 * @param objects the JSON objects on standard output
 * @param error the text on standard error
 */
record Command(int code, List<ObjectNode> objects, String error) {
  /** Runs {@code vae4j ARGUMENTS --json --debug} in this JVM. */
  static Command run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = new String[arguments.size() + 2];
    arguments.toArray(all);
    all[arguments.size()] = "--json";
    all[arguments.size() + 1] = "--debug";
    int code = Main.run(all, new PrintWriter(out), new PrintWriter(err));
    List<ObjectNode> objects =
        out.toString().lines().map(Json::parse).filter(Objects::nonNull).toList();
    return new Command(code, objects, err.toString().strip());
  }

  /** The same for a command that must succeed. */
  static Command ok(List<String> arguments) {
    Command command = run(arguments);
    if (command.code() != 0) {
      throw new IllegalStateException(String.join(" ", arguments) + ": " + command.error());
    }
    return command;
  }

  /** Whether the device's context is corrupt. */
  boolean fatal() {
    return error.contains("CudaFatalException");
  }

  /** The last object. */
  ObjectNode last() {
    return objects.get(objects.size() - 1);
  }
}
