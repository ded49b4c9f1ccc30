// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.OpenRun;
import io.github.vae4j.checkpoint.RecordDifference;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.cli.options.BackendArguments;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.ConditionChoice;
import io.github.vae4j.cli.options.DataSourceOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.ModelOptions;
import io.github.vae4j.cli.options.ObjectiveOptions;
import io.github.vae4j.cli.options.OptimizerOptions;
import io.github.vae4j.cli.options.TrainingOptions;
import io.github.vae4j.cli.run.Continuation;
import io.github.vae4j.cli.run.DataProfile;
import io.github.vae4j.cli.run.Expected;
import io.github.vae4j.cli.run.ModelText;
import io.github.vae4j.cli.run.RowFiles;
import io.github.vae4j.cli.run.RunDescription;
import io.github.vae4j.cli.run.SchemaText;
import io.github.vae4j.cli.run.StopSignal;
import io.github.vae4j.cli.run.Terminal;
import io.github.vae4j.cli.run.TrainData;
import io.github.vae4j.cli.run.TrainingRun;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.LabelLeak;
import io.github.vae4j.table.TableDefaults;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.train.DataFit;
import io.github.vae4j.train.LatentFit;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j train}. */
@Command(
    name = TrainCommand.NAME,
    description = {
      "Trains a model and leaves it in a folder, with its checkpoint, metrics and pictures.",
      "Ctrl-C stops after the step and saves; a second one ends at once. --resume goes on."
    },
    customSynopsis = "vae4j train --data SPEC --out DIR [OPTIONS]",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j train --data mnist --epochs 10 --out runs/mnist",
      "  ./vae4j train --data mnist --condition labels --out runs/digits",
      "  ./vae4j train --data claims.csv --missing --validation 0.1 --patience 5 --out runs/claims",
      "  ./vae4j train --out runs/mnist --resume --epochs 20"
    })
final class TrainCommand implements Callable<Integer> {
  static final String NAME = "train";

  /** The settings that a resumed run may change. */
  private static final Set<String> MAY_CHANGE = Set.of("epochs", "patience");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder of the run.")
  private Path out = Path.of("");

  @Mixin private DataSourceOptions data = new DataSourceOptions();

  @Option(
      names = "--config",
      paramLabel = "NAME|FILE",
      description =
          "Start from a complete specification: burda, or the vae.json of another run. Other"
              + " options change it.")
  private @Nullable RunFile config;

  @Option(
      names = "--resume",
      description =
          "Continue the run in --out, to the bit, with its own settings; --epochs and --patience"
              + " may be new.")
  private boolean resume;

