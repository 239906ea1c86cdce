import type { OperatingPointRow } from '../results/tables.ts';
import type { OptimiseJob } from '../settings/jobs/optimise.ts';
import type { OperatingChoice } from './operating-points.ts';
import type { OperatingPoint, OptimiseOutcome } from './optimise.ts';

/** The rows of operating-points.csv: baseline and front on the validation images, then baseline and optimum on the test images. */
export function operatingPointRows(
  { baseline, front, tested, dataPins }: Pick<OptimiseOutcome, 'baseline' | 'front' | 'tested' | 'dataPins'>,
  { energyModel, vote }: Pick<OptimiseJob, 'energyModel' | 'vote'>,
): OperatingPointRow[] {
  const settings = ({ network, format, repair, supply, mapping, timing }: OperatingChoice) => ({
    network,
    weight_format: format,
    repair,
    vote,
    supply_V: supply,
    energy_model: energyModel,
    data_pins: dataPins,
    mapping,
    timing,
  });
  const accurate = settings({
    network: baseline.network,
    format: 'fp32',
    repair: 'none',
    supply: baseline.supply_V,
    mapping: 'baseline',
    timing: 'nominal',
  });
  const measured = (point: Measured) => ({
    dram_energy_per_inference_nJ: point.energy_nJ,
    latency_per_inference_ns: point.latency_ns,
    accuracy: point.accuracy,
    accuracy_worst_chip: point.accuracyWorst,
  });
  const rates = ({ berChip, berPlaced, berObserved }: Rates) => ({
    ber_chip: berChip,
    ber_placed: berPlaced,
    ber_observed: berObserved,
  });
  const rows: OperatingPointRow[] = [
    {
      point: 'baseline',
      split: 'validation',
      ...accurate,
      ...measured({ ...baseline, accuracyWorst: baseline.accuracy }),
      ...rates(SOUND),
      inference_energy_saving_vs_nominal: 0,
    },
    ...front.map(
      (point): OperatingPointRow => ({
        point: 'front',
        split: 'validation',
        ...settings(point),
        ...measured(point),
        ...rates(point),
        inference_energy_saving_vs_nominal: point.saving,
        meets_bound: point.meetsBound,
        knee: point.knee,
        optimum: point.optimum,
        reward: point.reward,
      }),
    ),
  ];
  const optimum = front.find((point) => point.optimum);
  if (tested && optimum)
    rows.push(
      {
        point: 'baseline',
        split: 'test',
        ...accurate,
        ...measured(tested.baseline),
        ...rates(SOUND),
        inference_energy_saving_vs_nominal: 0,
      },
      {
        point: 'chosen',
        split: 'test',
        ...settings(optimum),
        ...measured(tested.chosen),
        // The same chips hold the same weights.
        ...rates(optimum),
        inference_energy_saving_vs_nominal: tested.saving,
        meets_bound: tested.meetsBound,
      },
    );
  return rows;
}

type Rates = Pick<OperatingPoint, 'berChip' | 'berPlaced' | 'berObserved'>;

/** Of accurate DRAM. */
const SOUND: Rates = { berChip: 0, berPlaced: 0, berObserved: 0 };

interface Measured {
  readonly energy_nJ: number;
  readonly latency_ns: number;
  readonly accuracy: number;
  readonly accuracyWorst: number;
}
