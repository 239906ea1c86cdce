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
/** The WebAssembly module of one entry; `read` gives a source's text by its name, null if there is none. */
export function compileAssembly(
  entry: string,
  read: (name: string) => Promise<string | null>,
  optimise?: '-O1' | '-O3',
): Promise<Uint8Array>;
