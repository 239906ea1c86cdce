import { InputError } from '../errors/input-error.ts';
import { locate } from '../inputs/locate-network.ts';
import { readWeightBytes } from '../inputs/read-network.ts';
import { WEIGHTS_SHOW, type WeightsShowInput } from '../settings/jobs/weights-show.ts';
import { runnableNetwork } from '../settings/layered-settings.ts';
import { completeJob } from '../settings/parse-job.ts';
import { sizeOf } from '../snn/layers/layered-network.ts';
import { type ExaminedNetwork, examineNetwork } from '../weights/any-network.ts';
import type { LayerFile } from '../weights/layer-file.ts';
import type { GraphNode } from '../weights/nir-graph.ts';
import { elementCount, type Tensor } from '../weights/tensor.ts';
import { openTensors } from '../weights/tensor-output.ts';
import { rangeOf } from '../weights/tensor-range.ts';
import type { TensorForm } from '../weights/weight-container.ts';
import { type LayerRow, layerRows } from './layer-rows.ts';

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
  /** Whether it is a network that this program knows, and of which kind. */
  readonly runs: boolean;
  readonly network?: 'diehl-cook' | 'layered';
  /** All that keeps it from being one; the first of them, and what to do. */
  readonly obstacles: readonly string[];
  readonly obstacle?: string;
  readonly remedy?: string;
  /** Of a network of layers: its layers, its classes, what a run must be told, and what it would assume. */
  readonly layers?: readonly LayerRow[];
  readonly classes?: number;
  readonly dynamics?: LayerFile['dynamics'];
  readonly presentation?: LayerFile['presentation'];
  readonly missing?: string;
  readonly assumed?: string;
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
    ...networkOf(await examineNetwork(content, file), file),
  };
}

type NetworkPart = Pick<
  WeightsShowOutcome,
  | 'runs'
  | 'network'
  | 'obstacles'
  | 'obstacle'
  | 'remedy'
  | 'layers'
  | 'classes'
  | 'dynamics'
  | 'presentation'
  | 'missing'
  | 'assumed'
>;

function networkOf(examined: ExaminedNetwork, file: string): NetworkPart {
  if (examined.kind === 'none') {
    const { obstacles } = examined;
    const remedy = obstacles.find((each) => each.remedy !== undefined)?.remedy;
    return {
      ...{ runs: false, obstacles: obstacles.map(({ what }) => what), obstacle: obstacles[0].what },
      ...(remedy === undefined ? {} : { remedy }),
    };
  }
  if (examined.kind === 'diehl-cook') return { runs: true, network: 'diehl-cook', obstacles: [] };
  const { network, dynamics, presentation } = examined.layers;
  const told: { missing?: string; assumed?: string } = {};
  try {
    runnableNetwork({ file, network, dynamics, presentation }, {}, 'images', (line) => {
      told.assumed = line;
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    told.missing = error.what;
  }
  const layers = layerRows(network);
  const classes = sizeOf(network.layers.at(-1)!.shape);
  return { runs: true, network: 'layered', obstacles: [], layers, classes, dynamics, presentation, ...told };
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
