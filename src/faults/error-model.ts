import { InputError } from '../errors/input-error.ts';

/** EDEN's four error models (MICRO 2019), by what the weak cells of a chip have in common. */
export const ERROR_MODEL_IDS = [0, 1, 2, 3] as const;
export type ErrorModelId = (typeof ERROR_MODEL_IDS)[number];
export const ERROR_MODEL_NAMES: Readonly<Record<ErrorModelId, string>> = {
  0: 'uniform',
  1: 'bitline',
  2: 'wordline',
  3: 'data-dependent',
};

/** Which rows hold anti cells (charged when they store 0); every other cell is a true cell (charged when it stores 1). */
export const ANTI_ROWS = ['none', 'odd', 'even'] as const;
export type AntiRows = (typeof ANTI_ROWS)[number];

/** The parameters of a model: one form for all four, with those that a model does not use at their neutral value. */
export interface ErrorModel {
  readonly id: ErrorModelId;
  /**
   * Models 1 and 2: standard deviation of the natural logarithm of a bitline's or wordline's weak share (EDEN's P_B,
   * P_W), relative to its subarray's; 0 for models 0 and 3.
   */
  readonly spread: number;
  /** Probability that a read of a weak true cell that stores 1 flips (an anti cell: that stores 0). EDEN's F, F_V1. */
  readonly flipCharged: number;
  /** The same for a true cell that stores 0 (an anti cell: that stores 1). EDEN's F_V0. */
  readonly flipDischarged: number;
  readonly antiRows: AntiRows;
}

/** What a caller may state of a model; the rest takes the defaults below. */
export type ErrorModelOptions = Partial<Omit<ErrorModel, 'id'>>;

/** As the measured row bands of Voltron's vendor B (hw-models/voltage/voltron-b.yaml); EDEN's values are not public. */
const DEFAULT_SPREAD = 1.4;
/** A weak cell that holds no charge has little to lose; an assumption, since EDEN's values are not public. */
const DEFAULT_FLIP_DISCHARGED = 0.1;

/**
 * A model with its parameters, checked. Without options: the spread of models 1 and 2 is 1.4, every weak cell flips at
 * every read (F = 1), and model 3 flips charged cells always and discharged ones once in ten reads.
 * Throws InputError for a probability outside [0, 1], a negative spread, or a parameter that the model does not have.
 */
export function errorModel(id: ErrorModelId, options: ErrorModelOptions = {}): ErrorModel {
  if (!ERROR_MODEL_IDS.includes(id))
    throw new InputError(`error model ${id} is unknown`, { remedy: 'the models are 0, 1, 2 and 3' });
  const clustered = id === 1 || id === 2;
  const spread = options.spread ?? (clustered ? DEFAULT_SPREAD : 0);
  const flipCharged = options.flipCharged ?? 1;
  const flipDischarged = options.flipDischarged ?? (id === 3 ? DEFAULT_FLIP_DISCHARGED : flipCharged);
  const antiRows = options.antiRows ?? 'none';
  for (const [name, value] of Object.entries({ flipCharged, flipDischarged }))
    if (!(value >= 0 && value <= 1))
      throw new InputError(`flip probability ${value} (${name}) is outside 0 to 1`);
  if (flipCharged + flipDischarged === 0)
    throw new InputError('a weak cell that never flips is not weak: both flip probabilities are 0');
  if (!(spread >= 0 && spread <= MAX_SPREAD))
    throw new InputError(`spread ${spread} of weak shares is outside 0 to ${MAX_SPREAD}`);
  if (!clustered && spread !== 0)
    throw new InputError(`error model ${id} (${ERROR_MODEL_NAMES[id]}) has no spread`, {
      remedy: 'a spread belongs to model 1 (bitlines) or 2 (wordlines)',
    });
  if (id !== 3 && (flipCharged !== flipDischarged || antiRows !== 'none'))
    throw new InputError(`error model ${id} (${ERROR_MODEL_NAMES[id]}) does not depend on the stored data`, {
      remedy: 'flip probabilities that differ, and anti cells, belong to model 3',
    });
  return { id, spread, flipCharged, flipDischarged, antiRows };
}

/** Beyond it a single bitline in a million would carry a subarray. */
export const MAX_SPREAD = 5;

/** Flip probability of a weak cell averaged over stored ones and zeros. */
export const meanFlip = ({ flipCharged, flipDischarged }: ErrorModel): number =>
  (flipCharged + flipDischarged) / 2;

/** Whether the cells of a row are anti cells. */
export function isAntiRow(antiRows: AntiRows, row: number): boolean {
  return antiRows !== 'none' && row % 2 === (antiRows === 'odd' ? 1 : 0);
}

/** Flip probability of a weak cell by what it stores. */
export function flipProbability(model: ErrorModel, row: number, stored: 0 | 1): number {
  const charged = (stored === 1) !== isAntiRow(model.antiRows, row);
  return charged ? model.flipCharged : model.flipDischarged;
}
