// SPDX-License-Identifier: Apache-2.0
/*
 * vae4j_image_tables.h: the ops of the layers of images, one table each. vae4j_tables.h has the
 * other ops and defines the tables.
 *
 * Images are (N, height, width, channels), channels last. Sizes: N images, H, W and I of the input,
 * P, Q and O of the output, C channels that do not change, K and L the kernel, G groups, R pixels.
 */
#ifndef VAE4J_IMAGE_TABLES_H
#define VAE4J_IMAGE_TABLES_H

/*
 * The window of a convolution or of pooling: P = (H + 2 padding_height - dilation_height
 * (kernel_height - 1) - 1) / stride_height + 1, rounded down, and Q likewise.
 */
#define VAE4J_WINDOW(ROW)                     \
  ROW(int64_t, kernel_height, "1 to 32768")   \
  ROW(int64_t, kernel_width, "1 to 32768")    \
  ROW(int64_t, stride_height, "1 to 32768")   \
  ROW(int64_t, stride_width, "1 to 32768")    \
  ROW(int64_t, padding_height, "0 to 32768")  \
  ROW(int64_t, padding_width, "0 to 32768")   \
  ROW(int64_t, dilation_height, "1 to 32768") \
  ROW(int64_t, dilation_width, "1 to 32768")

/* ---- Convolutions --------------------------------------------------------------------------- */

/*
 * With J = I / groups and first(o) = (o / (O / groups)) J: v[n, p, q, o] = bias[o] + sum over k, l,
 * j of x[n, p stride_height - padding_height + k dilation_height, q stride_width - padding_width + l
 * dilation_width, first(o) + j] weight[o, k, l, j], x being 0 outside; y = activation(v).
 * preactivation receives v; it is given exactly if the activation is silu or gelu.
 */
#define VAE4J_CONV(ROW, FORWARD)                   \
  ROW(vae4j_tensor, x, "in N H W I")               \
  ROW(vae4j_tensor, weight, "in O K L J")          \
  ROW(vae4j_tensor, bias, "in O")                  \
  ROW(vae4j_tensor, preactivation, "out? N P Q O") \
  ROW(vae4j_tensor, y, "out N P Q O")              \
  VAE4J_WINDOW(ROW)                                \
  ROW(int64_t, groups, "1 or more")                \
  ROW(const char*, activation, "the name of an activation")

/*
 * dv = dy * activation'(v), written to dy; d_weight, d_bias and, if it is given, dx are the
 * gradients. The derivative is computed from the preactivation, or from y if that is NULL.
 */
#define VAE4J_CONV_BACKWARD(ROW, FORWARD)    \
  FORWARD(vae4j_conv_op, VAE4J_CONV)         \
  ROW(vae4j_tensor, dy, "out N P Q O")       \
  ROW(vae4j_tensor, dx, "out? N H W I")      \
  ROW(vae4j_tensor, d_weight, "out O K L J") \
  ROW(vae4j_tensor, d_bias, "out O")

/*
 * The gradient of a convolution from (P, Q) to (H, W) pixels by its input. With J = O / groups and
 * first(i) = (i / (I / groups)) J: v[n, p, q, first(i) + j] = bias[first(i) + j] + sum of x[n, h, w,
 * i] weight[i, k, l, j] over all i of the group and all h, w, k, l with h stride_height -
 * padding_height + k dilation_height = p, and so for q; y = activation(v).
 */
#define VAE4J_CONV_TRANSPOSE(ROW, FORWARD)         \
  ROW(vae4j_tensor, x, "in N H W I")               \
  ROW(vae4j_tensor, weight, "in I K L J")          \
  ROW(vae4j_tensor, bias, "in O")                  \
  ROW(vae4j_tensor, preactivation, "out? N P Q O") \
  ROW(vae4j_tensor, y, "out N P Q O")              \
  VAE4J_WINDOW(ROW)                                \
  ROW(int64_t, groups, "1 or more")                \
  ROW(const char*, activation, "the name of an activation")

/* As of conv. */
#define VAE4J_CONV_TRANSPOSE_BACKWARD(ROW, FORWARD)      \
  FORWARD(vae4j_conv_transpose_op, VAE4J_CONV_TRANSPOSE) \
  ROW(vae4j_tensor, dy, "out N P Q O")                   \
  ROW(vae4j_tensor, dx, "out? N H W I")                  \
  ROW(vae4j_tensor, d_weight, "out I K L J")             \
  ROW(vae4j_tensor, d_bias, "out O")

/* ---- Normalisation -------------------------------------------------------------------------- */

/*
 * With D = C / G and g = c / D: y[n, r, c] = (x[n, r, c] - mean[n, g]) / sqrt(variance[n, g] +
 * epsilon) scale[c] + shift[c], by the mean and the mean squared deviation of the R D values of a
 * group, which are written.
 */
#define VAE4J_GROUP_NORM(ROW, FORWARD)   \
  ROW(vae4j_tensor, x, "in N R C")       \
  ROW(vae4j_tensor, scale, "in C")       \
  ROW(vae4j_tensor, shift, "in C")       \
  ROW(vae4j_tensor, mean, "out N G")     \
  ROW(vae4j_tensor, variance, "out N G") \
  ROW(vae4j_tensor, y, "out N R C")      \
  ROW(double, epsilon, "above 0")

/*
 * With s = 1 / sqrt(variance + epsilon), h = (x - mean) s and t = scale dy: d_scale[c] = sum_{n, r}
 * dy h, d_shift[c] = sum_{n, r} dy; dx, if it is given, = s (t - mean of t - h mean of t h), means
 * over the R D values of the group.
 */
