/** A module in AssemblyScript, and the TypeScript constant that holds what it compiles to. */
export interface KernelSource {
  readonly folder: string;
  readonly entry: string;
  /** Texts of sources that this build has instead of the folder's. */
  readonly instead?: Readonly<Record<string, string>>;
  readonly target: string;
  readonly constant: string;
  readonly says: string;
}
export const KERNELS: readonly KernelSource[];
/** The text of a kernel's target. */
export function compileKernel(kernel: KernelSource): Promise<string>;
