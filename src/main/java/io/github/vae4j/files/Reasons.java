// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The reason of an IOException, without the path, which the message of its reader has. */
public final class Reasons {
  private Reasons() {}

  /**
   * The reason.
   *
   * @param e the exception
   * @return a clause for users
   */
  public static String of(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return dangling(missing, "there is no such file");
    }
    if (e instanceof FileAlreadyExistsException taken) {
      return dangling(taken, "there is a file of that name");
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "it is a folder with files";
    }
    if (e instanceof FileSystemLoopException) {
      return "its links form a loop";
    }
    if (e instanceof FileNotFoundException) {
      return opening(e.getMessage());
    }
    if (e instanceof CharacterCodingException) {
      return "it is not UTF-8 text";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  /** The reason in the message of a stream that could not be opened: "path (reason)". */
  private static String opening(@Nullable String message) {
    String text = message == null ? "" : message;
    if (!text.endsWith(")") || text.lastIndexOf(" (") < 0) {
      return "there is no such file";
    }
    String reason = text.substring(text.lastIndexOf(" (") + 2, text.length() - 1);
    return switch (reason) {
      case "Permission denied" -> "permission denied";
      case "No such file or directory" -> "there is no such file";
      case "Is a directory" -> "it is a folder";
      default -> reason;
    };
  }

  /** The reason of a link without a target; otherwise another. */
  private static String dangling(FileSystemException e, String otherwise) {
    String link = brokenLink(e.getFile());
    return link == null ? otherwise : link;
  }

  private static @Nullable String brokenLink(@Nullable String name) {
    if (name == null) {
      return null;
    }
    Path file = Path.of(name);
    if (!Files.isSymbolicLink(file) || Files.exists(file)) {
      return null;
    }
    try {
      return "it is a link to " + Files.readSymbolicLink(file) + ", which does not exist";
    } catch (IOException e) {
      return null;
    }
  }
}
