import type { CompiledDevice } from './compiled-models.ts';
import { type Device, NO_CURVE } from './device.ts';
import { loadCircuitCurve } from './load-circuit-curve.ts';
import type { ModelSource } from './model-source.ts';

/**
 * Reads `hw-models/dram/NAME.yaml` (or the user's own file) with the device that it is based on, if any, its standard and
 * its circuit curve; `curve` names another circuit curve instead. A shipped device comes compiled where the source has it so.
 * Throws InputError with file:line:column for anything missing, unknown, without unit or source, out of its bounds, or
 * contradictory; for a fault of the standard or the curve the message also says where the device names it.
 */
export async function loadDevice(name: string, models: ModelSource, curve?: string): Promise<Device> {
  const compiled = await models.compiled?.('dram', name);
  const device = compiled && (await withItsParts(compiled.model, models, curve));
  if (device !== undefined) return device;
  const { deviceFromYaml } = await import('./device-from-yaml.ts');
  return deviceFromYaml(name, models, curve);
}

/** The device, or undefined where its standard or its curve is not compiled. */
async function withItsParts(
  compiled: CompiledDevice,
  models: ModelSource,
  chosen: string | undefined,
): Promise<Device | undefined> {
  const standard = await models.compiled?.('standards', compiled.standard);
  if (standard === undefined) return undefined;
  const { curve: named, ...supply } = compiled.supply;
  const device = { ...compiled, standard: standard.model };
  if (chosen !== undefined) {
    const curve = await loadCircuitCurve(chosen, models);
    const notes = compiled.notes.filter((note) => note !== NO_CURVE);
    return { ...device, supply: { ...supply, curve }, notes };
  }
  if (named === undefined) return { ...device, supply };
  const curve = await models.compiled?.('circuit', named);
  return curve && { ...device, supply: { ...supply, curve: curve.model } };
}
