// SPDX-License-Identifier: Apache-2.0
#include "model/programs.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "model/json.hpp"

namespace vae4j::model {
namespace {

constexpr std::string_view kFirstLine = "vae4j-programs 1";
constexpr size_t kMostDims = 4;

// A line of the text, from which words are taken.
class Line {
 public:
  Line(const std::string& file, int number, std::string_view text)
      : file_(file), number_(number), rest_(text) {}

  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  Error error(const std::string& problem, vae4j_status status = VAE4J_INVALID_ARGUMENT) const {
    return Error(status, file_ + ": vae4j.programs: line " + std::to_string(number_) + ": " +
                             problem + " before " + quoted(rest_) +
                             "; the file is damaged or of another version of vae4j; write it anew "
                             "with ./vae4j export --model DIR --format native --out OTHER");
  }

  void end() const {
    if (!empty()) throw error("expected the end of the line");
  }

  bool take(std::string_view part) {
    if (rest_.substr(0, part.size()) != part) return false;
    rest_.remove_prefix(part.size());
    return true;
  }

  void expect(std::string_view part) {
    if (!take(part)) throw error("expected " + quoted(part));
  }

  // The text to a character, or to the end of the line.
  std::string_view until(char end) {
    std::string_view word = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(word.size());
    return word;
  }

  template <class Number>
  Number number() {
    Number value{};
    auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (read.ec != std::errc()) throw error("expected a number");
    rest_.remove_prefix(static_cast<size_t>(read.ptr - rest_.data()));
    return value;
  }

  int64_t count() {
    int64_t value = number<int64_t>();
    if (value < 0) throw error("expected a number of 0 or more");
    return value;
  }

  Formula formula() {
    Formula formula;
    if (!formula.read(&rest_)) throw error("expected a sum of sizes");
    return formula;
  }

  // "b3+20B(B,784)", "w+0(784,400)" or "-".
  Operand operand(size_t buffers) {
    Operand operand;
    if (take("-")) return operand;
    if (take("w")) {
      operand.buffer = Operand::kWeights;
    } else {
      expect("b");
      int64_t index = count();
      if (index >= static_cast<int64_t>(buffers)) throw error("there is no such buffer");
      operand.buffer = static_cast<int>(index);
    }
    expect("+");
    operand.first = formula();
    expect("(");
    do {
      operand.dims.push_back(formula());
    } while (operand.dims.size() < kMostDims && take(","));
    expect(")");
    return operand;
  }