#define VAE4J_GROUP_NORM_BACKWARD(ROW, FORWARD)  \
  FORWARD(vae4j_group_norm_op, VAE4J_GROUP_NORM) \
  ROW(vae4j_tensor, dy, "in N R C")              \
  ROW(vae4j_tensor, dx, "out? N R C")            \
  ROW(vae4j_tensor, d_scale, "out C")            \
  ROW(vae4j_tensor, d_shift, "out C")

/* ---- Attention ------------------------------------------------------------------------------ */

/*
 * qkv has C queries of each pixel, then C keys, then C values, in H heads of D = C / H adjacent
 * channels. For each image and head: s[i, j] = q_i . k_j / sqrt(D), lse[i] = log sum_j exp(s[i, j]),
 * y_i = sum_j exp(s[i, j] - lse[i]) v_j. A pixel i with a score of NaN or infinity, or with no score
 * above minus infinity, has a lse and a y of NaN.
 */
#define VAE4J_ATTENTION(ROW, FORWARD) \
  ROW(vae4j_tensor, qkv, "in N R 3C") \
  ROW(vae4j_tensor, lse, "out N R H") \
  ROW(vae4j_tensor, y, "out N R C")

/*
 * With p[i, j] = exp(s[i, j] - lse[i]) and t[i, j] = p[i, j] (dy_i . v_j - dy_i . y_i) / sqrt(D): dq_i
 * = sum_j t[i, j] k_j, dk_j = sum_i t[i, j] q_i, dv_j = sum_i p[i, j] dy_i.
 */
#define VAE4J_ATTENTION_BACKWARD(ROW, FORWARD) \
  FORWARD(vae4j_attention_op, VAE4J_ATTENTION) \
  ROW(vae4j_tensor, dy, "in N R C")            \
  ROW(vae4j_tensor, dqkv, "out N R 3C")

/* ---- Pooling, resampling, order ------------------------------------------------------------- */

/*
 * y[n, p, q, c] = the greatest x of the window, without the padding, or, where average is 1, the
 * window's sum / (kernel_height kernel_width). A window with a NaN has the maximum NaN. The padding
 * is at most half the kernel, the dilation 1.
 */
#define VAE4J_POOL(ROW, FORWARD)      \
  ROW(vae4j_tensor, x, "in N H W C")  \
  ROW(vae4j_tensor, y, "out N P Q C") \
  VAE4J_WINDOW(ROW)                   \
  ROW(int64_t, average, "0 or 1")

/*
 * dx = the sum over the windows with that pixel of dy / (kernel_height kernel_width), or of the dy
 * of those windows in which the pixel is the first greatest one, by rows, then columns, NaN being
 * greater than any number.
 */
#define VAE4J_POOL_BACKWARD(ROW, FORWARD) \
  FORWARD(vae4j_pool_op, VAE4J_POOL)      \
  ROW(vae4j_tensor, dy, "in N P Q C")     \
  ROW(vae4j_tensor, dx, "out N H W C")

/*
 * With F = P / H and G = Q / W, whole numbers: y[n, p, q, c] = x[n, p / F, q / G, c], rounded down;
 * where bilinear is 1, interpolated between the rows around max(0, (p + 0.5) / F - 0.5), the last
 * row being repeated, and so for columns.
 */
#define VAE4J_UPSAMPLE(ROW, FORWARD)  \
  ROW(vae4j_tensor, x, "in N H W C")  \
  ROW(vae4j_tensor, y, "out N P Q C") \
  ROW(int64_t, bilinear, "0 or 1")

/* dx = the sum of all dy, each times the weight that its y gives to that x. */
#define VAE4J_UPSAMPLE_BACKWARD(ROW, FORWARD) \
  FORWARD(vae4j_upsample_op, VAE4J_UPSAMPLE)  \
  ROW(vae4j_tensor, dy, "in N P Q C")         \
  ROW(vae4j_tensor, dx, "out N H W C")

/*
 * x (N, H, W, C F G), y (N, H F, W G, C): y[n, h F + i, w G + j, c] = x[n, h, w, (c F + i) G + j].
 * Where inverse is 1, x has the larger image and y the more channels, and the assignment is the
 * opposite one.
 */
#define VAE4J_PIXEL_SHUFFLE(ROW, FORWARD) \
  ROW(vae4j_tensor, x, "in N H W D")      \
  ROW(vae4j_tensor, y, "out N P Q E")     \
  ROW(int64_t, inverse, "0 or 1")

/* y[n, b, a, c] = x[n, a, b, c]. */
#define VAE4J_SWAP_AXES(ROW, FORWARD) \
  ROW(vae4j_tensor, x, "in N A B C")  \
  ROW(vae4j_tensor, y, "out N B A C")

/* ---- Activations ---------------------------------------------------------------------------- */

/* y[r, c] = activation(x[r, c]). */
#define VAE4J_ACTIVATE(ROW, FORWARD) \
  ROW(vae4j_tensor, x, "in *R C")    \
  ROW(vae4j_tensor, y, "out *R C")   \
  ROW(const char*, activation, "the name of an activation")

/* dx = dy * activation'(x), computed from x for silu and gelu, else from y. */
#define VAE4J_ACTIVATE_BACKWARD(ROW, FORWARD) \
  FORWARD(vae4j_activate_op, VAE4J_ACTIVATE)  \
  ROW(vae4j_tensor, dy, "in *R C")            \
  ROW(vae4j_tensor, dx, "out *R C")

#endif
