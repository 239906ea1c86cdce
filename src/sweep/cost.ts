import { replays, type SweepJob } from './point-groups.ts';

export interface NetworkSize {
  readonly neurons: number;
  readonly weights: number;
}

/** Sizes of the inputs, on which the cost of a point depends. */
export interface InputSizes {
  /** By the name of the weights. */
  readonly networks: ReadonlyMap<string, NetworkSize>;
  /** Bytes by the name of the trace. */
  readonly traces: ReadonlyMap<string, number>;
}

/** Test images of a shipped dataset. */
export const ALL_IMAGES = 10_000;

/** CPU time of an inference, measured from 400 to 3600 neurons (docs/performance.md): a fixed part, and one a neuron. */
const SECONDS_AN_IMAGE = 30e-6;
const SECONDS_A_NEURON = 90e-9;
/** Of replaying a trace, between dense and run-length coded ones; good for their order alone. */
const SECONDS_A_TRACE_BYTE = 2e-7;

/** CPU time of classifying images. */
export const classifyingSeconds = (neurons: number, images: number): number =>
  images * (SECONDS_AN_IMAGE + SECONDS_A_NEURON * neurons);

/** CPU time of one point of a job, roughly; `images` where the job names none. */
export const pointSeconds = (job: SweepJob, sizes: InputSizes, images: number): number =>
  replays(job)
    ? sizes.traces.get(job.trace)! * SECONDS_A_TRACE_BYTE
    : classifyingSeconds(sizes.networks.get(job.weights)!.neurons, job.images ?? images);
