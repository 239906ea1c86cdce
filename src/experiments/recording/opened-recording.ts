import type { Workload } from '../../accelerator/workload.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Placement } from '../../hardware/placement.ts';
import type { OpenLayers } from '../../inputs/open-layers.ts';
import type { OpenLayeredMemory, OpenMemory } from '../../inputs/open-memory.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import type { MappingPolicy } from '../../mapping/policy.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import type { Vote } from '../../snn/vote.ts';
import type { LoadRepair } from '../../sparkxd/repair-on-load.ts';
import type { LayeredMap, MatrixMap } from '../../trace/memory-map.ts';
import type { RowRanges } from '../../trace/row-ranges.ts';

/** A recording whose network, samples and memory are open. */
export type OpenRecording = MatrixRecording | LayeredRecordingOpen;

/** Of a Diehl & Cook network. */
export interface MatrixRecording extends RecordingParts {
  readonly kind: 'matrix';
  readonly map: MatrixMap;
  readonly stored: StoredNetwork;
  readonly dataset: Dataset;
  /** The weights as they were stored for the recording, on the device of the replay. */
  readonly memory: OpenMemory;
  /** As recorded, or that of the replay. */
  readonly vote: Vote;
}

/** Of a layered network. */
export interface LayeredRecordingOpen extends RecordingParts {
  readonly kind: 'layers';
  readonly map: LayeredMap;
  readonly open: OpenLayers;
  readonly memory: OpenLayeredMemory;
}

/** What recordings of all networks have. */
export interface RecordingParts {
  /** What results say of it: names, how its weights are stored, and what names a class. */
  readonly words: {
    readonly network: string;
    readonly dataset: string;
    readonly format: string;
    readonly ecc: string;
    readonly vote: string;
  };
  /** The mapping under which the weights lie: as recorded, or that under which they are placed anew. */
  readonly policy: MappingPolicy;
  readonly workload: Workload;
  readonly repair: LoadRepair;
  /** Number of the chip that the recording names, if it names one. */
  readonly chip: number | undefined;
  /** Rows of each inference in the order of their fetches. */
  readonly fetches: readonly Uint32Array[];
  /** Where the trace reads the rows (as the replay takes its addresses, unless weights are placed anew), and where that is in the device. */
  readonly rows: RowRanges;
  /** Absent where the weights are placed anew. */
  readonly placement: Placement | undefined;
}

/** What is chosen for a replay, completed by what the recording says. */
export type RecordedReading = Pick<
  ReplayJob,
  | 'device'
  | 'timing'
  | 'latencyCurve'
  | 'profile'
  | 'errorModel'
  | 'weakCells'
  | 'temperature'
  | 'flipProbability'
  | 'repair'
  | 'vote'
  | 'prior'
  | 'ecc'
  | 'weights'
  | 'dataset'
  | 'seed'
  | 'offset'
  | 'wrap'
  | 'trace'
  | 'replace'
  | 'mapping'
>;
