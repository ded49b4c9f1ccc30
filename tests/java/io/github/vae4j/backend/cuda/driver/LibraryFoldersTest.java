// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders that are searched for CUDA, and their order. */
final class LibraryFoldersTest {
  private static final String WHEELS = "nvidia/cu13/lib";

  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void withoutLinksAboveIt() throws IOException {
    root = temporary.toRealPath();
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  private LibraryFolders of(Map<String, String> environment) {
    return LibraryFolders.of(root, environment);
  }

  @Test
  void whatAUserSaysIsFirst() throws IOException {
    Path packages = folder("usr/lib/python3/dist-packages/" + WHEELS);
    Path toolkit = folder("usr/local/cuda/lib64");
    Path venv = folder("venv/lib/python3.11/site-packages/" + WHEELS);
    Path conda = folder("conda/lib");
    Path cudaPath = folder("by-path/lib64");
    Path cudaHome = folder("by-home/targets/x86_64-linux/lib");
    Path second = folder("second");
    Path first = folder("first");
    Map<String, String> environment =
        Map.of(
            "LD_LIBRARY_PATH", first + "::" + root.resolve("nowhere") + ":" + second,
            "CUDA_HOME", root.resolve("by-home").toString(),
            "CUDA_PATH", root.resolve("by-path").toString(),
            "CONDA_PREFIX", root.resolve("conda").toString(),
            "VIRTUAL_ENV", root.resolve("venv").toString());
    assertEquals(
        List.of(first, second, cudaHome, cudaPath, conda, venv, toolkit, packages),
        of(environment).existing());
  }

  @Test
  void newerToolkitsAreBeforeOlderOnesAndOtherMajorVersionsLeftOut() throws IOException {
    Path nine = folder("usr/local/cuda-13.9/lib64");
    Path ten = folder("usr/local/cuda-13.10/lib64");
    folder("usr/local/cuda-12.8/lib64");
    assertEquals(List.of(ten, nine), of(Map.of()).existing());
  }

  @Test
  void aFolderIsSearchedOnce() throws IOException {
    folder("usr/local/cuda-13.1/lib64");
    Files.createSymbolicLink(root.resolve("usr/local/cuda"), root.resolve("usr/local/cuda-13.1"));
    assertEquals(List.of(root.resolve("usr/local/cuda/lib64")), of(Map.of()).existing());
  }

  @Test
  void anInterpreterLeadsToItsEnvironmentAndToItsInstallation() throws IOException {
    Path installed = folder("opt/python/lib/python3.12/site-packages/" + WHEELS);
    Path interpreter = folder("opt/python/bin").resolve("python3.12");
    Files.createFile(interpreter);
    assertTrue(interpreter.toFile().setExecutable(true));
    Path environment = folder("project/.venv/lib/python3.12/site-packages/" + WHEELS);
    Path programs = folder("project/.venv/bin");
    Files.createSymbolicLink(programs.resolve("python3"), interpreter);
    assertEquals(
        List.of(environment, installed),
        of(Map.of("PATH", root.resolve("nowhere") + ":" + programs)).existing());
  }

  @Test
  void packagesOfTheUserAreFound() throws IOException {
    Path packages = folder("home/.local/lib/python3.13/site-packages/" + WHEELS);
    assertEquals(List.of(packages), of(Map.of("HOME", root.resolve("home").toString())).existing());
  }

  @Test
  void cudnnHasAPackageOfItsOwn() throws IOException {
    Path cuda = folder("venv/lib/python3.12/site-packages/" + WHEELS);
    Path cudnn = folder("venv/lib/python3.12/site-packages/nvidia/cudnn/lib");
    assertEquals(
        List.of(cuda, cudnn),
        of(Map.of("VIRTUAL_ENV", root.resolve("venv").toString())).existing());
  }

  @Test
  void onlyFoldersWithAllOfTheFilesHoldThem() throws IOException {
    Path half = folder("half");
    Files.createFile(half.resolve("libcublas.so.13"));
    Path whole = folder("whole");
    Files.createFile(whole.resolve("libcublas.so.13"));
    Files.createFile(whole.resolve("libcublasLt.so.13"));
    LibraryFolders folders = of(Map.of("LD_LIBRARY_PATH", half + ":" + whole));
    assertEquals(List.of(whole), folders.holding(List.of("libcublasLt.so.13", "libcublas.so.13")));
    assertEquals(List.of(half, whole), folders.holding(List.of("libcublas.so.13")));
    assertEquals(List.of(), folders.holding(List.of("libcudart.so.13")));
  }

  @Test
  void theMessageSaysTheOrderAndWhatExists() {
    String none = of(Map.of("CUDA_HOME", "/no/such/toolkit")).toString();
    assertTrue(none.startsWith("looked, in this order, in LD_LIBRARY_PATH (not set), "), none);
    assertTrue(none.contains("CUDA_HOME (/no/such/toolkit)"), none);
    assertTrue(none.endsWith("of these exist none"), none);
  }
}
