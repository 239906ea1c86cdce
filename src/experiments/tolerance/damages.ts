import type { ToleranceRow } from '../../results/tables.ts';
import type { ToleranceJob } from '../../settings/jobs/tolerance.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
import {
  type RatedDamage,
  type RatedTrial,
  type SearchedRate,
  searchRows,
  type ToleranceStudy,
  toleranceRow,
} from './study.ts';

export interface ToleranceOutcome {
  /** Test images, without errors. */
  readonly clean: Accuracy;
  /** Test images, at each rate of the job. */
  readonly curve: readonly RatedTrial[];
  /** The search on the validation images, whose clean accuracy is beside it. */
  readonly search: SearchedRate['search'];
  readonly validationClean: Accuracy;
  /** The rate found, on the test images: is the whole interval of the mean loss within the bound? Absent when the search found none. */
  readonly confirmation?: NonNullable<SearchedRate['confirmation']>;
  /** Test images with only this bit of each weight flipped, at `byBitBer`; bit 0 first. */
  readonly byBit?: readonly RatedTrial[];
  /** The rate of `byBit` and `byInputs`, the job's highest. */
  readonly byBitBer?: number;
  /** Test images with only this group of inputs' weights damaged; the group of the smallest weights first. */
  readonly byInputs?: readonly RatedTrial[];
  /** Of a layered network: the highest rate within the bound of each tensor alone, and of all tensors together. */
  readonly byLayer?: ToleranceByLayer;
  /** All of these as rows of a table. */
  readonly rows: readonly ToleranceRow[];
}

/** How many errors each tensor of a layered network bears. */
export interface ToleranceByLayer {
  /** Each tensor alone, the others without errors. */
  readonly tensors: readonly (SearchedRate & { readonly tensor: string })[];
  /**
   * All tensors at once, each at the same share of the rate that it bears alone: `search.ber` is the greatest share within the bound.
   * Absent where a tensor bears no rate.
   */
  readonly together?: SearchedRate & {
    /** The rate of each tensor at that share, as limits of the mappings take them. */
    readonly limits: readonly { readonly tensor: string; readonly ber: number }[];
  };
}

/** Kinds of damage that a job asks for. */
export interface StudiedDamages<W> {
  readonly vote: string;
  readonly anywhere: RatedDamage<W>;
  /** To one bit of each weight, bit 0 first; none where that is not asked for. */
  readonly bits: readonly RatedDamage<W>[];
  /** To one group of inputs. */
  readonly groups: readonly RatedDamage<W>[];
}

/** The curve, the search, and what parts of the weights do alone. */
export async function studyDamages<W>(
  job: Pick<ToleranceJob, 'bers'>,
  study: ToleranceStudy<W>,
  { vote, anywhere, bits, groups }: StudiedDamages<W>,
): Promise<ToleranceOutcome> {
  const curve: RatedTrial[] = [];
  for (const ber of job.bers) curve.push(await study.trial(ber, anywhere));
  const searched = await study.search(anywhere);
  const byBitBer = Math.max(...job.bers);
  const alone = async (damages: readonly RatedDamage<W>[]): Promise<RatedTrial[]> => {
    const trials: RatedTrial[] = [];
    for (const damage of damages) trials.push(await study.trial(byBitBer, damage));
    return trials;
  };
  const byBit = await alone(bits);
  const byInputs = await alone(groups);
  return {
    clean: study.clean.test,
    curve,
    ...searched,
    validationClean: study.clean.validation,
    ...(byBit.length > 0 ? { byBit, byBitBer } : {}),
    ...(byInputs.length > 0 ? { byInputs, byBitBer } : {}),
    rows: [
      ...curve.map((trial) => toleranceRow('test', vote, 'all', trial)),
      ...searchRows(vote, 'all', searched),
      ...byBit.map((trial, bit) => toleranceRow('test', vote, `bit ${bit}`, trial)),
      ...byInputs.map((trial, group) => toleranceRow('test', vote, `inputs ${group + 1}`, trial)),
    ],
  };
}
