import { type Command, InvalidArgumentError } from 'commander';
import type { MapTraffic } from '../../experiments/run-map.ts';
import { TIMING_MODES, type TimingMode } from '../../hardware/resolved-timing.ts';
import { MAPPING_POLICIES, type MappingPolicy } from '../../mapping/policy.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../../snn/weight-format.ts';
import { fraction, numberBetween, oneOf, wholeNumber } from '../option-values.ts';

interface MapOptions {
  readonly weights: string;
  readonly policy: MappingPolicy;
  readonly device: string;
  readonly profile: string;
  readonly supply: number;
  readonly chip: number;
  readonly berLimit: number;
  readonly format: WeightFormat;
  readonly timing: TimingMode;
  readonly occupied: number;
  readonly seed: number;
  readonly weakCells?: string;
  readonly json?: boolean;
}

const DEVICE = 'lpddr3-1600-4gb-sparkxd';

export function configure(command: Command): void {
  command
    .enablePositionalOptions()
    .option('--weights <FILE>', 'trained network: a safetensors file or a shipped name', 'n400-mnist')
    .option('--policy <NAME>', MAPPING_POLICIES.join(', '), oneOf(MAPPING_POLICIES, 'policies'), 'sparkxd')
    .option('--device <NAME|FILE>', 'DRAM device', DEVICE)
    .option('--profile <NAME|FILE>', 'voltage profile', 'sparkxd')
    .option('--supply <V>', 'supply voltage', numberBetween(0, 10), 1.025)
    .option('--chip <N>', 'number of the chip', wholeNumber(1), 1)
    .option('--ber-limit <X>', 'bit error rate up to which a subarray is safe', numberBetween(0, 1), 1e-3)
    .option('--format <NAME>', WEIGHT_FORMATS.join(', '), oneOf(WEIGHT_FORMATS, 'formats'), 'fp32')
    .option('--timing <NAME>', TIMING_MODES.join(', '), oneOf(TIMING_MODES, 'timings'), 'paper')
    .option('--occupied <SHARE>', 'share of the subarrays that other data holds', fraction, 0)
    .option('--seed <N>', 'seed of the chips', wholeNumber(0), 1)
    .option('--weak-cells <FILE>', 'a measured map (CSV or .wcm) instead of a generated chip')
    .option('--json', 'print the placement as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  sparkxd map --policy sparkxd --supply 1.025\n  sparkxd map explain 0x2a40\n  sparkxd map explain row=1,bank=2,column=16',
    )
    .action(map);
  command
    .command('explain')
    .description('coordinates of a byte address, or the address of coordinates')
    .argument('<ADDRESS>', 'byte address (decimal or 0x), or coordinates such as row=1,bank=2', place)
    .option('--device <NAME|FILE>', 'DRAM device', DEVICE)
    .option(
      '--address-mapping <NAME|FILE>',
      'order of address bits: row-bank-column, RoBaRaCoCh, ..., or a file (docs/address-mapping.md)',
      'row-bank-column',
    )
    .option('--json', 'print the answer as one JSON object')
    .action(explain);
}

type Place = { readonly address: number } | { readonly coordinates: Readonly<Record<string, number>> };

function place(text: string): Place {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
    const address = Number(text);
    if (!Number.isSafeInteger(address)) throw new InvalidArgumentError('the address is beyond 2^53.');
    return { address };
  }
  const coordinates: Record<string, number> = {};
  for (const part of text.split(',')) {
    const match = /^(\w+)=(\d+)$/.exec(part.trim());
    if (!match)
      throw new InvalidArgumentError('expected an address such as 0x2a40, or row=1,bank=2,column=16.');
    coordinates[match[1]!] = Number(match[2]);
  }
  return { coordinates };
}

async function explain(
  asked: Place,
  { device, addressMapping, json }: { device: string; addressMapping: string; json?: boolean },
): Promise<void> {
  const { addressOf, explainAddress } = await import('../../experiments/run-map.ts');
  const address =
    'address' in asked ? asked.address : await addressOf(device, asked.coordinates, addressMapping);
  const explained = await explainAddress(device, address, addressMapping);
  process.stdout.write(
    json
      ? `${JSON.stringify(explained)}\n`
      : `${Object.entries({ ...explained, address: `0x${address.toString(16)}` })
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}\n`,
  );
}

async function map({ json, ...options }: MapOptions): Promise<void> {
  const { runMap } = await import('../../experiments/run-map.ts');
  const { weakCells, ...job } = options;
  const measured = weakCells === undefined ? {} : { map: weakCells };
  const { debug: _debug, ...asked } = job as typeof job & { debug?: boolean };
  const outcome = await runMap({ ...asked, ...measured });
  if (json) {
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    return;
  }
  const rate = (ber: number): string => (ber === 0 ? '0' : ber.toExponential(2));
  const count = (n: number): string => n.toLocaleString('en');
  process.stdout.write(
    [
      `${count(outcome.weightBytes)} bytes of weights, ${count(outcome.paddedBytes)} with rows padded to whole bursts`,
      `${outcome.dramRows} DRAM rows in ${outcome.subarrays} subarrays of ${outcome.banks} banks`,
      `${outcome.safeSubarrays} of ${outcome.allSubarrays} subarrays are safe (bit error rate at most ${job.berLimit} at ${job.supply} V)`,
      `expected bit error rate: ${rate(outcome.placedBer)} where the weights lie (worst subarray ${rate(outcome.worstPlacedBer)}), ${rate(outcome.chipBer)} over the chip`,
      `an inference that fetches every weight once: ${inWords(outcome.traffic)}`,
      `with the baseline mapping: ${inWords(outcome.baselineTraffic)}`,
      '',
    ].join('\n'),
  );
}

const inWords = ({ hits, misses, conflicts, cycles, energy_nJ, bandwidth_GBps }: MapTraffic): string =>
  `${hits} hits, ${misses} misses, ${conflicts} conflicts, ${cycles} cycles, ${(energy_nJ / 1000).toFixed(2)} uJ, ${bandwidth_GBps.toFixed(3)} GB/s`;
