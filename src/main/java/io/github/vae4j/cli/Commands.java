// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.run.StopSignal;
import java.util.List;

/** The commands, in the order of the help. */
final class Commands {
  private Commands() {}

  static List<Object> all(StopSignal stop) {
    return List.of(
        new TrainCommand(stop),
        new SchemaCommand(),
        new EvaluateCommand(),
        new SampleCommand(),
        new FitSamplerCommand(),
        new ReconstructCommand(),
        new EncodeCommand(),
        new DecodeCommand(),
        new TraverseCommand(),
        new InterpolateCommand(),
        new ScoreCommand(),
        new ImputeCommand(),
        new DriftCommand(),
        new ExportCommand(),
        new InspectCommand(),
        new DoctorCommand(),
        new BenchCommand());
  }
}
