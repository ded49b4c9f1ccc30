package io.github.vae4j.backend.cuda;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was decided by measuring: the algorithm of each product and the times that were compared.
 * Measured times differ from run to run, and algorithms differ in the last bits; so a choice is
 * made once for a (library version, device, shape), kept on this machine for later processes, and
 * handed to a run's checkpoint, whose choices come first when the run is resumed.
 */
final class LtChoices {
  private static final Logger LOG = LoggerFactory.getLogger(LtChoices.class);

  private final String place;
  private final @Nullable KernelCache cache;
  private final Map<String, String> made = new TreeMap<>();

  /**
   * No choices yet.
   *
   * @param place the library's version and the device
   * @param cache where choices are kept; null where nothing is measured
   */
  LtChoices(String place, @Nullable KernelCache cache) {
    this.place = place;
    this.cache = cache;
  }

  /** Whether choices are made by measuring. */
  boolean measured() {
    return cache != null;
  }

  /**
   * The choice that was made here for a key, by this backend, the resumed run or an earlier one.
   */
  @Nullable String get(String key) {
    String whole = place + ": " + key;
    String choice = made.get(whole);
    if (choice != null || cache == null) {
      return choice;
    }
    byte[] kept = cache.get(KernelCache.key(whole));
    if (kept == null) {
      return null;
    }
    choice = new String(kept, StandardCharsets.UTF_8);
    made.put(whole, choice);
    return choice;
  }

  /** Keeps a choice. */
  void put(String key, String choice) {
    String whole = place + ": " + key;
    LOG.debug("{}: {}", whole, choice);
    made.put(whole, choice);
    if (cache != null) {
      cache.put(KernelCache.key(whole), choice.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A time in microseconds that decides something: the one that is kept, or measured now. */
  double micros(String key, Supplier<Double> measure) {
    String kept = get(key);
    if (kept != null) {
      try {
        return micros(kept);
      } catch (NumberFormatException e) {
        LOG.warn("{}: {} is not a time: measured again", key, kept);
      }
    }
    String measured = micros(measure.get());
    put(key, measured);
    return micros(measured);
  }

  /** A time at the start of a choice. */
  static String micros(double micros) {
    return "us=" + Math.round(100 * micros) / 100.0;
  }

  /** The time at the start of a choice; infinite where there is none. */
  static double micros(@Nullable String choice) {
    if (choice == null || !choice.startsWith("us=")) {
      return Double.POSITIVE_INFINITY;
    }
    int end = choice.indexOf(' ');
    return Double.parseDouble(choice.substring("us=".length(), end < 0 ? choice.length() : end));
  }

  /** All choices, by library version, device and shape. */
  Map<String, String> all() {
    return Map.copyOf(made);
  }

  /**
   * Takes choices that were made elsewhere; they come before this machine's.
   *
   * @return whether one differs from what plans were made with so far
   */
  boolean adopt(Map<String, String> choices) {
    if (choices.isEmpty()) {
      return false;
    }
    boolean differs = false;
    for (Map.Entry<String, String> choice : choices.entrySet()) {
      String before = made.put(choice.getKey(), choice.getValue());
      differs |= before != null && !before.equals(choice.getValue());
    }
    // What was planned without any choice here may be one that the others made.
    return differs || !made.keySet().equals(choices.keySet());
  }
}
