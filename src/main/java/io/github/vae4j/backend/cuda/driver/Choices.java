// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choices by measurement: the algorithm of each matrix product and convolution, and the times
 * that were compared. Measured times differ between runs, and algorithms in the last bits.
 * Therefore a choice is made once for a (library version, device, shape), stored on this machine
 * for later processes, and in a run's checkpoint; a resumed run prefers the choices of its
 * checkpoint.
 */
public final class Choices {
  private static final Logger LOG = LoggerFactory.getLogger(Choices.class);

  private final String place;
  private final @Nullable KernelCache cache;
  private final Map<String, String> made = new TreeMap<>();

  /**
   * No choices yet.
   *
   * @param place the library's version and the device
   * @param cache for choices; null if nothing is measured
   */
  public Choices(String place, @Nullable KernelCache cache) {
    this.place = place;
    this.cache = cache;
  }

  /**
   * Whether choices are made by measurement.
   *
   * @return whether algorithms are timed
   */
  public boolean measured() {
    return cache != null;
  }

  /**
   * Whether times decide: measured ones, or those of a resumed run.
   *
   * @return whether plans are compared by their times
   */
  public boolean decide() {
    return cache != null || !made.isEmpty();
  }

  /**
   * The choice for a key, from this backend, the resumed run or an earlier process.
   *
   * @param key all that determines the choice, but for the place
   * @return the choice; null if there is none
   */
  public @Nullable String get(String key) {
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

  /**
   * Stores a choice.
   *
   * @param key as in {@link #get}
   * @param choice its text
   */
  public void put(String key, String choice) {
    String whole = place + ": " + key;
    LOG.debug("{}: {}", whole, choice);
    made.put(whole, choice);
    if (cache != null) {
      cache.put(KernelCache.key(whole), choice.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * A time for a choice: the stored one, else a measured one.
   *
   * @param key of the time
   * @param measure measures it, in microseconds
   * @return microseconds; infinite if nothing is measured or stored
   */
  public double micros(String key, Supplier<Double> measure) {
    String kept = get(key);
    double known = micros(kept);
    if (Double.isFinite(known) || !measured()) {
      return known;
    }
    if (kept != null) {
      LOG.warn("{}: {} is not a time: measured again", key, kept);
    }
    double measured = measure.get();
    if (Double.isFinite(measured)) {
      put(key, micros(measured));
    }
    return measured;
  }

  /**
   * A time at the start of a choice.
   *
   * @param micros microseconds
   * @return its text
   */
  public static String micros(double micros) {
    return "us=" + Math.round(100 * micros) / 100.0;
  }

  /**
   * The time at the start of a choice.
   *
   * @param choice its text, or null
   * @return microseconds; infinite if there is none or it is not valid
   */
  public static double micros(@Nullable String choice) {
    if (choice == null || !choice.startsWith("us=")) {
      return Double.POSITIVE_INFINITY;
    }
    int end = choice.indexOf(' ');
    try {
      double micros =
          Double.parseDouble(choice.substring("us=".length(), end < 0 ? choice.length() : end));
      return micros >= 0 ? micros : Double.POSITIVE_INFINITY;
    } catch (NumberFormatException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /**
   * All choices that were made or adopted.
   *
   * @return by library version, device and shape
   */
  public Map<String, String> all() {
    return Map.copyOf(made);
  }

  /**
   * Adopts choices that were made elsewhere, such as those of a checkpoint. They have precedence
   * over this machine's.
   *
   * @param choices from {@link #all}
   * @return whether existing plans may follow other choices
   */
  public boolean adopt(Map<String, String> choices) {
    boolean differs = false;
    for (Map.Entry<String, String> choice : choices.entrySet()) {
      String before = made.put(choice.getKey(), choice.getValue());
      // A product without a choice here may have been planned without one.
      differs |= choice.getKey().startsWith(place) && !choice.getValue().equals(before);
    }
    return differs;
  }
}
