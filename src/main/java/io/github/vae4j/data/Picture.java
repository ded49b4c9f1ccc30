// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/**
 * A decoded picture.
 *
 * @param shape its size, with 1 or 3 channels
 * @param pixels row-major, channels last
 */
@SuppressWarnings("ArrayRecordComponent")
record Picture(ImageShape shape, byte[] pixels) {}
