// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code vae4j} in a fake checkout or installed, with a fake JDK and Maven. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
  private static final String FAKE_JAVA =
      "#!/bin/bash\nprintf '[%s]' \"$@\"\nprintf '\\n'\nexit 7\n";

  /** Builds like Maven: a class and the class path; counts its calls. */
  private static final String FAKE_MAVEN =
      """
      #!/bin/bash
      echo "$@" >>target/calls
      [[ ! -e broken ]] || { echo "[ERROR] it does not compile"; exit 1; }
      mkdir -p target/classes/io/github/vae4j/cli
      touch target/classes/io/github/vae4j/cli/Main.class "$PWD/a b.jar"
      printf '%s' "$PWD/a b.jar:$PWD/a b.jar" >target/classpath.txt
      """;

  @TempDir Path folder;
  private Path root = Path.of("");
  private Path jdk = Path.of("");

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    root = Files.createDirectories(folder.resolve("my checkout"));
    jdk = folder.resolve("my jdk");
    Files.copy(Path.of("vae4j"), root.resolve("vae4j"));
    Files.createDirectories(root.resolve("src/main/java"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    past(Files.createDirectories(root.resolve(".mvn")));
    program(jdk.resolve("bin/java"), FAKE_JAVA);
    program(jdk.resolve("bin/javac"), "#!/bin/bash\n");
    release("17.0.15");
    program(folder.resolve("maven/mvn"), FAKE_MAVEN);
    past(root.resolve("pom.xml"));
    past(root.resolve("src/main/java"));
    past(root.resolve("src/main"));
  }

  private void release(String version) throws IOException {
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void past(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
  }

  private Outcome run(Path script, Path directory, String... arguments) throws Exception {
    return run(Map.of(), script, directory, arguments);
  }

  private Outcome run(
      Map<String, String> environment, Path script, Path directory, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("PATH", folder.resolve("maven") + ":/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int code = process.waitFor();
    return new Outcome(code, Files.readString(out), Files.readString(err));
  }

  private int builds() throws IOException {
    Path calls = root.resolve("target/calls");
    return Files.exists(calls) ? Files.readAllLines(calls, StandardCharsets.UTF_8).size() : 0;
  }

  @Test
  void buildsOnceThenRunsWithTheArgumentsAndTheExitCode() throws Exception {
    Outcome first = run(root.resolve("vae4j"), root, "train", "--out", "a b", "");
    assertEquals("vae4j: building (first run: about a minute) ...\n", first.err());
    assertEquals(7, first.code());
    String jar = root.resolve("a b.jar").toString();
    assertEquals(
        "[-XX:+UseSerialGC][-cp][%s/target/classes:%s:%s][io.github.vae4j.cli.Main][train][--out][a b][]\n"
            .formatted(root, jar, jar),
        first.out());
    Outcome second = run(root.resolve("vae4j"), root, "x");
    assertEquals("", second.err());
    assertEquals(1, builds());
  }

  @Test
  void runsFromAnywhereAndThroughLinks() throws Exception {
    run(root.resolve("vae4j"), root);
    Path link = folder.resolve("bin dir/vae");
    Files.createDirectories(link.resolveSibling("."));
    Files.createSymbolicLink(link, Path.of("../my checkout/vae4j"));
    Path second = Files.createSymbolicLink(folder.resolve("other"), link);
    Outcome outcome = run(second, Path.of("/"), "doctor");
    assertEquals("", outcome.err());
    assertTrue(outcome.out().endsWith("[doctor]\n"), outcome.out());
    assertTrue(outcome.out().contains(root + "/target/classes"), outcome.out());
  }

  @Test
  void buildsAgainWhenASourceIsNewerOrAJarIsGone() throws Exception {
    run(root.resolve("vae4j"), root);
    Files.writeString(root.resolve("src/main/java/A.java"), "class A {}");
    Files.setLastModifiedTime(
        root.resolve("src/main/java/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
    assertEquals("vae4j: building changed sources ...\n", run(root.resolve("vae4j"), root).err());
    assertEquals(2, builds());
    past(root.resolve("src/main/java/A.java"));
    past(root.resolve("src/main/java"));
    run(root.resolve("vae4j"), root);
    assertEquals(2, builds());
    Files.delete(root.resolve("a b.jar"));
    run(root.resolve("vae4j"), root);
    assertEquals(3, builds());
  }

  @Test
  void theInstalledOneBuildsNothingAndTakesTheJarsBesideIt() throws Exception {
    Path home = folder.resolve("my programs/vae4j-1.0");
    Path script = home.resolve("bin/vae4j");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(root.resolve("vae4j"), script);
    Files.createFile(home.resolve("lib/vae4j-1.0.jar"));
    Path link = Files.createSymbolicLink(folder.resolve("vae4j"), script);
    Outcome outcome = run(Map.of("PATH", "/usr/bin:/bin"), link, Path.of("/"), "doctor", "a b");
    assertEquals("", outcome.err());
    assertEquals(
        "[-XX:+UseSerialGC][-cp][%s/lib/*][io.github.vae4j.cli.Main][doctor][a b]\n"
            .formatted(home),
        outcome.out());
    assertEquals(7, outcome.code());
    release("11.0.2");
    Outcome old = run(link, Path.of("/"));
    assertEquals(1, old.code());
    assertTrue(old.err().contains("vae4j needs Java 17 or later"), old.err());
  }

  @Test
  void aFailedBuildShowsWhatMavenSaid() throws Exception {
    Files.createFile(root.resolve("broken"));
    Outcome outcome = run(root.resolve("vae4j"), root);
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("[ERROR] it does not compile"), outcome.err());
    assertTrue(outcome.err().contains("vae4j: error: the build failed"), outcome.err());
    assertEquals("", outcome.out());
    Files.delete(root.resolve("broken"));
    assertEquals(7, run(root.resolve("vae4j"), root).code());
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Outcome home = run(Map.of("JAVA_HOME", "/nowhere"), root.resolve("vae4j"), root);
    assertEquals(1, home.code());
    assertEquals(
        "vae4j: error: JAVA_HOME is /nowhere, but there is no bin/java in it\n", home.err());

    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("bash", "dirname", "readlink", "sed", "find", "mkdir", "flock")) {
      Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin") : Path.of("/bin");
      Files.createSymbolicLink(tools.resolve(tool), real.resolve(tool));
    }
    Map<String, String> bare = Map.of("PATH", tools.toString());
    Outcome maven = run(bare, root.resolve("vae4j"), root);
    assertEquals(1, maven.code());
    assertTrue(maven.err().contains("there is no mvn to build with"), maven.err());

    Map<String, String> noJava = Map.of("PATH", tools.toString(), "JAVA_HOME", "");
    Outcome java = run(noJava, root.resolve("vae4j"), root);
    assertEquals(1, java.code());
    assertTrue(java.err().contains("there is no java; install JDK 17"), java.err());
  }

  @Test
  void refusesTheWrongJava() throws Exception {
    release("21.0.2");
    Outcome build = run(root.resolve("vae4j"), root);
    assertEquals(1, build.code());
    assertTrue(build.err().contains("building needs JDK 17, but"), build.err());
    assertTrue(build.err().contains("is version 21"), build.err());
    assertEquals(0, builds());

    release("17.0.1");
    run(root.resolve("vae4j"), root);
    release("1.8.0_392");
    Outcome old = run(root.resolve("vae4j"), root);
    assertEquals(1, old.code());
    assertTrue(old.err().contains("vae4j needs Java 17 or later"), old.err());
    release("25");
    assertEquals(7, run(root.resolve("vae4j"), root).code());

    Files.delete(jdk.resolve("bin/javac"));
    Files.delete(root.resolve("target/classpath.txt"));
    release("17");
    Outcome jre = run(root.resolve("vae4j"), root);
    assertTrue(jre.err().contains("there is no javac"), jre.err());
    assertFalse(jre.err().contains("building ("), jre.err());
  }

  @Test
  void passesJavaOptionsOn() throws Exception {
    Outcome outcome =
        run(Map.of("VAE4J_JAVA_OPTS", "-Xmx8g -Da=b"), root.resolve("vae4j"), root, "x");
    assertTrue(outcome.out().startsWith("[-XX:+UseSerialGC][-Xmx8g][-Da=b][-cp]"), outcome.out());
  }

  @Test
  void tellsJavaHowWideTheTerminalIs() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script, to make a terminal");
    run(root.resolve("vae4j"), root);
    Outcome terminal =
        run(
            Map.of("COLUMNS", ""),
            Path.of("/usr/bin/script"),
            root,
            "-qec",
            "stty cols 123; ./vae4j x",
            "/dev/null");
    assertTrue(terminal.out().contains("[-Dvae4j.columns=123]"), terminal.out());
    assertEquals(7, terminal.code());
  }

  @Test
  void aFolderWithAColonIsReachedByItsOpenFile() throws Exception {
    String lists =
        "#!/bin/bash\nwhile [[ $1 != -cp ]]; do shift; done\ncp=$2\nls \"${cp%%:*}/io\"\nexit 7\n";
    run(root.resolve("vae4j"), root);
    program(jdk.resolve("bin/java"), lists);
    Path moved = folder.resolve("a:b");
    Files.move(root, moved);
    // Its class path named the jar in the old place.
    Files.createFile(moved.resolve("x.jar"));
    Files.writeString(moved.resolve("target/classpath.txt"), folder.resolve("x.jar").toString());
    Files.createFile(folder.resolve("x.jar"));
    Outcome outcome = run(moved.resolve("vae4j"), Path.of("/"), "doctor");
    assertEquals("", outcome.err());
    assertEquals("github\n", outcome.out());
    assertEquals(7, outcome.code());

    Path home = folder.resolve("c:d/vae4j-1.0");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib/io/x"));
    Files.copy(moved.resolve("vae4j"), home.resolve("bin/vae4j"));
    Files.createFile(home.resolve("lib/vae4j-1.0.jar"));
    program(jdk.resolve("bin/java"), lists.replace("${cp%%:*}/io", "${cp%/*}"));
    Outcome installed = run(home.resolve("bin/vae4j"), Path.of("/"), "doctor");
    assertEquals("", installed.err());
    assertEquals("io\nvae4j-1.0.jar\n", installed.out());
  }

  @Test
  void aCheckoutThatCannotBeWrittenNeedsItsBuild() throws Exception {
    run(root.resolve("vae4j"), root);
    Files.setPosixFilePermissions(
        root.resolve("target"), PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(root), "the superuser may write in any folder");
      Outcome built = run(root.resolve("vae4j"), Path.of("/"), "doctor");
      assertEquals("", built.err());
      assertEquals(7, built.code());
    } finally {
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aCheckoutThatCannotBeBuiltInSaysSo() throws Exception {
    // A file in the way, because the superuser may write in any folder.
    Files.createFile(root.resolve("target"));
    Outcome outcome = run(root.resolve("vae4j"), Path.of("/"), "doctor");
    assertEquals(1, outcome.code());
    assertEquals("", outcome.out());
    assertTrue(
        outcome.err().startsWith("vae4j: error: " + root + " has no build, or an outdated one"),
        outcome.err());
    assertTrue(outcome.err().contains("cannot be written; build it as a user"), outcome.err());
  }

  @Test
  void allowsNativeAccessWhereJavaAsksForIt() throws Exception {
    run(root.resolve("vae4j"), root);
    release("21.0.2");
    assertFalse(run(root.resolve("vae4j"), root).out().contains("native-access"));
    release("25.0.1");
    String out = run(root.resolve("vae4j"), root).out();
    assertTrue(out.startsWith("[-XX:+UseSerialGC][--enable-native-access=ALL-UNNAMED][-cp]"), out);
  }

  @Test
  void aPosixLocaleBecomesOneThatHasAllFileNames() throws Exception {
    run(root.resolve("vae4j"), root);
    program(jdk.resolve("bin/java"), "#!/bin/bash\nprintf '%s' \"$LC_ALL/$LANG\"\n");
    Map<String, String> none = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "");
    assertEquals("C.UTF-8/", run(none, root.resolve("vae4j"), root).out());
    Map<String, String> posix = Map.of("LC_ALL", "POSIX", "LC_CTYPE", "", "LANG", "C");
    assertEquals("C.UTF-8/C", run(posix, root.resolve("vae4j"), root).out());
    Map<String, String> plain = Map.of("LC_ALL", "", "LC_CTYPE", "C", "LANG", "de_DE.UTF-8");
    assertEquals("C.UTF-8/de_DE.UTF-8", run(plain, root.resolve("vae4j"), root).out());
    Map<String, String> given = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "C.UTF-8");
    assertEquals("/C.UTF-8", run(given, root.resolve("vae4j"), root).out());
    // No such locale: ssh brings along names of locales that this machine may not have.
    Map<String, String> strange = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "xx_XX.UTF-8");
    assertEquals("C.UTF-8/xx_XX.UTF-8", run(strange, root.resolve("vae4j"), root).out());
    Path tools = Files.createDirectories(folder.resolve("plain"));
    for (String tool : List.of("bash", "dirname", "readlink", "sed", "find", "mkdir", "env")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    Map<String, String> without =
        Map.of("PATH", tools.toString(), "LC_ALL", "", "LC_CTYPE", "", "LANG", "C.UTF-8");
    assertEquals("C.UTF-8/C.UTF-8", run(without, root.resolve("vae4j"), root).out());
  }
}
