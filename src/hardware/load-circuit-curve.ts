import type { CircuitCurve } from './device.ts';
import type { ModelSource } from './model-source.ts';

/**
 * Reads `hw-models/circuit/NAME.yaml`: delays against supply, normalised at the reference voltage and made monotone
 * (a lower voltage is never faster than a higher one; simulation noise of 0.2 % at the top is levelled). A shipped curve comes
 * compiled where the source has it so. Throws InputError with file:line:column for what does not fit.
 */
export async function loadCircuitCurve(name: string, models: ModelSource): Promise<CircuitCurve> {
  const compiled = await models.compiled?.('circuit', name);
  if (compiled !== undefined) return compiled.model;
  const { circuitCurveFromYaml } = await import('./circuit-curve-from-yaml.ts');
  return circuitCurveFromYaml(name, models);
}
