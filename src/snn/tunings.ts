import type { Encoding } from './network.ts';
import type { TrainingRecipe } from './recipe.ts';

/** What differs between the sizes of networks. */
export interface SizeTuning
  extends Pick<TrainingRecipe, 'presentations' | 'thetaPlusMv' | 'postRate' | 'preRate' | 'storage'> {
  /** The most neurons that this is for. */
  readonly upTo: number;
  readonly inhibitionMv: number;
  readonly thetaDecayMs: number;
}

/** What was found on the validation images of one dataset (docs/snn.md has the search). */
export interface DatasetTuning {
  /** Inputs for each unit of a neuron's weight sum. */
  readonly inputsPerUnitWeight: number;
  /** By default a rate that follows from the mean brightness of the dataset. */
  readonly rates?: Omit<Encoding, 'steps'>;
  /** A network takes the first that it does not exceed. */
  readonly sizes: readonly SizeTuning[];
}

/** BindsNET's weight sum: 78.4 for 784 inputs. Also for images of other datasets. */
export const MNIST_TUNING: DatasetTuning = {
  inputsPerUnitWeight: 10,
  sizes: [
    {
      upTo: 400,
      presentations: 120_000,
      thetaPlusMv: { from: 0.1, to: 0.01 },
      postRate: { from: 0.05, to: 0.002 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp32',
    },
    {
      upTo: 900,
      presentations: 250_000,
      thetaPlusMv: { from: 0.2, to: 0.03 },
      postRate: { from: 0.1, to: 0.002 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp16',
    },
    {
      upTo: 1600,
      presentations: 320_000,
      thetaPlusMv: { from: 0.3, to: 0.12 },
      postRate: { from: 0.1, to: 0.005 },
      preRate: 1e-3,
      inhibitionMv: 500,
      thetaDecayMs: 1.8e7,
      storage: 'fp16',
    },
    {
      upTo: 2500,
      presentations: 400_000,
      thetaPlusMv: { from: 0.47, to: 0.19 },
      postRate: { from: 0.125, to: 0.006 },
      preRate: 1.2e-3,
      inhibitionMv: 500,
      thetaDecayMs: 1.8e7,
      storage: 'fp16',
    },
    {
      upTo: Number.POSITIVE_INFINITY,
      presentations: 450_000,
      thetaPlusMv: { from: 0.7, to: 0.28 },
      postRate: { from: 0.15, to: 0.008 },
      preRate: 1.5e-3,
      inhibitionMv: 500,
      thetaDecayMs: 1.8e7,
      storage: 'fp16',
    },
  ],
};

/** Ink differs by the kind of garment: on average a coat has 2.8 times a sandal's. */
export const FASHION_MNIST_TUNING: DatasetTuning = {
  inputsPerUnitWeight: 16,
  rates: { maximumRateHz: 250, spikesPerImage: 1600 },
  sizes: [
    {
      upTo: 400,
      presentations: 120_000,
      thetaPlusMv: { from: 0.1, to: 0.01 },
      postRate: { from: 0.05, to: 0.001 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp16',
    },
    {
      upTo: 900,
      presentations: 200_000,
      thetaPlusMv: { from: 0.1, to: 0.01 },
      postRate: { from: 0.05, to: 0.001 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp16',
    },
    {
      upTo: 1600,
      presentations: 200_000,
      thetaPlusMv: { from: 0.1, to: 0.01 },
      postRate: { from: 0.05, to: 0.001 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp16',
    },
    {
      upTo: 2500,
      presentations: 200_000,
      thetaPlusMv: { from: 0.2, to: 0.03 },
      postRate: { from: 0.1, to: 0.002 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp16',
    },
    {
      upTo: Number.POSITIVE_INFINITY,
      presentations: 200_000,
      thetaPlusMv: { from: 0.2, to: 0.03 },
      postRate: { from: 0.1, to: 0.002 },
      preRate: 5e-4,
      inhibitionMv: 120,
      thetaDecayMs: 1e7,
      storage: 'fp16',
    },
  ],
};
