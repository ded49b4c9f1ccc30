// SPDX-License-Identifier: Apache-2.0
// A trained model that is open. Its parts are constant, except for the sessions.
#pragma once

#include <string>

#include "model/arena.hpp"
#include "model/observation.hpp"
#include "model/posterior_codes.hpp"
#include "model/programs.hpp"
#include "model/session.hpp"
#include "model/table_model.hpp"
#include "vae4j_model.h"

struct vae4j_model {
  // Opens a file or a run folder. A calibration.json beside the file is read as well.
  vae4j_model(const std::string& path, int threads, const char* isa);

  vae4j_model(const vae4j_model&) = delete;
  vae4j_model& operator=(const vae4j_model&) = delete;

  int64_t fact(const char* name) const;
  const std::string& text(const char* name) const;

  // The exception for a problem of the file's programs.
  vae4j::Error wrong_program(const std::string& problem) const;

  const std::string path;
  const std::string specification;
  const std::string written_by;
  const vae4j::model::ModelText programs;
  const vae4j::model::Arena weights;

  const vae4j::model::TableModel table;

  const int64_t features;
  const int64_t latent;
  const int64_t conditions;
  const int64_t head;
  const int64_t outputs;
  const int64_t shared;

  // Rows of a pass, as of io.github.vae4j.infer.PassRows.
  const int64_t rows_evaluated;
  const int64_t rows_sampled;
  const int64_t rows_decoded;
  const int64_t samples_weighed;

  const vae4j::PosteriorHead codes;
  const vae4j::Observation observation;

  // A parameter in the weights; of 0 elements if the model has none of the name.
  struct Parameter {
    const float* values;
    int64_t length;
  };
  Parameter parameter(const char* name) const;

  mutable vae4j::model::Sessions sessions;

 private:
  int64_t positive(const char* name) const;

  vae4j_model(const vae4j::model::SafeTensors& file, int threads, const char* isa);
};
