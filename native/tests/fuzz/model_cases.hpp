// SPDX-License-Identifier: Apache-2.0
// Files of models that a hostile writer would choose, each a small edit of a whole one, and paths,
// cells and calibrations of the same kind.
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>

#include <functional>

#include "model_calls.hpp"
#include "model_file.hpp"

namespace fuzz {

// The places in the header's texts have "\n" for the end of a line.
constexpr const char* kFirstPlan = "\\nplan score";

inline long most_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// A file that is refused when it is opened.
struct RefusedFile {
  const char* name;
  std::function<bool(std::string* header)> edit;
};

// A tensor without elements, which the programs place by a line.
inline std::function<bool(std::string*)> empty_tensor(const std::string& line) {
  return [line](std::string* header) {
    header->insert(header->rfind('}'), R"(,"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})");
    return replace(header, kFirstPlan, "\\n" + line + kFirstPlan);
  };
}

// An op that has a weight as the result that it writes.
inline std::function<bool(std::string*)> written_weights(const std::string& op,
                                                         const std::string& member) {
  return [op, member](std::string* header) {
    size_t line = header->find("\\n" + op + " ");
    if (line == std::string::npos) return false;
    size_t at = header->find(" " + member + "=b", line) + member.size() + 2;
    header->replace(at, header->find('+', at) - at, "w");
    return true;
  };
}

inline std::function<bool(std::string*)> fact(const std::string& name, const std::string& value) {
  return [name, value](std::string* header) {
    size_t at = header->find("\\n" + name + " ");
    if (at == std::string::npos) return false;
    at += name.size() + 3;
    header->replace(at, header->find("\\n", at) - at, value);
    return true;
  };
}

inline const std::vector<RefusedFile>& refused_files() {
  static const std::vector<RefusedFile> files = {
      {"a parameter of 2^128 elements",
       empty_tensor("parameter a 0 4611686018427387904 4611686018427387904 16 0")},
      {"a parameter of no rows and 2^62 columns",
       empty_tensor("parameter a 0 1 0 4611686018427387904 0")},
      {"a likelihood that writes its result to the weights", written_weights("likelihood", "nll")},
      {"a batchNorm that writes its result to the weights", written_weights("batchNorm", "y")},
      {"no latent variable", fact("latent", "0")},
      {"no feature", fact("features", "0")}};
  return files;
}

class ModelCases {
 public:
  ModelCases(std::string folder, const std::vector<Parts>& seeds)
      : folder_(std::move(folder)), path_(folder_ + "/model.safetensors"), seeds_(seeds) {}

  void run() const {
    for (const RefusedFile& file : refused_files()) {
      write_first(file.name, file.edit);
      refuse_path(path_);
    }
    large_buffer();
    large_top();
    refuse_paths();
    table();
  }

  // A model of tables: a whole model with the schema of a numeric column and of counts.
  Parts table_parts() const {
    Parts parts = first("a table", [](std::string* header) {
      if (header->find("\\nconditions 0\\n") == std::string::npos) return false;
      size_t at = header->find("\\nfeatures ") + 11;
      int64_t features = std::strtoll(header->c_str() + at, nullptr, 10);
      std::string columns =
          R"({"name":"c0","kind":"numeric","scaling":{"rule":"standard","center":1,"scale":2},)"
          R"("least":0,"greatest":9,"resolution":0.5,"decimals":1})";
      for (int64_t i = 1; i < features; i++) {
        columns += R"(,{"name":"c)" + std::to_string(i) + R"(","kind":"count","greatest":9})";
      }
      std::string schema = R"("schema":{"format":1,"columns":[)" + columns + "]},";
      std::string escaped;
      for (char c : schema) escaped += c == '"' ? "\\\"" : std::string(1, c);
      const std::string model = R"("vae4j.model":"{)";
      return replace(header, model, model + escaped);
    });
    return parts;
  }

 private:
  // The first whole model that an edit can change, edited and sealed.
  Parts first(const std::string& name, const std::function<bool(std::string*)>& edit) const {
    begin(name);
    for (Parts parts : seeds_) {
      if (!edit(&parts.header)) continue;
      seal(&parts);
      return parts;
    }
    expect(false, "a model with the part that the case changes");
    return {};
  }

  void write_first(const std::string& name, const std::function<bool(std::string*)>& edit) const {
    write_file(path_, bytes_of(first(name, edit)));
  }

  static void refuse_path(const std::string& path) {
    vae4j_model* model = nullptr;
    expect(open_model(path, 1, &model) != VAE4J_OK, "a refusal of " + path);
  }

  // Calls with a model, unless the file is refused already; no case takes much memory.
  static void use(const std::string& path, const std::function<void(const vae4j_model*)>& calls) {
    constexpr long kMostMegabytes = 512;
    long before = most_megabytes();
    vae4j_model* model = nullptr;
    if (open_model(path, 1, &model) == VAE4J_OK) {
      calls(model);
      close_model(model);
    }
    long taken = most_megabytes() - before;
    expect(taken < kMostMegabytes,
           "a refusal that takes no memory, given " + std::to_string(taken) + " MiB more");
  }

  static void expect_size_refused(int status) {
    expect(status == VAE4J_INVALID_ARGUMENT || status == VAE4J_OUT_OF_MEMORY,
           "a refusal by the size, given status " + std::to_string(status));
  }

