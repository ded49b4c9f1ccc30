// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run so far: {@code results.json}, with one line for each part of a stage. The
 * file is complete at any time: a new one is written beside it and replaces it.
 */
final class Results {
  private final ObjectNode head;
  private final List<ObjectNode> stages;

  private Results(ObjectNode head, List<ObjectNode> stages) {
    this.head = head;
    this.stages = stages;
  }

  static Results start(String date, boolean emulated, long seconds) {
    ObjectNode head = Json.object().put("date", date).put("emulated", emulated);
    head.put("seconds_given", seconds).put("ended", "cut");
    return new Results(head, new ArrayList<>());
  }

  static Results read(Path file) throws IOException {
    JsonNode root = new ObjectMapper().readTree(file.toFile());
    List<ObjectNode> stages = new ArrayList<>();
    root.path("stages").forEach(stage -> stages.add((ObjectNode) stage));
    ObjectNode head = root.deepCopy();
    head.remove("stages");
    return new Results(head, stages);
  }

  ObjectNode head() {
    return head;
  }

  List<ObjectNode> stages() {
    return stages;
  }

  /** Begins a part of a stage; the object receives its results. */
  ObjectNode begin(Stage stage) {
    ObjectNode node = Json.object().put("stage", stage.number()).put("name", stage.name());
    node.put("status", "running");
    stages.add(node);
    return node;
  }

  /** The part with a name; null if it did not begin. */
  @Nullable ObjectNode stage(String name) {
    return stages.stream()
        .filter(stage -> stage.path("name").asText().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** The results of the part with a name. */
  List<JsonNode> objects(String name) {
    ObjectNode stage = stage(name);
    List<JsonNode> objects = new ArrayList<>();
    if (stage != null) {
      stage.path("results").forEach(objects::add);
    }
    return objects;
  }

  /** Of all its parts, the first object that has a field; a missing node if none has. */
  JsonNode first(String field) {
    for (ObjectNode stage : stages) {
      for (JsonNode object : stage.path("results")) {
        if (object.has(field)) {
          return object.get(field);
        }
      }
    }
    return Json.object().path(field);
  }

  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder("{\n");
    head.properties()
        .forEach(
            field ->
                text.append(
                    "\"%s\": %s,\n".formatted(field.getKey(), Json.text(field.getValue()))));
    text.append("\"stages\": [");
    for (int i = 0; i < stages.size(); i++) {
      text.append(i == 0 ? "\n" : ",\n").append(Json.text(stages.get(i)));
    }
    replace(file, text.append("\n]}\n").toString());
  }

  /** Adds the results of a part. */
  static void fill(ObjectNode node, List<ObjectNode> objects, List<String> lines) {
    ArrayNode results = node.putArray("results");
    objects.forEach(results::add);
    if (!lines.isEmpty()) {
      ArrayNode kept = node.putArray("lines");
      lines.forEach(kept::add);
    }
  }

  /** Puts a file in the place of another at once. */
  static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
