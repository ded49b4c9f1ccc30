// SPDX-License-Identifier: Apache-2.0
// Draws codes from the prior of a model of grey images, decodes each to its mean E[x|z], scores
// these means, and prints the one of the highest ELBO as text.
// usage: sample MODEL COUNT, for example: sample runs/mnist 16
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>
#include <vector>

#include "vae4j.hpp"

// The whole number that a text is; 0 if it is none.
static int whole(const char* text) {
  int number = 0;
  const char* end = text + std::strlen(text);
  auto read = std::from_chars(text, end, number);
  return read.ec == std::errc() && read.ptr == end ? number : 0;
}

int main(int argc, char** argv) {
  int count = argc == 3 ? whole(argv[2]) : 0;
  if (count < 1) {
    std::fprintf(stderr, "usage: sample MODEL COUNT\n");
    return 2;
  }
  try {
    vae4j::Model model(argv[1]);
    // A model of MNIST may be without the shape of its images.
    bool shaped = model.size(VAE4J_WIDTH) > 0;
    auto width = shaped ? model.size(VAE4J_WIDTH) : 28;
    if (shaped ? model.size(VAE4J_CHANNELS) != 1 : model.features() != 28 * 28) {
      std::fprintf(stderr, "%s: expected a model of images with one channel\n", argv[1]);
      return 1;
    }
    std::vector<float> codes(count * model.latent());
    std::vector<float> images(count * model.features());
    std::vector<vae4j_terms> terms(count);
    model.sample_prior(/*seed=*/0, codes);
    model.decode(codes, images);
    model.score(images, /*samples=*/64, /*seed=*/0, terms);

    auto lower = [](const vae4j_terms& a, const vae4j_terms& b) { return a.elbo < b.elbo; };
    auto best = std::max_element(terms.begin(), terms.end(), lower);
    const float* image = images.data() + (best - terms.begin()) * model.features();
    for (std::int64_t i = 0; i < model.features(); i++) {
      // Values outside 0 to 1, as some observation models have them, are shown as the nearest.
      float value = image[i] > 0 ? std::min(image[i], 1.0f) : 0.0f;
      std::putchar(" .:-=+*#%@"[static_cast<int>(value * 9.99f)]);
      if ((i + 1) % width == 0) std::putchar('\n');
    }
    std::printf("number %td of %d: ELBO %.3f nats\n", best - terms.begin(), count, best->elbo);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    std::perror("standard output");
    return 1;
  }
  return 0;
}
