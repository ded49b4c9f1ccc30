// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/**
 * Pictures that follow each other in a GIF file, again and again. Each picture has 256 colours of
 * its own: grey values are exact, and so are pictures of no more colours; other colours are the
 * nearest ones of an octree.
 */
public final class AnimatedGif {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";
  private static final String COMMENTS = "CommentExtensions";
  private static final String COMMENT = "CommentExtension";
  private static final int MILLISECONDS_OF_A_UNIT = 10;

  private AnimatedGif() {}

  /**
   * A picture of the sequence.
   *
   * @param picture of grey values, RGB or indexed colours
   * @param milliseconds until the next picture, 10 or more
   * @param comment stored beside the picture; empty for none
   */
  public record Frame(BufferedImage picture, int milliseconds, String comment) {
    /** Checks the time. {@inheritDoc} */
    public Frame {
      if (milliseconds < MILLISECONDS_OF_A_UNIT) {
        throw new IllegalArgumentException(
            "frame: expected 10 milliseconds or more, given " + milliseconds);
      }
    }
  }

  /**
   * A sequence that goes forth and back.
   *
   * @param frames from the first to the last
   * @return these, then those between the last and the first
   */
  public static List<Frame> thereAndBack(List<Frame> frames) {
    List<Frame> all = new ArrayList<>(frames);
    for (int i = frames.size() - 2; i > 0; i--) {
      all.add(frames.get(i));
    }
    return all;
  }

  /**
   * Writes a GIF file. An existing file is replaced when the new one is complete.
   *
   * @param frames one or more, of the same size
   * @param file the file; its folder is created if it does not exist
   */
  public static void write(List<Frame> frames, Path file) {
    byte[] gif = encode(frames);
    AtomicFiles.createFolderOf(file);
    AtomicFiles.write(file, out -> out.write(gif));
  }

  private static byte[] encode(List<Frame> frames) {
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("frames: expected 1 or more, given none");
    }
    BufferedImage first = frames.get(0).picture();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (var image = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(image);
      writer.prepareWriteSequence(null);
      for (int i = 0; i < frames.size(); i++) {
        BufferedImage picture = plain(frames.get(i).picture());
        requireSize(picture, first, i);
        IIOMetadata about =
            writer.getDefaultImageMetadata(
                ImageTypeSpecifier.createFromRenderedImage(picture), null);
        describe(about, frames.get(i), i == 0);
        writer.writeToSequence(new IIOImage(picture, null, about), null);
      }
      writer.endWriteSequence();
    } catch (IOException e) {
      throw new VaeException("cannot make a GIF picture: " + e.getMessage(), e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Grey values or RGB: the writer's metadata of a picture with a palette have another palette. */
  private static BufferedImage plain(BufferedImage picture) {
    if (picture.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      return picture;
    }
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    rgb.setRGB(0, 0, width, height, picture.getRGB(0, 0, width, height, null, 0, width), 0, width);
    return rgb;
  }

  private static void requireSize(BufferedImage picture, BufferedImage first, int number) {
    if (picture.getWidth() != first.getWidth() || picture.getHeight() != first.getHeight()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "frames: expected %d x %d pixels as the first one has, given %d x %d in frame %d",
              first.getWidth(),
              first.getHeight(),
              picture.getWidth(),
              picture.getHeight(),
              number));
    }
  }

  /** Sets time and comment; the first frame has the extension that repeats the sequence. */
  private static void describe(IIOMetadata about, Frame frame, boolean first) throws IOException {
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute(
        "delayTime", Integer.toString(frame.milliseconds() / MILLISECONDS_OF_A_UNIT));
    control.setAttribute("transparentColorIndex", "0");
    if (first) {
      IIOMetadataNode application =
          child(child(root, "ApplicationExtensions"), "ApplicationExtension");
      application.setAttribute("applicationID", "NETSCAPE");
      application.setAttribute("authenticationCode", "2.0");
      // The first 1 is the block's number, the 0 in two bytes: without end.
      application.setUserObject(new byte[] {1, 0, 0});
    }
    if (!frame.comment().isEmpty()) {
      child(child(root, COMMENTS), COMMENT).setAttribute("value", frame.comment());
    }
    about.mergeTree(FORMAT, root);
  }

  private static IIOMetadataNode child(IIOMetadataNode parent, String name) {
    IIOMetadataNode node = new IIOMetadataNode(name);
    parent.appendChild(node);
    return node;
  }

  /**
   * Reads a file that this class has written.
   *
   * @param file a GIF file
   * @return its frames
   * @throws VaeException if it cannot be read
   */
  public static List<Frame> read(Path file) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (var image =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      reader.setInput(image);
      List<Frame> frames = new ArrayList<>();
      for (int i = 0; i < reader.getNumImages(true); i++) {
        IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(i).getAsTree(FORMAT);
        frames.add(
            new Frame(
                reader.read(i),
                MILLISECONDS_OF_A_UNIT
                    * Integer.parseInt(attribute(root, "GraphicControlExtension", "delayTime")),
                attribute(root, COMMENT, "value")));
      }
      if (frames.isEmpty()) {
        throw new IOException("it has no picture");
      }
      return frames;
    } catch (IOException | RuntimeException e) {
      throw new VaeException(file + ": is not a readable GIF picture: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static String attribute(IIOMetadataNode root, String element, String name) {
    NodeList found = root.getElementsByTagName(element);
    return found.getLength() == 0 ? "" : ((IIOMetadataNode) found.item(0)).getAttribute(name);
  }
}
