package io.github.vae4j.evaluate;

/**
 * How sharp images are: the variance of their Laplacian, a mean over images. Blur lowers it; noise
 * raises it, so that it tells most beside the data's own.
 *
 * @param images of each kind
 * @param data of the rows
 * @param reconstructions of E[x | z = the posterior's mean]
 * @param samples of E[x|z] with z from the prior
 */
public record Sharpness(int images, double data, double reconstructions, double samples) {}
