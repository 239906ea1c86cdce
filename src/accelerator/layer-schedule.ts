import type { LayerOrder, LayerWork } from './layer-order.ts';
import type { Schedule } from './schedule.ts';
import type { Workload } from './workload.ts';

/** The rows that an inference needs of a tensor, step by step, and how often it adds each. */
export interface NeededRows {
  readonly offsets: ArrayLike<number>;
  readonly numbers: ArrayLike<number>;
  readonly passes: ArrayLike<number>;
}

/** An inference of a network of layers, as a schedule is made of it. */
export interface LayeredInferenceRows {
  readonly steps: number;
  /** By tensor. */
  readonly tensors: readonly NeededRows[];
}

/** Number of the first row of each tensor among all rows, and how many it has. */
export interface TensorRows {
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * The schedule of one inference whose layers follow each other on the same cores. `event`: in each time step, layer after layer, an item for
 * each row that the step needs, and an update of each population as its sums are complete; what a population's spikes ask for is
 * looked up when it has been updated. `stream`: tensor after tensor, an item a row, each row once; it is added for each input that is
 * not 0 in any step, into sums by time step, and all steps' updates of a population follow the last row that feeds it.
 */
export function sequenceOf(
  workload: Workload,
  { work, tensors, populations }: LayerOrder,
  rows: readonly TensorRows[],
  inference: LayeredInferenceRows,
): Schedule {
  const build = createScheduleBuilder();
  if (workload === 'stream') {
    for (const one of work)
      if (one.kind === 'add') streamTensor(build, rows[one.tensor]!, inference.tensors[one.tensor]!);
      else for (let step = 0; step < inference.steps; step++) build.update(one.population);
    // A row is known before any spike is, but cores add what the others' spikes ask for.
    return build.end(false, (updates) => ({ after: 0, heard: updates }));
  }
  const ofStep = populations.length;
  for (let step = 0; step < inference.steps; step++)
    for (const one of work)
      if (one.kind === 'update') build.update(one.population);
      else {
        // The latest update that says which rows the step needs.
        let known = 0;
        for (const { population, delayed } of tensors[one.tensor]!.sources)
          known = Math.max(known, ofStep * (delayed ? step - 1 : step) + population + 1);
        addStep(build, rows[one.tensor]!, inference.tensors[one.tensor]!, step, known, known);
      }
  return build.end(true);
}

interface ScheduleBuilder {
  item(row: number, passes: number, after: number, heard: number): void;
  update(population: number): void;
  /** `known` replaces what was said of each item, given the updates before it. */
  end(buffered: boolean, known?: (updates: number) => { after: number; heard: number }): Schedule;
}

function createScheduleBuilder(): ScheduleBuilder {
  const rows: number[] = [];
  const passes: number[] = [];
  const after: number[] = [];
  const heard: number[] = [];
  const populations: number[] = [];
  const updates: number[] = [0];
  return {
    item(row, times, own, others) {
      rows.push(row);
      passes.push(times);
      after.push(own);
      heard.push(others);
      updates.push(0);
    },
    update(population) {
      updates[updates.length - 1]!++;
      populations.push(population);
    },
    end(buffered, known) {
      if (known) {
        let before = 0;
        for (let item = 0; item < rows.length; item++) {
          before += updates[item]!;
          const found = known(before);
          after[item] = found.after;
          heard[item] = found.heard;
        }
      }
      return {
        rows: Uint32Array.from(rows),
        passes: Uint32Array.from(passes),
        updates: Uint32Array.from(updates),
        populations: Uint32Array.from(populations),
        after: Uint32Array.from(after),
        heard: Uint32Array.from(heard),
        buffered,
        images: 1,
      };
    },
  };
}

function addStep(
  build: ScheduleBuilder,
  { firstRow }: TensorRows,
  { offsets, numbers, passes }: NeededRows,
  step: number,
  after: number,
  heard: number,
): void {
  for (let i = offsets[step]!; i < offsets[step + 1]!; i++)
    build.item(firstRow + numbers[i]!, passes[i]!, after, heard);
}

function streamTensor(
  build: ScheduleBuilder,
  { firstRow, rows }: TensorRows,
  { numbers, passes }: NeededRows,
): void {
  const times = new Uint32Array(rows);
  for (let i = 0; i < numbers.length; i++) times[numbers[i]!]! += passes[i]!;
  for (let row = 0; row < rows; row++) build.item(firstRow + row, times[row]!, 0, 0);
}

/** A stage of a pipeline: what one core does of each time step, and which other cores it hears. */
export interface PipelineStage {
  readonly work: readonly LayerWork[];
  readonly hears: readonly { readonly core: number; readonly later: number }[];
  /** Whether it hears itself, a step later. */
  readonly hearsItself: boolean;
}

/** A core for each population with the tensors that feed it, and one for tensors whose sums are the output. */
export function pipelineStages({ work, tensors, populations }: LayerOrder): PipelineStage[] {
  const coreOf = (tensor: number): number => tensors[tensor]!.feeds[0] ?? populations.length;
  const stages = [...populations.keys(), populations.length].map((core): PipelineStage => {
    const own = work.filter((one) =>
      one.kind === 'update' ? one.population === core : coreOf(one.tensor) === core,
    );
    const sources = own.flatMap((one) =>
      one.kind === 'add' ? tensors[one.tensor]!.sources : populations[one.population]!.sources,
    );
    const heard = new Map<number, number>();
    for (const { population, delayed } of sources) {
      const later = Math.min(heard.get(population) ?? 1, delayed ? 1 : 0);
      if (population !== core) heard.set(population, later);
    }
    return {
      work: own,
      hears: [...heard].map(([other, later]) => ({ core: other, later })),
      hearsItself: sources.some(({ population }) => population === core),
    };
  });
  return stages.filter(({ work: own }) => own.length > 0);
}

/**
 * The schedules of one inference whose layers each have a core of their own, a schedule a stage. In each time step a core adds the rows that
 * the step needs and updates its neurons, when the spikes of the cores that it hears have come: those of the same step, or where they are
 * heard later, of the step before.
 */
export function pipelineOf(
  stages: readonly PipelineStage[],
  rows: readonly TensorRows[],
  inference: LayeredInferenceRows,
): Schedule[] {
  return stages.map(({ work, hears, hearsItself }) => {
    const build = createScheduleBuilder();
    for (let step = 0; step < inference.steps; step++)
      for (const one of work)
        if (one.kind === 'update') build.update(0);
        else
          addStep(
            build,
            rows[one.tensor]!,
            inference.tensors[one.tensor]!,
            step,
            hearsItself ? step : 0,
            hears.length > 0 ? step + 1 : 0,
          );
    return { ...build.end(true), behind: 0 };
  });
}
