// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads and decodes the blocks of a text on a thread of its own, a few blocks ahead. An exception
 * of that thread is thrown where its block is taken.
 */
final class ReadAhead implements AutoCloseable {
  private static final int BLOCKS = 4;
  private static final int BLOCK_CHARACTERS = 1 << 16;

  private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<char[]> free = new ArrayBlockingQueue<>(BLOCKS);
  private final Thread thread;

  /** Fills a block: the number of characters; -1 at the end, 0 at a fault. */
  @FunctionalInterface
  interface Decoder {
    int decode(char[] target, int offset, int length);
  }

  /** Some characters, or an exception of the thread. */
  static final class Block {
    /** Has the characters at its start. */
    final char[] text;

    /** The number of characters; -1 at the end of the text, 0 at a fault. */
    final int count;

    /** The share of the file that was read for them. */
    final double done;

    private final @Nullable Throwable failure;

    private Block(char[] text, int count, double done, @Nullable Throwable failure) {
      this.text = text;
      this.count = count;
      this.done = done;
      this.failure = failure;
    }
  }

  ReadAhead(String name, Decoder decoder, DoubleSupplier done) {
    for (int i = 0; i < BLOCKS; i++) {
      free.add(new char[BLOCK_CHARACTERS]);
    }
    thread = new Thread(() -> work(decoder, done), "vae4j reads " + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void work(Decoder decoder, DoubleSupplier done) {
    try {
      while (true) {
        char[] text = free.take();
        Block block;
        try {
          int count = decoder.decode(text, 0, text.length);
          block = new Block(text, count, done.getAsDouble(), null);
        } catch (RuntimeException | Error e) {
          block = new Block(text, 0, 0, e);
        }
        full.put(block);
        if (block.count <= 0) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // The reader was closed.
    }
  }

  /** The next block; the one before it is filled again. */
  Block next(@Nullable Block before) {
    boolean interrupted = false;
    try {
      if (before != null) {
        free.add(before.text);
      }
      while (true) {
        try {
          Block block = full.take();
          if (block.failure instanceof Error error) {
            throw error;
          }
          if (block.failure instanceof RuntimeException failure) {
            throw failure;
          }
          return block;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the thread, and waits for its end. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