 private:
  const std::string& file_;
  int number_;
  std::string_view rest_;
};

void read_member(Line* line, const Member& rule, size_t buffers, MemberText* member) {
  if (!line->take(" " + std::string(rule.name) + "=")) {
    throw line->error("expected " + std::string(rule.name), VAE4J_UNSUPPORTED);
  }
  switch (rule.kind) {
    case Kind::kTensor:
      member->tensor = line->operand(buffers);
      break;
    case Kind::kInteger:
      member->integer = line->formula();
      break;
    case Kind::kReal:
      member->real = line->number<double>();
      break;
    case Kind::kText:
      line->expect("'");
      member->text = line->until('\'');
      line->expect("'");
      break;
  }
}

// Members that an op writes in training alone, and the member that says so.
struct Trained {
  const char* op;
  const char* member;
  const char* training;
};

constexpr Trained kTrained[] = {{"batchNorm", "mean", "training"},
                                {"batchNorm", "variance", "training"},
                                {"likelihood", "shared", "d_parameters"}};

bool is_off(const OpText& op, const char* name) {
  for (size_t i = 0; i < op.table->count; i++) {
    const Member& rule = op.table->members[i];
    if (std::strcmp(name, rule.name) != 0) continue;
    return rule.kind == Kind::kTensor ? op.members[i].tensor.buffer == Operand::kMissing
                                      : op.members[i].integer.is_zero();
  }
  return false;
}

bool writes(const OpText& op, const Member& rule) {
  if (std::strncmp(rule.rule, "out", 3) != 0) return false;
  for (const Trained& own : kTrained) {
    if (std::strcmp(own.op, op.table->name) == 0 && std::strcmp(own.member, rule.name) == 0) {
      return !is_off(op, own.training);
    }
  }
  return true;
}

// The weights of a model are shared by all threads, so that no program may change them.
void refuse_writes_to_weights(const Line& line, const OpText& op) {
  for (size_t i = 0; i < op.table->count; i++) {
    const Member& rule = op.table->members[i];
    if (rule.kind == Kind::kTensor && op.members[i].tensor.buffer == Operand::kWeights &&
        writes(op, rule)) {
      throw line.error(std::string(rule.name) + " writes to the weights");
    }
  }
}

OpText read_op(Line* line, const std::string& name, size_t buffers) {
  const OpTable* table;
  try {
    table = &op_table(name.c_str());
  } catch (const Error& e) {
    throw line->error(e.what(), VAE4J_UNSUPPORTED);
  }
  OpText op{table, std::vector<MemberText>(table->count)};
  for (size_t i = 0; i < table->count; i++) {
    read_member(line, table->members[i], buffers, &op.members[i]);
  }
  line->end();
  refuse_writes_to_weights(*line, op);
  return op;
}

BufferText read_buffer(Line* line) {
  BufferText buffer{};
  buffer.type = line->take("f64 ") ? VAE4J_FLOAT64 : VAE4J_FLOAT32;
  if (buffer.type == VAE4J_FLOAT32) line->expect("f32 ");
  buffer.length = line->formula();
  if (buffer.type == VAE4J_FLOAT32 && line->take(" ")) buffer.initial = line->number<float>();
  line->end();
  return buffer;
}

ParameterText read_parameter(Line* line) {
  ParameterText parameter;
  parameter.name = line->until(' ');
  for (int64_t* number :
       {&parameter.offset, &parameter.count, &parameter.rows, &parameter.columns}) {
    line->expect(" ");
    *number = line->count();
  }
  line->expect(" ");
  do {
    parameter.dims.push_back(line->count());
  } while (line->take(","));
  line->end();
  return parameter;
}

class Reader {
 public:
  explicit Reader(ModelText* model) : model_(model) {}

  void read(Line line) {
    std::string word(line.until(' '));
    if (program_ != nullptr && is_op(word)) {
      program_->push_back(read_op(&line, word, plan_->buffers.size()));
      return;
    }
    line.expect(" ");
    if (word == "plan") {
      plan_ = &fresh(&model_->plans, line);
      program_ = nullptr;
    } else if (word == "parameter") {
      model_->parameters.push_back(read_parameter(&line));
    } else if (plan_ == nullptr) {
      if (!model_->facts.try_emplace(word, line.rest()).second) throw line.error("a fact twice");
    } else if (word == "buffer" && plan_->tensors.empty() && program_ == nullptr) {
      plan_->buffers.push_back(read_buffer(&line));
    } else if (word == "tensor") {
      std::string name(line.until(' '));
      line.expect(" ");
      Operand operand = line.operand(plan_->buffers.size());
      line.end();
      if (!plan_->tensors.try_emplace(name, operand).second) throw line.error("a tensor twice");
    } else if (word == "program") {
      program_ = &fresh(&plan_->programs, line);
    } else {
      throw line.error("expected no line " + quoted(word));
    }
  }

 private:
  static bool is_op(const std::string& word) {
    return word != "plan" && word != "program" && word != "buffer" && word != "tensor";
  }

  template <class Value>
  static Value& fresh(std::map<std::string, Value>* values, const Line& line) {
    auto [at, added] = values->try_emplace(std::string(line.rest()));
    if (!added) throw line.error("expected another name than a former one");
    return at->second;
  }

  ModelText* model_;
  PlanText* plan_ = nullptr;
  std::vector<OpText>* program_ = nullptr;
};

}  // namespace

ModelText read_programs(const std::string& file, std::string_view text) {
  ModelText model;
  Reader reader(&model);
  int number = 0;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    Line line(file, ++number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number > 1) {
      reader.read(line);
    } else if (line.rest() != kFirstLine) {
      throw line.error("expected " + quoted(kFirstLine), VAE4J_UNSUPPORTED);
    }
  }
  return model;
}

}  // namespace vae4j::model
