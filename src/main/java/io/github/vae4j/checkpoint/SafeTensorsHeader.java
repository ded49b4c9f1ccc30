// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The JSON of a safetensors file: {@link #parse} checks all conditions of the format.
 *
 * @param metadata texts by key
 * @param tensors in the order of their data
 */
record SafeTensorsHeader(SortedMap<String, String> metadata, List<Tensor> tensors) {
  private static final String METADATA = "__metadata__";
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads the JSON.
   *
   * @param file for messages
   * @param json the header's bytes
   * @param dataBytes bytes after the header
   * @return the header
   * @throws CheckpointException if the header violates the format
   */
  static SafeTensorsHeader parse(Path file, byte[] json, long dataBytes) {
    if (json.length == 0 || json[0] != '{') {
      throw new CheckpointException(
          file, "not a safetensors file: its header does not start with {");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file, "the header is not UTF-8 text", e);
    }
    JsonFields root = JsonFields.parse(file, "header", text);
    SortedMap<String, String> metadata = new TreeMap<>();
    List<Tensor> tensors = new ArrayList<>();
    for (String name : root.keys()) {
      if (name.equals(METADATA)) {
        JsonFields texts = root.object(name);
        for (String key : texts.keys()) {
          metadata.put(key, texts.text(key));
        }
      } else {
        tensors.add(tensor(name, root.object(name)));
      }
    }
    tensors.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
    long at = 0;
    for (Tensor tensor : tensors) {
      if (tensor.begin() != at) {
        throw new CheckpointException(
            file,
            "tensor \""
                + JsonFields.shortened(tensor.name())
                + "\": data_offsets: expected to begin at "
                + at
                + ", where the one before it ends, given "
                + tensor.begin());
      }
      at = tensor.end();
    }
    if (at != dataBytes) {
      throw new CheckpointException(
          file,
          (at > dataBytes ? "cut short: " : "bytes left over: ")
              + "its tensors take "
              + at
              + " bytes, and "
              + dataBytes
              + " bytes of data are there");
    }
    return new SafeTensorsHeader(metadata, List.copyOf(tensors));
  }

  private static Tensor tensor(String name, JsonFields fields) {
    fields.allow("dtype", "shape", "data_offsets");
    String dtype = fields.text("dtype");
    TensorType type =
        Arrays.stream(TensorType.values())
            .filter(t -> t.name().equals(dtype))
            .findFirst()
            .orElseThrow(
                () ->
                    fields.error(
                        "dtype",
                        "expected one of "
                            + Arrays.toString(TensorType.values())
                            + ", given "
                            + JsonFields.shortened(dtype)));
    List<Long> shape = sizes(fields, "shape");
    List<Long> offsets = sizes(fields, "data_offsets");
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw fields.error(
          "data_offsets",
          "expected [begin, end], given " + JsonFields.shortened(offsets.toString()));
    }
    long bytes;
    try {
      bytes = SafeTensors.bytes(type, shape);
    } catch (ArithmeticException e) {
      throw fields.error(
          "shape", JsonFields.shortened(shape.toString()) + " is more than any file holds");
    }
    if (bytes != offsets.get(1) - offsets.get(0)) {
      throw fields.error(
          "data_offsets",
          type
              + " "
              + JsonFields.shortened(shape.toString())
              + " takes "
              + bytes
              + " bytes, given "
              + offsets);
    }
    return new Tensor(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private static List<Long> sizes(JsonFields fields, String key) {
    List<Long> sizes = new ArrayList<>();
    for (long size : fields.longIntegers(key)) {
      if (size < 0) {
        throw fields.error(key, "expected whole numbers of 0 or more, given " + size);
      }
      sizes.add(size);
    }
    return sizes;
  }

  /**
   * A copy with or without a checksum.
   *
   * @param checksum its value; empty for none
   * @return a copy
   */
  SafeTensorsHeader withChecksum(String checksum) {
    SortedMap<String, String> copy = new TreeMap<>(metadata);
    copy.remove(SafeTensors.CHECKSUM);
    if (!checksum.isEmpty()) {
      copy.put(SafeTensors.CHECKSUM, checksum);
    }
    return new SafeTensorsHeader(copy, tensors);
  }

  /**
   * The checksum of the header, which {@link SafeTensors#CHECKSUM} continues over the data.
   *
   * @return a checksum of the header
   */
  CRC32C checksum() {
    CRC32C checksum = new CRC32C();
    checksum.update(withChecksum("").toJson().getBytes(StandardCharsets.UTF_8));
    return checksum;
  }

  /**
   * The JSON in canonical form.
   *
   * @return the text without padding
   */
  String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Tensor tensor : tensors) {
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.type().name());
        json.writeArrayFieldStart("shape");
        for (long size : tensor.shape()) {
          json.writeNumber(size);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(tensor.begin());
        json.writeNumber(tensor.end());
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
