import { InputError } from '../errors/input-error.ts';
import { locate } from '../inputs/locate-network.ts';
import { readWeightBytes } from '../inputs/read-network.ts';
import { WEIGHTS_SHOW, type WeightsShowInput } from '../settings/jobs/weights-show.ts';
import { completeJob } from '../settings/parse-job.ts';
import { networkOfTensors } from '../weights/network-file.ts';
import type { GraphNode } from '../weights/nir-graph.ts';
import { elementCount, type Tensor } from '../weights/tensor.ts';
import { openTensors, type TensorSource } from '../weights/tensor-output.ts';
import { rangeOf } from '../weights/tensor-range.ts';
import { readTensors, type TensorForm } from '../weights/weight-container.ts';

/** One tensor of a file. */
export interface TensorRow {
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly type: string;
  readonly bytes: number;
  /** Least and greatest finite element; absent for a tensor without any. */
  readonly least?: number;
  readonly greatest?: number;
  /** Share of elements that are 0; absent for a tensor without elements. */
  readonly zeros?: number;
  /** Elements that are NaN or infinite. */
  readonly not_finite: number;
}

export interface WeightsShowOutcome {
  readonly file: string;
  readonly form: TensorForm;
  readonly tensors: readonly TensorRow[];
  /** Why each further array of the file cannot be read, by its name. */
  readonly unreadable: Readonly<Record<string, string>>;
  readonly metadata: readonly string[];
  /** Nodes of a NIR graph and their kinds. */
  readonly nodes?: readonly GraphNode[];
  /** Whether the program runs it as a network, and if not, what `evaluate` says of it. */
  readonly runs: boolean;
  readonly obstacle?: string;
  readonly remedy?: string;
}

/** `sparkxd weights show`. Throws InputError for a file whose tensors cannot be read. */
export async function runWeightsShow(input: WeightsShowInput): Promise<WeightsShowOutcome> {
  const job = completeJob(WEIGHTS_SHOW, input);
  const file = await locate(job.input);
  const { content } = await readWeightBytes(file);
  const source = await openTensors(content, file);
  const { form, tensors, nodes } = source;
  return {
    file,
    form,
    tensors: [...tensors.tensors].map(([name, tensor]) => tensorRow(name, tensor)),
    unreadable: Object.fromEntries(tensors.unreadable ?? []),
    metadata: [...tensors.metadata.keys()],
    ...(nodes === undefined ? {} : { nodes }),
    ...(await runnable(source)),
  };
}

/** Whether the file is a network that this program runs; else what its reader says. */
async function runnable({
  bytes,
  file,
  form,
  tensors,
}: TensorSource): Promise<Pick<WeightsShowOutcome, 'runs' | 'obstacle' | 'remedy'>> {
  try {
    // A NIR graph is read as a network anew: its arrays have other names there.
    networkOfTensors(form === 'NIR' ? await readTensors(bytes, file) : tensors, file);
    return { runs: true };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { what, remedy } = error;
    return { runs: false, obstacle: what, ...(remedy === undefined ? {} : { remedy }) };
  }
}

function tensorRow(name: string, tensor: Tensor): TensorRow {
  const { type, shape, bytes } = tensor;
  const { least, greatest, zeros, notFinite } = rangeOf(tensor);
  const count = elementCount(tensor);
  return {
    ...{ tensor: name, shape, type, bytes: bytes.length },
    ...(least <= greatest ? { least, greatest } : {}),
    ...(count > 0 ? { zeros: zeros / count } : {}),
    not_finite: notFinite,
  };
}
