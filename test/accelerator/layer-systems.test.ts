import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerOrder, LayerWork, OrderedTensor } from '../../src/accelerator/layer-order.ts';
import {
  type LayeredInferenceRows,
  pipelineOf,
  pipelineStages,
  sequenceOf,
  type TensorRows,
} from '../../src/accelerator/layer-schedule.ts';
import { randomCases } from '../effort.ts';
import { type Action, referenceSystem } from '../reference/system.ts';
import {
  eventDriven,
  type RandomSystem,
  randomSystems,
  referenceShape,
  runActions,
} from './random-system.ts';

/** A chain of populations, each fed by a tensor, some heard by themselves, by the next but one, or by an earlier one a step later. */
const orders = fc
  .record({
    populations: fc.integer({ min: 1, max: 3 }),
    recurrent: fc.boolean(),
    feedback: fc.boolean(),
    readout: fc.boolean(),
    neurons: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 3 }),
  })
  .map(({ populations, recurrent, feedback, readout, neurons }): LayerOrder => {
    const work: LayerWork[] = [];
    const tensors: OrderedTensor[] = [];
    const add = (tensor: OrderedTensor): void => {
      work.push({ kind: 'add', tensor: tensors.length });
      tensors.push(tensor);
    };
    const last = populations - 1;
    for (let population = 0; population < populations; population++) {
      const before = population === 0 ? [] : [{ population: population - 1, delayed: false }];
      add({ sources: before, feeds: [population] });
      if (recurrent && population === 0) add({ sources: [{ population, delayed: true }], feeds: [0] });
      if (feedback && population === 0 && last > 0)
        add({ sources: [{ population: last, delayed: true }], feeds: [0] });
      work.push({ kind: 'update', population });
    }
    if (readout) add({ sources: [{ population: last, delayed: false }], feeds: [] });
    return {
      work,
      tensors,
      populations: neurons.slice(0, populations).map((own, layer) => ({ layer, neurons: own, sources: [] })),
      recurrent,
    };
  });

/** By inference and tensor and step: which of its rows, and how often each is added. */
const needs = fc.array(
  fc.array(
    fc.array(
      fc.array(fc.record({ row: fc.nat(5), passes: fc.integer({ min: 1, max: 3 }) }), { maxLength: 4 }),
      { minLength: 3, maxLength: 3 },
    ),
    { minLength: 6, maxLength: 6 },
  ),
  { minLength: 1, maxLength: 2 },
);

const drawn = fc.record({
  base: randomSystems.filter(({ rows }) => rows.length === 6),
  order: orders,
  needs,
  steps: fc.integer({ min: 1, max: 3 }),
  pipeline: fc.boolean(),
  workload: fc.constantFrom('event' as const, 'event' as const, 'stream' as const),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 }),
  cycles: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 12, maxLength: 12 }),
  bytes: fc.nat(40),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** Rows 0 to 5 among the tensors, each of which has at least one. */
function tensorRows({ tensors }: LayerOrder): TensorRows[] {
  const each = Math.floor(6 / tensors.length);
  return tensors.map((_, tensor) => ({
    firstRow: tensor * each,
    rows: tensor === tensors.length - 1 ? 6 - tensor * each : each,
  }));
}

function inferencesOf({ needs: all, order, steps }: Drawn): LayeredInferenceRows[] {
  const rows = tensorRows(order);
  return all.map((ofInference) => ({
    steps,
    tensors: rows.map(({ rows: own }, tensor) => {
      const offsets = [0];
      const numbers: number[] = [];
      const passes: number[] = [];
      for (const ofStep of ofInference[tensor]!.slice(0, steps)) {
        for (const { row, passes: times } of new Map(ofStep.map((one) => [one.row % own, one])).values()) {
          numbers.push(row % own);
          passes.push(times);
        }
        offsets.push(numbers.length);
      }
      return { offsets, numbers, passes };
    }),
  }));
}

/** A system of layers from a system of one, and its inferences. */
function layeredSystem(one: Drawn): RandomSystem {
  const { base, order, sizes, cycles, bytes } = one;
  const pipeline = one.pipeline && order.populations.length > 0;
  const stages = pipeline ? pipelineStages(order) : undefined;
  const count = stages ? Math.min(4, stages.length) : base.cores.length;
  const rows = base.rows.map(({ first }, row) => ({ first, count: 1 + (cycles[row]! % 5) }));
  const shared = base.store.shared;
  const fit = Math.floor((bytes + (shared ? 9 * count : 0)) / 9);
  const inferences = inferencesOf(one);
  return {
    ...base,
    rows,
    cores: Array.from({ length: count }, (_, core) => ({
      passCycles: rows.map((_row, row) => cycles[(row + core) % 12]!),
      updateCycles: stages ? cycles[core]! : order.populations.map((_p, p) => cycles[p + core]!),
      neurons: stages
        ? (order.populations[core]?.neurons ?? 0)
        : order.populations.map(({ neurons }) => Math.ceil(neurons / count)),
      stored: { sizes, fit },
      ...(stages ? { hears: stages[core]!.hears } : {}),
    })),
    slices: Array.from({ length: count }, () => rows),
    store: { ...base.store, capacity: 9 * fit },
    interconnect: count > 1 ? (base.interconnect ?? JOINED) : base.interconnect,
    weights: Array.from({ length: count + base.traffic.length + 1 }, (_, source) => 1 + (source % 3)),
    actions: inferences.map(
      (inference): Action =>
        stages
          ? pipelineOf(stages, tensorRows(order), inference)
          : sequenceOf(one.workload, order, tensorRows(order), inference),
    ),
  };
}

const JOINED = { kind: 'crossbar', clock: 500, width: 8, latency: 2, arbiter: 'round-robin' } as const;

describe('layers on cores', () => {
  it('take the time, the requests and the commands of the ticking reference', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const system = layeredSystem(one);
        const expected = referenceSystem(referenceShape(system), system.actions);
        const observed = eventDriven(system);
        const actions = runActions(observed, system.actions);
        observed.system.finish();
        expect(actions).toEqual(expected.actions);
        expect(observed.fetches).toEqual(expected.fetches);
        for (const channel of Array(system.channel.organisation.channels).keys())
          expect(
            observed.commands
              .filter((command) => command[6] === channel)
              .map(([cycle, name]) => [cycle, name]),
          ).toEqual(expected.commands[channel]!.map(({ cycle, command }) => [cycle, command]));
      }),
      { seed: 41, numRuns: randomCases(60, 400) },
    );
  });
});
