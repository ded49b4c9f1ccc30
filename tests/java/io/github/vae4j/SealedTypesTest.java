// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.schema.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Code that does not handle a new member of a sealed type does not compile, or its table is not
 * built. An instanceof would treat the member as another one.
 */
@AnalyzeClasses(
    packagesOf = VaeException.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
final class SealedTypesTest {
  private static final Set<Class<?>> SEALED =
      Set.of(
          Op.class,
          Layer.class,
          Posterior.class,
          Prior.class,
          Condition.class,
          Kind.class,
          LatentSampler.class);

  /** Who may ask for which members, and why. */
  private static final Map<String, Set<String>> EXCEPTIONS =
      Map.of(
          // Neighbours that one kernel computes; ops that it does not know stay as they are.
          "io.github.vae4j.backend.cuda.Fusion",
          Set.of("AdamUpdate", "DenseBackward", "GlobalNorm", "RecordMetrics"),
          // The likelihood's code lies beside its loss; an op that has a likelihood is only that.
          "io.github.vae4j.backend.op.OpMembers",
          Set.of("LikelihoodLoss"));

  @ArchTest
  static void nobodyAsksForTheClassOfAMember(JavaClasses classes) {
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass type : classes) {
      for (InstanceofCheck check : type.getInstanceofChecks()) {
        if (isMember(check.getRawType())) {
          found
              .computeIfAbsent(type.getName(), name -> new TreeSet<>())
              .add(check.getRawType().getSimpleName());
        }
      }
    }
    assertEquals(new TreeMap<>(EXCEPTIONS), found);
  }

  @ArchTest
  static void allSealedInterfacesAreLookedAt(JavaClasses classes) {
    List<String> sealed =
        classes.stream()
            .filter(JavaClass::isInterface)
            .map(JavaClass::reflect)
            .filter(Class::isSealed)
            .map(Class::getName)
            .sorted()
            .toList();
    assertEquals(SEALED.stream().map(Class::getName).sorted().toList(), sealed);
  }

  private static boolean isMember(JavaClass type) {
    return type.getRawInterfaces().stream()
        .anyMatch(above -> SEALED.stream().anyMatch(above::isEquivalentTo));
  }
}
