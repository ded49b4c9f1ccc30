// SPDX-License-Identifier: Apache-2.0
// The C API with random and hostile arguments, for a library that is built with sanitizers. What the
// headers allow must run; what they refuse must be refused by name, without a leak, and leave the
// program as it was. The numbers of a seed are the same everywhere.
// usage: fuzz SEED CASES
#include "api.hpp"
#include "extreme.hpp"
#include "images.hpp"
#include "wrong.hpp"

// Of libasan, whose headers not every distribution has.
extern "C" size_t __sanitizer_get_current_allocated_bytes();
extern "C" void __sanitizer_set_death_callback(void (*callback)());

// Too large allocations are refused, as by a system without memory; faults are the program's own.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=16:handle_segv=0:detect_leaks=0:"
         "log_to_syslog=0";
}

namespace {

using namespace fuzz;

int64_t planned = 0;
int64_t refused = 0;

// Programs of each instruction set of this machine and of one thread and three. The first op of
// each adds 1 to a number, which shows that a refused op leaves nothing behind.
class Programs {
 public:
  Programs() {
    for (const char* isa : {"baseline", "avx2", "avx512"}) {
      for (int threads : {1, 3}) {
        vae4j_context* context = nullptr;
        int precision = threads == 1 ? VAE4J_FP32 : VAE4J_BF16;
        int status = CALL(vae4j_context_create, threads, precision, isa, &context);
        if (status == VAE4J_OK) contexts_.push_back(context);
        if (status != VAE4J_OK)
          expect_status(status, VAE4J_UNSUPPORTED, "context: isa: this machine has no ");
      }
    }
  }

  ~Programs() {
    for (vae4j_context* context : contexts_) CALL(vae4j_context_destroy, context);
  }

  vae4j_context* context(Random& random) { return random.of(contexts_); }

  vae4j_program* create(Random& random) {
    vae4j_program* program = nullptr;
    expect_status(CALL(vae4j_program_create, context(random), &program), VAE4J_OK, "");
    vae4j_add_op add = {{&one_, VAE4J_FLOAT32, {1}}, {&count_, VAE4J_FLOAT32, {1}}};
    expect_status(vae4j_plan_add(program, &add), VAE4J_OK, "");
    return program;
  }

  // Runs a program to whose first op nothing was added.
  void run_once(vae4j_program* program) {
    count_ = 0;
    expect_status(CALL(vae4j_program_run, program), VAE4J_OK, "");
    expect(count_ == 1, "a program as before");
  }

