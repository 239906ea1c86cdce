/** The text of src/snn/kernel/simd-binary.ts. */
export function compileKernel(): Promise<string>;
