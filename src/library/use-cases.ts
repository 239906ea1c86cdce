import { type CheckOutcome, runCheck } from '../experiments/check.ts';
import { type ConvertOutcome, runConvert } from '../experiments/convert.ts';
import { type DataEnergyOutcome, runDataEnergy } from '../experiments/data-energy.ts';
import { runEvaluate } from '../experiments/evaluate.ts';
import { type MapOutcome, runMap } from '../experiments/map.ts';
import { type OptimiseOutcome, runOptimise } from '../experiments/optimise.ts';
import { type PowerOutcome, runPower } from '../experiments/power.ts';
import { type RecordOutcome, runRecord } from '../experiments/record.ts';
import { type ReplayOutcome, runReplay } from '../experiments/replay.ts';
import { type RunOutcome, run as runStudy } from '../experiments/run.ts';
import type { SimulateOutcome } from '../experiments/simulate/simulate-outcome.ts';
import { runSimulate } from '../experiments/simulate.ts';
import { runSupplyEffects, type SupplyEffectsOutcome } from '../experiments/supply-effects.ts';
import type { ToleranceOutcome } from '../experiments/tolerance/damages.ts';
import { runTolerance } from '../experiments/tolerance.ts';
import { runWeightsDamage, type WeightsDamageOutcome } from '../experiments/weights-damage.ts';
import { runWeightsShow, type WeightsShowOutcome } from '../experiments/weights-show.ts';
import type { EvaluateRow } from '../results/tables.ts';
import type { CheckInput } from '../settings/jobs/check.ts';
import type { ConvertInput } from '../settings/jobs/convert.ts';
import type { DataEnergyInput } from '../settings/jobs/data-energy.ts';
import type { EvaluateInput } from '../settings/jobs/evaluate.ts';
import type { MapInput } from '../settings/jobs/map.ts';
import type { OptimiseInput } from '../settings/jobs/optimise.ts';
import type { PowerInput } from '../settings/jobs/power.ts';
import type { RecordInput } from '../settings/jobs/record.ts';
import type { ReplayInput } from '../settings/jobs/replay.ts';
import type { RunInput } from '../settings/jobs/run.ts';
import { SIMULATE, type SimulateInput } from '../settings/jobs/simulate.ts';
import type { SupplyEffectsInput } from '../settings/jobs/supply-effects.ts';
import type { ToleranceInput } from '../settings/jobs/tolerance.ts';
import type { WeightsDamageInput } from '../settings/jobs/weights-damage.ts';
import type { WeightsShowInput } from '../settings/jobs/weights-show.ts';
import { completeJob } from '../settings/parse-job.ts';
import { type Calling, heard } from './calling.ts';
import { type WithSupplies, type WithSupply, withSupplies, withSupply } from './supplies.ts';

/*
 * The use cases of the command line as functions. Each takes one object, whose keys are the settings of the command
 * (docs/reference/settings.md; every one but those marked required has a default), and how it is called. Each throws
 * InputError, with `what`, `place` and `remedy`, for input that cannot serve.
 */

/**
 * Accuracy and DRAM energy of a trained network at each supply, mapping and chip: the command `run`.
 *
 * ```ts
 * const { rows } = await run({ weights: 'n400-mnist', supply: [1.35, 1.1], mappings: ['sparkxd'], images: 1000 });
 * for (const { supply_V, accuracy, energy_saving_vs_nominal } of rows) console.log(supply_V, accuracy, energy_saving_vs_nominal);
 * ```
 */
export async function run(input: WithSupplies<RunInput> = {}, calling: Calling = {}): Promise<RunOutcome> {
  const { threads, monitor } = heard(calling);
  return runStudy(await withSupplies<RunInput>(input), threads, monitor);
}

/**
 * Energy, time, and with a voltage profile wrong reads, of an access trace at each supply: the command `replay`. The trace is a
 * file of any format of docs/access-traces.md.
 *
 * ```ts
 * const { rows } = await replay({ trace: 'theirs.trace', device: 'ddr4-2400-8gb', supply: ['100%', '90%'] });
 * ```
 */
export async function replay(
  input: WithSupplies<ReplayInput>,
  calling: Calling = {},
): Promise<ReplayOutcome> {
  const { threads, monitor } = heard(calling);
  return runReplay(await withSupplies<ReplayInput>(input), monitor, { threads });
}