 private:
  std::vector<vae4j_context*> contexts_;
  float one_ = 1;
  float count_ = 0;
};

void refuse(vae4j_program* program, Case& op, const Wrong& wrong) {
  std::vector<char> right = op.values();
  wrong.apply(op);
  // oneDNN and the context keep memory of a first attempt.
  op.plan(program);
  size_t before = __sanitizer_get_current_allocated_bytes();
  CALL(vae4j_program_add, nullptr, "", "", nullptr, 0);
  int status = op.plan(program);
  size_t after = __sanitizer_get_current_allocated_bytes();
  std::string text =
      op.table.id + ": " + (wrong.member.empty() ? "" : wrong.member + ": expected ");
  expect_status(status, VAE4J_INVALID_ARGUMENT, text);
  expect(before == after, "no leak, given " + std::to_string(after - before) + " bytes");
  refused++;
  op.restore(right);
}

// Every single fault of every op.
void sweep(Programs& programs, Random& random) {
  for (const Table& table : tables()) {
    for (int i = 0; i < 2;) {
      now() = table.id + ", all faults, case " + std::to_string(i);
      Case op(table, random);
      if (!op.fits()) continue;
      i++;
      vae4j_program* program = programs.create(random);
      struct_arguments(program, op);
      const Wrongs wrongs(op);
      for (const Wrong& wrong : wrongs.all()) refuse(program, op, wrong);
      programs.run_once(program);
      expect_status(CALL(vae4j_program_destroy, program), VAE4J_OK, "");
    }
  }
}

// What a run does with the numbers of a control block.
std::string refusal_of_run(Case& op) {
  if (op.table.id != "gather" && op.table.id != "recordMetrics") return "";
  const double* control = static_cast<const double*>(op.tensor("control").data);
  double step = std::trunc(control[VAE4J_CONTROL_STEP]);
  double position = std::trunc(control[VAE4J_CONTROL_POSITION]);
  if (op.table.id == "recordMetrics") {
    return step >= 0 && step < 0x1p63 ? "" : "recordMetrics: control: expected a step of 0 or more";
  }
  double last = static_cast<double>(op.size('N') - op.size('B'));
  return position >= 0 && position <= last ? "" : "gather: expected position + batch of ";
}

void run(vae4j_program* program, Case& op) {
  std::string refusal = refusal_of_run(op);
  for (int i = 0; i < 2; i++) {
    expect_status(CALL(vae4j_program_run, program),
                  refusal.empty() ? VAE4J_OK : VAE4J_INVALID_STATE, refusal);
  }
  expect(op.inputs_are_unchanged(), "inputs as before");
}

// Likelihoods in words by chance: any text is planned or refused.
void likelihood(Programs& programs, Random& random) {
  static const std::vector<std::string> words = {"gaussian",
                                                 "categorical",
                                                 "multinomial",
                                                 "discretized-logistic",
                                                 "gaussian-shared",
                                                 "student-t",
                                                 "discretized-logistic-mixture",
                                                 "poisson",
                                                 ";",
                                                 ";",
                                                 " ",
                                                 "1",
                                                 "2",
                                                 "3",
                                                 "0",
                                                 "-1",
                                                 "2147483647",
                                                 "2147483648",
                                                 "99999999999999999999",
                                                 "0.5",
                                                 "1e308",
                                                 "1e999",
                                                 "-1e-320",
                                                 "nan",
                                                 "inf",
                                                 "0x10",
                                                 "256",
                                                 "257",
                                                 "16777216",
                                                 "16777217",
                                                 "\t",
                                                 "\n",
                                                 "%n"};
  static const Table& table = *std::find_if(
      tables().begin(), tables().end(), [](const Table& each) { return each.id == "likelihood"; });
  Case op(table, random);
  if (!op.fits()) return;
  std::string text = random.chance(50) ? "" : op.text("likelihood");
  for (int64_t count = random.between(1, 9); count > 0; count--) text += random.of(words) + " ";
  op.text("likelihood") = op.keep(text);
  now() = "likelihood of \"" + text + "\"";
  vae4j_program* program = programs.create(random);
  int status = op.plan(program);
  if (status == VAE4J_OK) {
    run(program, op);
  } else {
    expect_status(status, VAE4J_INVALID_ARGUMENT, "likelihood: ");
    programs.run_once(program);
  }
  expect_status(CALL(vae4j_program_destroy, program), VAE4J_OK, "");
}

void step(Programs& programs, Random& random, int64_t number) {
  if (random.chance(10)) return likelihood(programs, random);
  const Table& table = random.of(tables());
  now() = table.id + ", case " + std::to_string(number);
  Case op(table, random);
  if (!op.fits()) return;
  vae4j_program* program = programs.create(random);
  if (random.chance(40)) {
    // Several faults: any of them may be named.
    const Wrongs wrongs(op);
    const std::vector<Wrong>& all = wrongs.all();
    Wrong first = random.of(all);
    bool more = random.chance(50);
    if (more) {
      Wrong second = random.of(all);
      Wrong one = first;
      first = {"", [one, second](Case& both) {
                 second.apply(both);
                 one.apply(both);
               }};
    }
    if (!more || table.id != "likelihood") refuse(program, op, first);
    programs.run_once(program);
  }
  int status = op.plan(program);
  expect_status(status, VAE4J_OK, "");
  planned++;
  run(program, op);
  expect_status(CALL(vae4j_program_destroy, program), VAE4J_OK, "");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  Random random(std::strtoull(arguments[1], nullptr, 10));
  int64_t cases = std::strtoll(arguments[2], nullptr, 10);
  __sanitizer_set_death_callback([] { std::fprintf(stderr, "in %s\n", now().c_str()); });
  memory(random);
  contexts(random);
  {
    Programs programs;
    errors(programs.context(random));
    sweep(programs, random);
    for (int64_t i = 0; i < cases; i++) step(programs, random, i);
  }
  Extremes extremes = extreme(random, cases);
  for (const auto& [function, times] : calls()) std::printf("called %s\n", function.c_str());
  std::printf(
      "seed %s: %lld ops planned and run, %lld refused, %lld of extreme shapes planned, %lld of "
      "them run up to a fault in their operands\n",
      arguments[1], static_cast<long long>(planned), static_cast<long long>(refused),
      static_cast<long long>(extremes.planned), static_cast<long long>(extremes.faulted));
  return 0;
}