  void large_buffer() const {
    write_first("a buffer of 16 GiB", [](std::string* header) {
      return replace(header, "\\nbuffer f64 3B\\n", "\\nbuffer f64 2147483647\\n");
    });
    use(path_, [](const vae4j_model* model) {
      Arrays a = sound_arrays(model, 2, 2);
      expect_size_refused(TRY(vae4j_model_score, model, a.x.data(), a.condition(), a.rows,
                              a.samples, 0, a.terms.data()));
    });
  }

  void large_top() const {
    for (const char* own : {"\\ntop 0\\n", "\\nplan above\\n"}) {
      write_first(std::string("a top of 2^31 - 1 variables, ") + own, [&](std::string* header) {
        return header->find(own) != std::string::npos && fact("top", "2147483647")(header);
      });
      use(path_, [](const vae4j_model* model) {
        Arrays a = sound_arrays(model, 2, 1);
        expect_size_refused(TRY(vae4j_model_sample_prior, model, a.rows, 0, 1, a.prior.data()));
      });
    }
  }

  void refuse_paths() const {
    begin("paths without a file");
    std::string pipe = folder_ + "/pipe";
    std::string empty = folder_ + "/empty";
    std::string nested = folder_ + "/nested";
    std::string piped = folder_ + "/piped";
    for (const std::string& made : {empty, nested, piped}) mkdir(made.c_str(), 0700);
    mkdir((nested + "/model.safetensors").c_str(), 0700);
    mkfifo(pipe.c_str(), 0600);
    mkfifo((piped + "/model.safetensors").c_str(), 0600);
    std::string none = folder_ + "/none";
    write_file(none, "");
    for (const std::string& path : {pipe, empty, nested, piped, none, std::string("/dev/null"),
                                    std::string("/dev/zero"), std::string(), path_ + "/"}) {
      begin("path \"" + path + "\"");
      refuse_path(path);
    }
  }

  void table() const {
    write_file(path_, bytes_of(table_parts()));
    vae4j_model* model = nullptr;
    expect(open_model(path_, 1, &model) == VAE4J_OK, "a model of tables");
    sound_calls(model, 2, 3);
    cells(model);
    close_model(model);
    calibrations();
  }

  static void cells(const vae4j_model* model) {
    std::vector<const char*> row(static_cast<size_t>(size(model, VAE4J_COLUMNS)), "1");
    row.back() = nullptr;
    vae4j_row_score score;
    for (int64_t samples : {0, 1, 5}) {
      ANSWERED(vae4j_model_score_row, model, row.data(), 1, samples, 0, &score);
    }
    for (int64_t samples : {INT64_MIN, int64_t{-1}, (int64_t{1} << 24) + 1}) {
      REFUSED(vae4j_model_score_row, model, row.data(), 1, samples, 0, &score);
    }
    for (int64_t rows : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{INT_MAX} + 1}) {
      REFUSED(vae4j_model_score_row, model, row.data(), rows, 1, 0, &score);
    }
    for (size_t column : {size_t{0}, size_t{1}}) {
      for (const char* text : {"\xff", "1\xc3", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80",
                               "\xf5\x80\x80\x80", "1 2 3", "no number"}) {
        row[column] = text;
        REFUSED(vae4j_model_score_row, model, row.data(), 1, 1, 0, &score);
      }
      for (const char* piece : {"x", "\xff", "\xe2\x82\xac", "(", "1,"}) {
        std::string text;
        while (text.size() < 10'000) text += piece;
        row[column] = text.c_str();
        REFUSED(vae4j_model_score_row, model, row.data(), 1, 1, 0, &score);
      }
      // A number all the same.
      for (const char* piece : {"1", " ", "0"}) {
        std::string text;
        while (text.size() < 10'000) text += piece;
        row[column] = text.c_str();
        TRY(vae4j_model_score_row, model, row.data(), 1, 1, 0, &score);
      }
      row[column] = "1";
    }
    ANSWERED(vae4j_model_score_row, model, row.data(), 1, 1, 0, &score);
  }

  // A model stays usable beside a calibration that is none of its own; the scores of rows are not.
  void calibrations() const {
    std::string path = folder_ + "/calibration.json";
    std::string deep(100'000, '[');
    const std::vector<std::string> texts = {
        "",     "\xff\xfe",
        "{",    "[]",
        "null", "{\"format\":1}",
        deep,   R"({"format":1,"fittedTo":"0","samples":4,"seed":1,"scores":[1],"columns":[]})"};
    for (const std::string& text : texts) {
      begin("calibration.json: " + text.substr(0, 80));
      write_file(path, text);
      without_ranks();
      unlink(path.c_str());
    }
    begin("calibration.json: a pipe");
    mkfifo(path.c_str(), 0600);
    without_ranks();
    unlink(path.c_str());
    begin("calibration.json: a folder");
    mkdir(path.c_str(), 0700);
    without_ranks();
    rmdir(path.c_str());
  }

  void without_ranks() const {
    vae4j_model* model = nullptr;
    expect(open_model(path_, 1, &model) == VAE4J_OK, "a model in spite of the calibration");
    sound_calls(model, 1, 1);
    std::vector<const char*> row(static_cast<size_t>(size(model, VAE4J_COLUMNS)), "1");
    vae4j_row_score score;
    for (int64_t samples : {0, 5}) {
      REFUSED(vae4j_model_score_row, model, row.data(), 1, samples, 0, &score);
    }
    close_model(model);
  }

  const std::string folder_;
  const std::string path_;
  const std::vector<Parts>& seeds_;
};

}  // namespace fuzz
