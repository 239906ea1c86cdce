import { BUS_ENCODINGS } from '../../energy/line-bits.ts';
import { INTERLEAVINGS } from '../../energy/vampire.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { energyModel, law } from '../energy-settings.ts';
import { device, ecc, supply } from '../memory-settings.ts';
import { weights } from '../network-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { listOf, oneOf } from '../values.ts';

/** `sparkxd data-energy`: read energy of a network's own bits. */
export const DATA_ENERGY = {
  weights: { ...weights, positional: true, value: 'WEIGHTS' },
  formats: withDefault(
    {
      ...listOf(oneOf(WEIGHT_FORMATS, 'formats'), WEIGHT_FORMATS.length),
      flag: 'format',
      help: WEIGHT_FORMATS.join(', '),
    },
    [...WEIGHT_FORMATS],
  ),
  ecc,
  encodings: withDefault(
    {
      ...listOf(oneOf(BUS_ENCODINGS, 'encodings'), BUS_ENCODINGS.length),
      flag: 'encoding',
      help: BUS_ENCODINGS.join(', '),
    },
    [...BUS_ENCODINGS],
  ),
  interleaving: withDefault(
    {
      ...oneOf(INTERLEAVINGS, 'interleavings'),
      help: `how one burst follows another: ${INTERLEAVINGS.join(', ')}`,
    },
    'column',
  ),
  device,
  supply: optional(described(supply, 'supply voltage (default: nominal)')),
  law,
  energyModel,
};

export type DataEnergyJob = JobOf<typeof DATA_ENERGY>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type DataEnergyInput = JobInput<typeof DATA_ENERGY>;
