import type { MappingPolicy } from '../mapping/policy.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import type { Volts } from '../units/flavours.ts';

/**
 * What can be drawn. `fields`: receptive fields as trained and as the chip holds them, PNG. `confusion`: labels against
 * answers of the weights as held, SVG. `raster`: spikes of one image, SVG. `accuracy`: accuracy against training images, SVG.
 */
export const PICTURES = ['fields', 'confusion', 'raster', 'accuracy'] as const;
export type PictureKind = (typeof PICTURES)[number];

/** What `sparkxd picture` is asked for. */
export interface PictureJob {
  readonly kind: PictureKind;
  /** File or shipped name. */
  readonly weights: string;
  readonly dataset: string;
  /** Supply of the DRAM; undefined: the weights as trained. */
  readonly supply: Volts | undefined;
  readonly device: string;
  readonly profile: string;
  readonly chip: number;
  readonly mapping: MappingPolicy;
  readonly format: WeightFormat;
  readonly repair: RunRepair;
  /** `fields`: the first neurons of the network; undefined: 100, or all if it has fewer. */
  readonly neurons: number | undefined;
  /** `confusion`: the first test images; undefined: all. */
  readonly images: number | undefined;
  /** `raster`: number of the test image, from 0. */
  readonly image: number;
  readonly seed: number;
  /** `accuracy`: files of `train --curve`. */
  readonly curves: readonly string[];
}
