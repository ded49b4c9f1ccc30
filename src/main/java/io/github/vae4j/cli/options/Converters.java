// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.Interpolation;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.SamplerFile;
import io.github.vae4j.cli.run.FailureText;
import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.PictureOptions;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.export.Exports;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Architecture;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.sampler.MixtureConfig;
import io.github.vae4j.train.TrainConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the text of an option into its value; the error lists the allowed ones. */
public final class Converters {
  private Converters() {}

  /**
   * Adds all converters to a command.
   *
   * @param command the command and its subcommands
   */
  public static void register(CommandLine command) {
    command
        .registerConverter(Activation.class, converter(Activation::of))
        .registerConverter(Likelihood.class, converter(Likelihoods::parse))
        .registerConverter(Posterior.class, converter(Posterior::parse))
        .registerConverter(Prior.class, converter(Prior::parse))
        .registerConverter(Initializer.class, constant(Initializer.class))
        .registerConverter(TrainConfig.Binarize.class, constant(TrainConfig.Binarize.class))
        .registerConverter(BackendOptions.Kind.class, constant(BackendOptions.Kind.class))
        .registerConverter(Precision.class, constant(Precision.class))
        .registerConverter(Interpolation.Curve.class, constant(Interpolation.Curve.class))
        .registerConverter(InferenceConfig.Start.class, constant(InferenceConfig.Start.class))
        .registerConverter(SamplerFile.Kind.class, constant(SamplerFile.Kind.class))
        .registerConverter(MixtureConfig.Covariance.class, constant(MixtureConfig.Covariance.class))
        .registerConverter(TableOptions.Header.class, constant(TableOptions.Header.class))
        .registerConverter(BadRowPolicy.Treatment.class, constant(BadRowPolicy.Treatment.class))
        .registerConverter(ArrayOptions.Bytes.class, constant(ArrayOptions.Bytes.class))
        .registerConverter(ArrayOptions.Layout.class, constant(ArrayOptions.Layout.class))
        .registerConverter(ArrayArguments.RowShape.class, converter(ArrayArguments.RowShape::parse))
        .registerConverter(PictureOptions.Fit.class, constant(PictureOptions.Fit.class))
        .registerConverter(PictureArguments.Size.class, converter(PictureArguments.Size::parse))
        .registerConverter(
            PictureArguments.Channels.class, converter(PictureArguments.Channels::parse))
        .registerConverter(
            PictureArguments.Background.class, converter(PictureArguments.Background::parse))
        .registerConverter(ExportFormat.class, constant(ExportFormat.class))
        .registerConverter(Exports.InputType.class, constant(Exports.InputType.class))
        .registerConverter(OptimizerKind.class, constant(OptimizerKind.class))
        .registerConverter(Architecture.class, constant(Architecture.class))
        .registerConverter(HiddenLayers.class, converter(HiddenLayers::parse))
        .registerConverter(ImageSizes.class, converter(ImageSizes::parse))
        .registerConverter(LayerSizes.class, converter(LayerSizes::parse))
        .registerConverter(Schedule.class, converter(Schedule::parse))
        .registerConverter(ConditionChoice.class, converter(ConditionChoice::parse))
        .registerConverter(
            ObjectiveOptions.BoundName.class, converter(ObjectiveOptions.BoundName::parse))
        .registerConverter(
            ObjectiveOptions.GradientName.class, converter(ObjectiveOptions.GradientName::parse))
        .registerConverter(
            ObjectiveOptions.WarmupText.class, converter(ObjectiveOptions.WarmupText::parse))
        .registerConverter(
            ObjectiveOptions.CapacityText.class, converter(ObjectiveOptions.CapacityText::parse))
        .registerConverter(RunFile.class, converter(Configurations::parse))
        .registerConverter(Path.class, converter(Converters::path))
        .registerConverter(Integer.class, converter(Converters::integer))
        .registerConverter(int.class, converter(Converters::integer))
        .registerConverter(Long.class, converter(Converters::whole))
        .registerConverter(long.class, converter(Converters::whole))
        .registerConverter(Float.class, converter(text -> (float) number(text)))
        .registerConverter(Double.class, converter(Converters::number))
        .registerConverter(double.class, converter(Converters::number));
  }

  /** An empty text is a variable of a script that was not set, not the present folder. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("expected a path, given an empty text");
    }
    return Path.of(text);
  }

  private static int integer(String text) {
    long value = whole(text);
    if (value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "expected " + Integer.MAX_VALUE + " or less, given " + text);
    }
    if (value < Integer.MIN_VALUE) {
      throw new IllegalArgumentException(
          "expected " + Integer.MIN_VALUE + " or more, given " + text);
    }
    return (int) value;
  }

  private static long whole(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a whole number, given \"" + text + "\"");
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a number, given \"" + text + "\"");
    }
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException | VaeException e) {
        throw new TypeConversionException(FailureText.of(e));
      }
    };
  }

  private static <E extends Enum<E>> ITypeConverter<E> constant(Class<E> type) {
    return converter(
        text -> {
          for (E constant : type.getEnumConstants()) {
            if (id(constant).equalsIgnoreCase(text)) {
              return constant;
            }
          }
          throw new IllegalArgumentException(
              "expected "
                  + Arrays.stream(type.getEnumConstants())
                      .map(Converters::id)
                      .collect(Collectors.joining(", "))
                  + ", given \""
                  + text
                  + "\"");
        });
  }

  /** The text of an enum's constant on the command line: words joined by hyphens. */
  private static String id(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
