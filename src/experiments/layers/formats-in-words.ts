import type { StoredTensors } from '../../sparkxd/stored-tensors.ts';

/** The format of all tensors, or where they differ, that of each: "int8", "fc1.weight int8, fc2.weight fp16". */
export function formatsInWords({ tensors }: Pick<StoredTensors, 'tensors'>): string {
  const { format } = tensors[0]!.coding;
  return tensors.every(({ coding }) => coding.format === format)
    ? format
    : tensors.map(({ name, coding }) => `${name} ${coding.format}`).join(', ');
}
