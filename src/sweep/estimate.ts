import { exp } from '../elementary/exponential.ts';
import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import { berAt, type VoltageProfile } from '../hardware/voltage-profile.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { DEFAULT_PROFILE } from '../inputs/open-profile.ts';
import { weightBits } from '../snn/weight-format.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { mean } from '../stats/moments.ts';
import { CONTROLLER_NAMES, isReplay, type NetworkPoint } from './axes.ts';
import { classifyingSeconds, type InputSizes } from './cost.ts';
import type { SweepPoint } from './plan.ts';
import { familyOf, groupPoints, weightsOf } from './point-groups.ts';

/** What a sweep would cost. */
export interface SweepEstimate {
  /** CPU time of the accuracies, which outweigh the rest of points that run networks. */
  readonly cpuSeconds: number;
  /** How often images are classified: once for all weights that load alike, as far as the error rates tell. */
  readonly classifications: number;
  /** Points that replay a trace, whose time is not known before. */
  readonly replays: number;
}

/**
 * Of a sweep's points: each loads other weights than the trained ones with the probability that at least one bit is
 * expected to be wrong at its supply; those that do not are classified together, once a network. Points that differ in
 * traffic alone load the same. `imagesOf` says how many test images a dataset has.
 */
export async function estimateSweep(
  points: readonly SweepPoint[],
  sizes: InputSizes,
  imagesOf: (dataset: string) => Promise<number>,
): Promise<SweepEstimate> {
  const loaded = new Map<string, NetworkPoint>();
  let replays = 0;
  for (const { settings } of points) {
    if (isReplay(settings)) replays++;
    else loaded.set(loadKey(settings), settings);
  }
  const models = createModels();
  let [cpuSeconds, classifications] = [0, 0];
  const classify = async (settings: NetworkPoint, share: number): Promise<void> => {
    const images = settings.images ?? (await imagesOf(settings.dataset));
    const { neurons } = sizes.networks.get(weightsOf(settings))!;
    classifications += share;
    cpuSeconds += share * classifyingSeconds(neurons, images);
  };
  const families = new Map<string, NetworkPoint>();
  for (const { job, points: members } of groupPoints(points)) {
    const { settings } = members[0]!;
    if (!isReplay(settings)) families.set(familyOf(job), settings);
  }
  for (const settings of families.values()) await classify(settings, 1);
  for (const settings of loaded.values()) {
    const { weights } = sizes.networks.get(weightsOf(settings))!;
    await classify(settings, await chanceOfErrors(models, settings, weights * weightBits(settings.format)));
  }
  return { cpuSeconds, classifications: Math.round(classifications), replays };
}

/** Axes that decide nothing about the weights that a point loads. */
const TRAFFIC: readonly string[] = [
  ...['accelerator', 'inferences', 'workload', 'bound', 'dataEnergy', 'subarrays'],
  ...CONTROLLER_NAMES,
];

const loadKey = (settings: NetworkPoint): string =>
  JSON.stringify(Object.entries(settings).filter(([axis]) => !TRAFFIC.includes(axis)));

/** Models by name, each loaded once. */
function createModels() {
  const devices = new Map<string, Promise<Device>>();
  const profiles = new Map<string, Promise<VoltageProfile>>();
  const once = <T>(known: Map<string, Promise<T>>, name: string, load: () => Promise<T>): Promise<T> => {
    const model = known.get(name) ?? load();
    known.set(name, model);
    return model;
  };
  return {
    device: (name: string, curve?: string) =>
      once(devices, JSON.stringify([name, curve]), () => loadDevice(name, modelFiles, curve)),
    profile: (name: string) => once(profiles, name, () => loadVoltageProfile(name, modelFiles)),
  };
}

/** Probability that any of so many bits is wrong, over the members of the profile; a map of one's own may have any. */
async function chanceOfErrors(
  models: ReturnType<typeof createModels>,
  settings: NetworkPoint,
  bits: number,
): Promise<number> {
  if (settings.weakCells !== undefined) return 1;
  const device = await models.device(settings.device, settings.latencyCurve);
  const profile = await models.profile(settings.profile ?? DEFAULT_PROFILE);
  let cells: number;
  try {
    cells = errorSupply(device, profile, settings.supply, settings.timing);
  } catch (error) {
    if (error instanceof InputError) return REFUSED;
    throw error;
  }
  const supply = (cells / device.supply.nominal) * profile.nominal;
  return mean(profile.members.map((member) => 1 - exp(-bits * rateAt(member, supply))));
}

/** A point that will be refused, out of the range that is known, costs nothing. */
const REFUSED = 0;

/** A member's bit error rate. */
const rateAt = ({ curve }: VoltageProfile['members'][number], supply: number): number =>
  supply < curve.voltages[0]! ? REFUSED : berAt(curve, supply);
