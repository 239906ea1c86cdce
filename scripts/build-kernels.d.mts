/** A table of numbers that TypeScript and AssemblyScript share, and the source made from it. */
export interface LayoutSource {
  readonly table: string;
  readonly constant: string;
  readonly target: string;
}
export const LAYOUTS: readonly LayoutSource[];
/** The text of a layout's target. */
export function writeLayout(layout: LayoutSource): Promise<string>;

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
