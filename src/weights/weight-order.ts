/** What kernels are of: `size` is rows x columns of one. */
export interface Kernels {
  readonly outputs: number;
  readonly inputsOfGroup: number;
  readonly groups: number;
  readonly size: number;
}

/** Kernels as PyTorch has them (outputs x inputs of a group) put by the input that they read (inputs x outputs of a group). */
export const kernelsByInput = (values: Float32Array, kernels: Kernels): Float32Array => {
  const turned = new Float32Array(values.length);
  forEachKernel(kernels, (byOutput, byInput) =>
    turned.set(values.subarray(byOutput, byOutput + kernels.size), byInput),
  );
  return turned;
};

/** The inverse. */
export const kernelsByOutput = (values: Float32Array, kernels: Kernels): Float32Array => {
  const turned = new Float32Array(values.length);
  forEachKernel(kernels, (byOutput, byInput) =>
    turned.set(values.subarray(byInput, byInput + kernels.size), byOutput),
  );
  return turned;
};

function forEachKernel(
  { outputs, inputsOfGroup, groups, size }: Kernels,
  visit: (byOutput: number, byInput: number) => void,
): void {
  const outputsOfGroup = outputs / groups;
  for (let output = 0; output < outputs; output++) {
    const group = Math.floor(output / outputsOfGroup);
    for (let input = 0; input < inputsOfGroup; input++)
      visit(
        (output * inputsOfGroup + input) * size,
        ((group * inputsOfGroup + input) * outputsOfGroup + (output % outputsOfGroup)) * size,
      );
  }
}
