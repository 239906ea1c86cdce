import type { StoredTensors } from '../../sparkxd/stored-tensors.ts';

/** The formats of the tensors, each once, in their order: "int8", "int8 fp16". */
export const formatsInWords = ({ tensors }: Pick<StoredTensors, 'tensors'>): string =>
  [...new Set(tensors.map(({ coding }) => coding.format))].join(' ');