  @Option(
      names = "--overwrite",
      description =
          "Replace the run in --out. It is whole until the new one has its first checkpoint.")
  private boolean overwrite;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "SECONDS",
      description =
          "Save the state also within an epoch, this long after the last time (default"
              + " ${DEFAULT-VALUE}; 0: only after each epoch).")
  private double checkpointEvery = 60;

  @Option(
      names = Continuation.ACCEPT,
      description = "With --resume: go on although the data have changed.")
  private boolean acceptChangedData;

  @Option(names = "--no-progress", description = "Print a line an epoch only, also on a terminal.")
  private boolean plain;

  @Mixin private BackendArguments backend = new BackendArguments();
  @Mixin private CommonOptions common = new CommonOptions();

  @ArgGroup(validate = false, heading = "%nModel:%n")
  private ModelOptions model = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nTraining:%n")
  private TrainingOptions training = new TrainingOptions();

  @ArgGroup(validate = false, heading = "%nObjective:%n")
  private ObjectiveOptions objective = new ObjectiveOptions();

  @ArgGroup(validate = false, heading = "%nOptimizer:%n")
  private OptimizerOptions optimizer = new OptimizerOptions();

  private final StopSignal stop;

  TrainCommand(StopSignal stop) {
    this.stop = stop;
  }

  @Override
  public Integer call() {
    if (resume && overwrite) {
      throw common.usage("--resume continues a run and --overwrite deletes it: choose one");
    }
    BackendOptions where = backend.options();
    if (resume && config != null) {
      throw common.usage("--resume goes on with the run's own settings: leave --config out");
    }
    if (acceptChangedData && !resume) {
      throw common.usage(Continuation.ACCEPT + " is for --resume");
    }
    if (!(checkpointEvery >= 0 && checkpointEvery < Double.POSITIVE_INFINITY)) {
      throw common.usage(
          "--checkpoint-every: expected seconds, or 0 for only after each epoch, given "
              + checkpointEvery);
    }
    try (Arena arena = new Arena()) {
      return resume ? continueRun(where, arena) : startRun(where, arena);
    }
  }

  private int startRun(BackendOptions where, Arena arena) {
    DataSource source = data.source(common);
    refuseInputs(source);
    Schema schema = data.schema(source, config != null || model.hasLikelihood(), common.report());
    return schema == null
        ? startMatrix(source, where, arena)
        : startTable(source, schema, where, arena);
  }

  private int startMatrix(DataSource source, BackendOptions where, Arena arena) {
    TrainConfig base = this.config == null ? null : this.config.training();
    TrainConfig config =
        training.over(base == null ? TrainConfig.defaults() : base, objective, optimizer);
    Expected expected =
        Expected.ofNew(model.likelihood(this.config == null ? null : this.config.model()));
    TrainData rows = TrainData.open(source, config.seed(), expected, arena);
    DataProfile profile = DataProfile.of(rows.train());
    VaeSpec spec = model.over(this.config == null ? profile.standardModel() : this.config.model());
    List<String> remarks = new ArrayList<>(rows.remarks());
    return start(source, config, rows, with(spec, rows), profile, remarks, where, arena);
  }

  /** A model of a table; options that are not given are those of {@link TableDefaults}. */
  private int startTable(DataSource given, Schema schema, BackendOptions where, Arena arena) {
    Expected expected = Expected.ofNew(null).with(data.reading(schema)).showing(common.report());
    DataSet table = RowFiles.train(given, expected, arena);
    int all = table.rows();
    double heldOut =
        given.test() == null && !data.hasValidation() && all > 1
            ? TableDefaults.heldOut(all)
            : given.validationFraction();
    int count = Math.max(1, all - (int) Math.round(heldOut * all));
    TrainConfig config = training.over(TableDefaults.training(count), objective, optimizer);
    DataSource source =
        given.with(heldOut, training.hasEpochs() ? null : TableDefaults.passes(count));
    TrainData rows = TrainData.of(table, source, config.seed(), expected, arena);
    VaeSpec spec = model.over(TableDefaults.model(new Features(schema)));
    SchemaText.lines(schema).forEach(common.report()::line);
    List<String> remarks = new ArrayList<>(rows.remarks());
    for (String name : LabelLeak.columns(new Features(schema), table)) {
      remarks.add(
          "warning: column \""
              + name
              + "\" predicts the label without an error: if it is the label under another name,"
              + " leave it out with --column \""
              + name
              + "=out\"");
    }
    return start(
        source,
        config,
        rows,
        with(spec, rows),
        DataProfile.of(rows.train()),
        remarks,
        where,
        arena);
  }

  /** The condition, the mask and the names of the rows. */
  private VaeSpec with(VaeSpec base, TrainData rows) {
    ConditionChoice choice = data.condition();
    VaeSpec spec = choice == null ? base : base.with(choice.of(rows.train()));
    spec = rows.train().missing() ? model.forMissing(spec) : spec;
    DataFit.checkWidth(spec, rows.train());
    return spec.named(DataNames.of(rows.train()));
  }

  private int start(
      DataSource source,
      TrainConfig config,
      TrainData rows,
      VaeSpec spec,
      DataProfile profile,
      List<String> remarks,
      BackendOptions where,
      Arena arena) {
    LatentFit.check(spec.latents(), config.objective());
    remarks.addAll(profile.remarks(spec, config));
    RunDescription about = new RunDescription(spec, config, source, rows.prints());
    TrainingRun run = new TrainingRun(about, rows, checkpointEvery, remarks, common.report());
    return run.execute(
        where, () -> arena.own(OpenRun.create(out, overwrite)), null, terminal(), stop);
  }

  private int continueRun(BackendOptions where, Arena arena) {
    OpenRun folder = arena.own(OpenRun.resume(out));
    Checkpoint checkpoint = Checkpoint.load(out);
    VaeSpec spec = model.over(checkpoint.model());
    TrainConfig config = training.over(checkpoint.training(), objective, optimizer);
    DataSource source = data.over(checkpoint.data());
    List<String> differences = new ArrayList<>();
    differences.addAll(RecordDifference.of(checkpoint.data(), source, "given", Set.of()));
    differences.addAll(RecordDifference.of(checkpoint.model(), spec, "given", Set.of()));
    differences.addAll(RecordDifference.of(checkpoint.training(), config, "given", MAY_CHANGE));
    ConditionChoice choice = data.condition();
    if (choice != null && !choice.fits(spec.condition())) {
      differences.add(
          "the model is "
              + (spec.condition() == null ? "not conditional" : ModelText.condition(spec))
              + ", given another --condition");
    }
    if (!differences.isEmpty()) {
      throw common.usage(
          "--resume continues the run with its own settings, but "
              + String.join("; ", differences)
              + ". Leave these options out, or start a new run in another folder");
    }
    requireEpochs(config, checkpoint.state().clock());
    refuseInputs(source);
    Expected expected = Expected.of(spec).showing(common.report());
    TrainData rows = TrainData.open(source, config.seed(), expected, arena);
    RunDescription about = new RunDescription(spec, config, source, rows.prints());
    Continuation from =
        Continuation.of(out, checkpoint, about, rows.train().rows(), acceptChangedData);
    List<String> remarks = new ArrayList<>(rows.remarks());
    remarks.addAll(from.remarks());
    String unused = data.tableOption();
    if (unused != null) {
      remarks.add(unused + " is not used: --resume reads the table by the schema of the run");
    }
    TrainingRun run = new TrainingRun(about, rows, checkpointEvery, remarks, common.report());
    return run.execute(where, () -> folder, from, terminal(), stop);
  }

  private void requireEpochs(TrainConfig config, TrainState.Clock clock) {
    boolean within = clock.position() > 0;
    int least = clock.epoch() + (within ? 1 : 0);
    if (config.epochs() < least) {
      throw common.usage(
          String.format(
              Locale.ROOT,
              "--epochs: the run %s %d already; expected %d or more, given %d",
              within ? "is in epoch" : "has done epoch",
              least,
              least,
              config.epochs()));
    }
  }

  /** A run writes its files beside no image of its data, and over no file of them. */
  private void refuseInputs(DataSource source) {
    Inputs inputs = new Inputs().run(source);
    RunFolder folder = new RunFolder(out);
    RunFolder.FILES.forEach(name -> inputs.refuse("--out", folder.file(name)));
  }

  private Terminal terminal() {
    Terminal here = Terminal.detect();
    return plain ? new Terminal(false, here.columns()) : here;
  }
}