/** Energy of a DRAM command trace at each supply, its commands keeping their cycles: the command `power`. */
export async function power(input: WithSupplies<PowerInput>, calling: Calling = {}): Promise<PowerOutcome> {
  heard(calling);
  return runPower(await withSupplies<PowerInput>(input));
}

/** What each supply does to a device, without a simulation: the command `devices show --supply`. */
export async function supplyEffects(
  input: WithSupplies<SupplyEffectsInput>,
  calling: Calling = {},
): Promise<SupplyEffectsOutcome> {
  const { remark } = heard(calling);
  return runSupplyEffects(await withSupplies<SupplyEffectsInput>(input), remark);
}

/** Inference with accelerator and DRAM in one loop: accuracy, latency and energy of both: the command `simulate`. */
export async function simulate(
  input: WithSupply<SimulateInput>,
  calling: Calling = {},
): Promise<SimulateOutcome> {
  const { monitor, remark } = heard(calling);
  const given = await withSupply<SimulateInput>(input);
  monitor.begin('images', completeJob(SIMULATE, given).images);
  let shown = 0;
  const onImage = (done: number): void => {
    monitor.advance(done - shown);
    shown = done;
  };
  return runSimulate(given, onImage, remark);
}

/** Accuracy of trained weights, clean or as a chip gives them back: the command `evaluate`. */
export async function evaluate(
  input: WithSupply<EvaluateInput>,
  calling: Calling = {},
): Promise<EvaluateRow> {
  const { threads, monitor } = heard(calling);
  return runEvaluate(await withSupply<EvaluateInput>(input), threads, monitor);
}

/** Accuracy against bit error rate, and the highest rate within a bound: the command `tolerance`. */
export async function tolerance(input: ToleranceInput, calling: Calling = {}): Promise<ToleranceOutcome> {
  const { threads, monitor } = heard(calling);
  return runTolerance(input, threads, monitor);
}

/** Operating points, and the cheapest of them within a bound: the command `run --optimise`. */
export async function optimise(
  input: WithSupplies<OptimiseInput>,
  calling: Calling = {},
): Promise<OptimiseOutcome> {
  const { threads, monitor } = heard(calling);
  return runOptimise(await withSupplies<OptimiseInput>(input), threads, monitor);
}

/** Records the access trace of real inference into a file: the command `record`. */
export async function record(input: WithSupply<RecordInput>, calling: Calling = {}): Promise<RecordOutcome> {
  const { remark } = heard(calling);
  return runRecord(await withSupply<RecordInput>(input), remark);
}

/** Places weights in DRAM and says what reading them costs: the command `map`. */
export async function placeWeights(input: WithSupply<MapInput>, calling: Calling = {}): Promise<MapOutcome> {
  const { remark } = heard(calling);
  return runMap(await withSupply<MapInput>(input), remark);
}

/** Holds a DRAM command trace against the protocol of a device: the command `check`. */
export async function check(input: WithSupply<CheckInput>, calling: Calling = {}): Promise<CheckOutcome> {
  heard(calling);
  return runCheck(await withSupply<CheckInput>(input));
}

/** Converts an access trace to another format, into a file: the command `convert`. */
export async function convert(input: ConvertInput, calling: Calling = {}): Promise<ConvertOutcome> {
  heard(calling);
  return runConvert(input);
}

/** Read energy of weights' own bits in each format and bus encoding: the command `data-energy`. */
export async function dataEnergy(
  input: WithSupply<DataEnergyInput>,
  calling: Calling = {},
): Promise<DataEnergyOutcome> {
  heard(calling);
  return runDataEnergy(await withSupply<DataEnergyInput>(input));
}

/** Sends any tensors through the modelled DRAM and back, into a file: the command `weights damage`. */
export async function damageWeights(
  input: WithSupply<WeightsDamageInput>,
  calling: Calling = {},
): Promise<WeightsDamageOutcome> {
  const { remark } = heard(calling);
  return runWeightsDamage(await withSupply<WeightsDamageInput>(input), remark);
}

/** The tensors of a file of weights: the command `weights show`. */
export async function showWeights(
  input: WeightsShowInput,
  calling: Calling = {},
): Promise<WeightsShowOutcome> {
  heard(calling);
  return runWeightsShow(input);
}
