import { InputError } from '../errors/input-error.ts';
import type { Dataset } from './dataset.ts';

/** Throws InputError unless the network, read from `file`, sees images of the dataset's size. */
export function requireSameSize(
  {
    network,
    file,
  }: {
    readonly network: { readonly imageRows: number; readonly imageColumns: number };
    readonly file: string;
  },
  { name, test }: Dataset,
): void {
  if (network.imageRows === test.rows && network.imageColumns === test.columns) return;
  throw new InputError(
    `the network sees images of ${network.imageRows} x ${network.imageColumns}, those of ${name} are ${test.rows} x ${test.columns}`,
    { place: { file } },
  );
}
