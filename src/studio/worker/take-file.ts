import { InputError } from '../../errors/input-error.ts';
import { isBinaryMap } from '../../faults/map-binary.ts';
import { loadCircuitCurve } from '../../hardware/load-circuit-curve.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import { loadVoltageProfile } from '../../hardware/load-voltage-profile.ts';
import { modelKindOf } from '../../inputs/model-kind.ts';
import { openMap } from '../../inputs/open-chip.ts';
import { readNetwork } from '../../inputs/read-network.ts';
import { modelFiles } from '../host/model-files.ts';
import { keepFile, ownFile } from '../host/own-files.ts';
import { gunzipped } from '../host/read-file.ts';
import type { DroppedFile } from '../messages.ts';
import { jobOf, type SettingTexts } from '../settings.ts';
import { traceView } from './trace-view.ts';

const YAML = /\.ya?ml$/;
const WEIGHTS = /\.(safetensors|npz|npy|nir|h5|hdf5|pt|pth|zip)(\.gz)?$/i;

/** Names of the access traces that were dropped. */
const traces = new Set<string>();
export const traceNames = (): readonly string[] => [...traces];

/**
 * Takes a file that was dropped by the readers of the command line, and says which setting takes its name; `shown` are the
 * settings of the page. Throws InputError, with file, line and column, for what they refuse.
 */
export async function takeFile(name: string, bytes: Uint8Array, shown: SettingTexts): Promise<DroppedFile> {
  keepFile(name, bytes);
  traces.delete(name);
  if (YAML.test(name)) return takeModel(name);
  if (WEIGHTS.test(name)) {
    await readNetwork(name);
    return { setting: 'weights', texts: { weights: name } };
  }
  if (isMap(gunzipped(bytes, name))) {
    const job = jobOf({ supply: '1', ...shown });
    await openMap(job, name);
    return { setting: 'weak-cells', texts: { 'weak-cells': name } };
  }
  const file = await traceFile(name, shown);
  if ('trace' in file) traces.add(name);
  return file;
}

/** A trace that was dropped, under the settings of the page; or why it cannot be replayed. */
export async function traceFile(name: string, shown: SettingTexts): Promise<DroppedFile> {
  try {
    return { trace: await traceView(name, ownFile(name)!, jobOf({ supply: '1', ...shown })) };
  } catch (error) {
    if (error instanceof InputError) return { message: error.message };
    throw error;
  }
}

async function takeModel(name: string): Promise<DroppedFile> {
  const kind = await modelKindOf(name);
  if (kind === 'dram') {
    await loadDevice(name, modelFiles);
    return { setting: 'device', texts: { device: name } };
  }
  if (kind === 'voltage') {
    await loadVoltageProfile(name, modelFiles);
    return { setting: 'profile', texts: { profile: name } };
  }
  if (kind === 'circuit') {
    await loadCircuitCurve(name, modelFiles);
    return { setting: 'curve', texts: { curve: name } };
  }
  throw new InputError(`a file of hw-models/${kind}, which the page does not choose`, {
    place: { file: name },
    remedy: 'drop a device, a voltage profile or a circuit curve; other models are for the command line',
  });
}

/** The column that a map as text has, and no trace. */
const MAP_COLUMN = 'failure_voltage_V';

function isMap(bytes: Uint8Array): boolean {
  if (isBinaryMap(bytes)) return true;
  const [head = ''] = new TextDecoder().decode(bytes.subarray(0, 1024)).split('\n');
  return head.includes(MAP_COLUMN);
}
