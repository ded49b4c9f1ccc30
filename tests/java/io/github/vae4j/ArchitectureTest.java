// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.metrics.LogSumExp;
import io.github.vae4j.schema.ScalingMap;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.SimpleDateFormat;
import java.util.Formatter;
import java.util.List;
import java.util.Set;

/** The allowed dependencies between packages. */
@AnalyzeClasses(
    packagesOf = VaeException.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule bindingsStayInTheirBackends =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..backend.cpu..",
              "..backend.cuda.driver..",
              "..backend.cuda.dnn..",
              "..backend.cuda.lt..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because(
              "everything else goes through Backend, and plans through Gpu, LtHandle and DnnHandle");

  @ArchTest
  static final ArchRule theCudaDriverKnowsBuffersAndNoOp =
      classes()
          .that()
          .resideInAPackage("..backend.cuda.driver..")
          .should()
          .onlyDependOnClassesThat(belowPlans("..backend.cuda.driver.."))
          .because("a new op must not reach it");

  @ArchTest
  static final ArchRule matrixProductsKnowTheDriverAndNoOp =
      classes()
          .that()
          .resideInAPackage("..backend.cuda.lt..")
          .should()
          .onlyDependOnClassesThat(
              belowPlans("..backend.cuda.driver..").or(resideInAPackage("..backend.cuda.lt..")))
          .because("a new op must not reach them");

  @ArchTest
  static final ArchRule convolutionsKnowTheDriverAndNoOp =
      classes()
          .that()
          .resideInAPackage("..backend.cuda.dnn..")
          .should()
          .onlyDependOnClassesThat(
              belowPlans("..backend.cuda.driver..").or(resideInAPackage("..backend.cuda.dnn..")))
          .because("a new op must not reach them");

  /** A package of the cuda backend, and the packages that the packages below plans may use. */
  private static DescribedPredicate<JavaClass> belowPlans(String own) {
    return resideInAPackage(own)
        .or(resideInAPackage("io.github.vae4j.backend"))
        .or(resideInAPackage("io.github.vae4j.tensor.."))
        .or(resideInAPackage("io.github.vae4j.files.."))
        .or(type(VaeException.class))
        .or(resideOutsideOfPackage("io.github.vae4j.."));
  }

  @ArchTest
  static final ArchRule onnxRuntimeStaysInOneClass =
      noClasses()
          .that()
          .doNotHaveSimpleName("OnnxFeatures")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..")
          .because("the library must work without it");

  @ArchTest
  static final ArchRule theFormatOfOnnxStaysInExports =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.github.vae4j.export")
          .or()
          .haveSimpleName("Exports")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnx.proto..", "com.google.protobuf..")
          .because("the library must work without it, and say what is missing");

  @ArchTest
  static final ArchRule duckDbStaysInOneClass =
      noClasses()
          .that()
          .doNotHaveSimpleName("DuckDb")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.duckdb..")
          .because("the library must work without it");

  @ArchTest
  static final ArchRule nobodyUsesTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.github.vae4j.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.github.vae4j.cli..", "picocli..")
          .because("the library must work without it");

  @ArchTest
  static final ArchRule theWaistKnowsNothingAboveIt =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.github.vae4j.numeric..",
              "io.github.vae4j.tensor..",
              "io.github.vae4j.random..",
              "io.github.vae4j.likelihood..",
              "io.github.vae4j.backend..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.github.vae4j.model..",
              "io.github.vae4j.train..",
              "io.github.vae4j.data..",
              "io.github.vae4j.infer..",
              "io.github.vae4j.metrics..",
              "io.github.vae4j.checkpoint..",
              "io.github.vae4j.cli..");

  @ArchTest
  static final ArchRule ofDataAModelKnowsImageShapeAndNamesOnly =
      noClasses()
          .that()
          .resideInAPackage("io.github.vae4j.model..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.github.vae4j.data..")
                  .and(not(type(ImageShape.class).or(type(DataNames.class)))));

  @ArchTest
  static final ArchRule metricsSeeMatricesAndRows =
      classes()
          .that()
          .resideInAPackage("io.github.vae4j.metrics..")
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage("io.github.vae4j.metrics..")
                  .or(resideInAPackage("io.github.vae4j.numeric.."))
                  .or(resideInAPackage("io.github.vae4j.tensor.."))
                  .or(resideInAPackage("io.github.vae4j.random.."))
                  .or(resideInAPackage("io.github.vae4j.data.."))
                  .or(type(VaeException.class))
                  .or(resideOutsideOfPackage("io.github.vae4j..")))
          .because("a statistic of codes, images or factors does not ask where they come from");

  @ArchTest
  static final ArchRule backendsDoNotKnowEachOther =
      slices()
          .matching("io.github.vae4j.backend.(reference|cpu|cuda)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule textDoesNotDependOnTheDefaultLocale =
      noClasses()
          .should()
          .callMethod(String.class, "formatted", Object[].class)
          .orShould()
          .callMethod(String.class, "format", String.class, Object[].class)
          .orShould()
          .callMethod(String.class, "toLowerCase")
          .orShould()
          .callMethod(String.class, "toUpperCase")
          .orShould()
          .callMethod(PrintStream.class, "printf", String.class, Object[].class)
          .orShould()
          .callMethod(PrintStream.class, "format", String.class, Object[].class)
          .orShould()
          .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
          .orShould()
          .callMethod(PrintWriter.class, "format", String.class, Object[].class)
          .orShould()
          .callConstructor(Formatter.class)
          .orShould()
          .callConstructor(DecimalFormat.class, String.class)
          .orShould()
          .callConstructor(SimpleDateFormat.class, String.class)
          .because("numbers of a message have ASCII digits in every locale; name Locale.ROOT");

  @ArchTest
  static final ArchRule optionsKnowNoCommand =
      noClasses()
          .that()
          .resideInAPackage("io.github.vae4j.cli.options..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.github.vae4j.cli")
          .because("a command is made of options, not the other way round");

  @ArchTest
  static final ArchRule aRunKnowsNoOption =
      noClasses()
          .that()
          .resideInAPackage("io.github.vae4j.cli.run..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.github.vae4j.cli", "io.github.vae4j.cli.options..", "picocli..")
          .because("a run has values, however they were typed");

  private static final Set<String> WRITERS =
      Set.of(
          "write",
          "writeString",
          "newOutputStream",
          "newBufferedWriter",
          "newByteChannel",
          "createFile",
          "createTempFile",
          "copy",
          "move");

  /** Methods of libraries: of ImageIO, of FastCSV's builder, of Jackson's mapper. */
  private static final Set<String> WRITES_A_FILE =
      Set.of("write", "createImageOutputStream", "build", "writeValue");

  /** Whatever opens, creates or renames a file; it cannot tell a reader's mode. */
  private static final DescribedPredicate<JavaAccess<?>> OPENS_A_FILE =
      DescribedPredicate.describe(
          "opens a file for writing",
          access -> {
            AccessTarget target = access.getTarget();
            String owner = target.getOwner().getName();
            List<String> parameters =
                target instanceof AccessTarget.CodeUnitCallTarget call
                    ? call.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                    : List.of();
            return switch (owner) {
              case "java.nio.file.Files" -> WRITERS.contains(target.getName());
              case "java.io.FileOutputStream",
                  "java.io.FileWriter",
                  "java.io.RandomAccessFile",
                  "java.io.PrintWriter",
                  "java.io.PrintStream" ->
                  target.getName().equals("<init>")
                      && (parameters.contains("java.io.File")
                          || parameters.get(0).equals("java.lang.String"));
              case "java.nio.channels.FileChannel", "java.nio.channels.AsynchronousFileChannel" ->
                  target.getName().equals("open");
              default -> WRITES_A_FILE.contains(target.getName()) && namesAFile(parameters);
            };
          });

  private static boolean namesAFile(List<String> parameters) {
    return parameters.contains("java.io.File") || parameters.contains("java.nio.file.Path");
  }

  /** The classes that open files and do not write whole ones. */
  private static final Set<String> OPENERS =
      Set.of(
          "io.github.vae4j.checkpoint.MetricsLines", // Appends a line.
          "io.github.vae4j.backend.PrivateFolder", // Tries whether a folder can be written.
          "io.github.vae4j.backend.cpu.NativeFolder", // Opens to read.
          "io.github.vae4j.checkpoint.RunLock", // Writes into the file that it locks.
          "io.github.vae4j.checkpoint.Replacement", // Renames complete files.
          "io.github.vae4j.checkpoint.SafeTensorsReader", // Opens to read.
          "io.github.vae4j.data.PictureCache", // Opens to read.
          "io.github.vae4j.data.ArrayFiles"); // Opens to read.

  @ArchTest
  static final ArchRule oneClassWritesFiles =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.github.vae4j.files..")
          .and(not(describe("open files themselves", type -> OPENERS.contains(type.getName()))))
          .should()
          .accessTargetWhere(OPENS_A_FILE.and(outsideOfTheLibrary()))
          .because("AtomicFiles leaves the old file where the new one cannot be written");

  private static DescribedPredicate<JavaAccess<?>> outsideOfTheLibrary() {
    return DescribedPredicate.describe(
        "of a class that is not ours",
        access -> !access.getTargetOwner().getPackageName().startsWith("io.github.vae4j"));
  }

  /** Methods of Math whose last bit IEEE 754 leaves open. */
  private static final Set<String> NOT_ROUNDED_ALIKE =
      Set.of(
          "exp", "log", "log10", "log1p", "expm1", "pow", "cbrt", "hypot", "sin", "cos", "tan",
          "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");

  private static final DescribedPredicate<JavaAccess<?>> OF_ANOTHER_LAST_BIT =
      DescribedPredicate.describe(
          "is a function that C computes otherwise",
          access ->
              access.getTargetOwner().isEquivalentTo(Math.class)
                  && NOT_ROUNDED_ALIKE.contains(access.getTarget().getName()));

  @ArchTest
  static final ArchRule aModelsResultsAreComputedByElementary =
      noClasses()
          .that(
              resideInAnyPackage(
                      "io.github.vae4j.numeric..",
                      "io.github.vae4j.random..",
                      "io.github.vae4j.likelihood..",
                      "io.github.vae4j.infer..",
                      "io.github.vae4j.table..")
                  .or(type(LogSumExp.class))
                  .or(describe("are maps of columns", ArchitectureTest::isScalingMap)))
          .should()
          .accessTargetWhere(OF_ANOTHER_LAST_BIT)
          .because("a C program must have the same bits: numeric.Elementary");

  private static boolean isScalingMap(JavaClass type) {
    return type.getName().startsWith(ScalingMap.class.getName());
  }

  @ArchTest
  static final ArchRule topPackagesHaveNoCycles =
      slices().matching("io.github.vae4j.(*)..").should().beFreeOfCycles();
}
