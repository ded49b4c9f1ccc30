// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Programs that share tensors, for fixed {@link Sizes}.
 *
 * @param name of the plan
 * @param tensors that a caller reads or writes, by name
 * @param programs lists of ops, by name
 */
record Plan(String name, Map<String, Tensor> tensors, Map<String, List<Op>> programs) {
  /** The operands of all ops and the tensors, in the order in which the text names them. */
  List<Tensor> operands() {
    List<Tensor> operands = new ArrayList<>(tensors.values());
    for (List<Op> ops : programs.values()) {
      for (Op op : ops) {
        PlanText.operands(op).forEach(operands::add);
      }
    }
    return operands;
  }
}
