// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java has, as text. */
public final class Sha256 {
  private Sha256() {}

  /**
   * A hash of nothing, to which bytes are added.
   *
   * @return the hash
   */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The hash of the bytes that were added.
   *
   * @param hash from {@link #begin}
   * @return 64 hexadecimal digits
   */
  public static String hex(MessageDigest hash) {
    return HexFormat.of().formatHex(hash.digest());
  }

  /**
   * The hash of bytes.
   *
   * @param bytes the bytes
   * @return 64 hexadecimal digits
   */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(begin().digest(bytes));
  }
}
