import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { pinsInWords } from '../../energy/io.ts';
import type { MapTraffic } from '../../experiments/map.ts';
import { MAP } from '../../settings/jobs/map.ts';
import { device } from '../../settings/memory-settings.ts';
import { addressMapping } from '../../settings/traffic-settings.ts';
import type { PlacedTensorRow } from '../../sparkxd/placed-tensors.ts';
import { NJ_PER_UJ } from '../../units/scale.ts';
import { configureCommand } from '../command-settings.ts';
import { rateInWords } from '../rate-in-words.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { PLACED_TENSORS } from '../table-columns.ts';
import { print } from '../terminal.ts';

type Place = { readonly address: number } | { readonly coordinates: Readonly<Record<string, number>> };

/** A byte address, or coordinates. */
const PLACE = {
  place: {
    schema: z.custom<Place>(),
    positional: true,
    value: 'ADDRESS',
    read: readPlace,
    help: 'byte address (decimal or 0x), or coordinates such as row=1,bank=2',
  },
  device,
  addressMapping,
};

export function configure(command: Command): void {
  const help =
    'Examples:\n  sparkxd map --policy sparkxd --supply 1.025\n  sparkxd map explain 0x2a40\n  sparkxd map explain row=1,bank=2,column=16';
  command.enablePositionalOptions();
  configureCommand(command, { job: MAP, output: {}, help }, async (job, output) => {
    const { runMap } = await import('../../experiments/map.ts');
    const { placementLines } = await import('../placement-lines.ts');
    const said = new Set<string>();
    const outcome = await runMap(
      job,
      createRemarks(output.quiet, () => {}, said),
    );
    if (output.json) {
      print(`${JSON.stringify({ ...outcome, remarks: [...said] })}\n`);
      return;
    }
    const count = (n: number): string => n.toLocaleString('en');
    print(
      [
        `${count(outcome.weightBytes)} bytes of weights, ${count(outcome.paddedBytes)} with rows padded to whole bursts`,
        `${outcome.dramRows} DRAM rows in ${outcome.subarrays} subarrays of ${outcome.banks} banks`,
        `${outcome.safeSubarrays} of ${outcome.allSubarrays} subarrays are safe (bit error rate at most ${job.berLimit} at ${job.supply} V)`,
        ...(outcome.sideBytes > 0
          ? [
              `${count(outcome.sideBytes)} bytes of side information beside the loader, for this chip at this supply`,
            ]
          : []),
        ...placementLines(
          job.mapping,
          {
            used: outcome.subarrays,
            aboveLimit: outcome.subarraysAboveLimit,
            safe: outcome.safeSubarrays,
            safeLeft: outcome.safeSubarraysLeft,
          },
          job.berLimit,
        ),
        `expected bit error rate: ${rateInWords(outcome.ber_placed)} where the weights lie (worst subarray ${rateInWords(outcome.ber_worst_placed)}), ${rateInWords(outcome.ber_chip)} over the chip`,
        `an inference that fetches every weight once: ${inWords(outcome.traffic)}`,
        `with the baseline mapping: ${inWords(outcome.baselineTraffic)}`,
        ...(outcome.tensors ? [tensorTable(outcome.tensors)] : []),
        `energies are of the DRAM: ${pinsInWords(outcome.data_pins)}`,
        '',
      ].join('\n'),
    );
  });
  const explain = command
    .command('explain')
    .description('coordinates of a byte address, or the address of coordinates');
  const example = 'Example:\n  sparkxd map explain row=1,bank=2,column=16';
  configureCommand(explain, { job: PLACE, output: {}, help: example }, async (job, output) => {
    const { addressOf, explainAddress } = await import('../../experiments/explain-address.ts');
    const { place } = job;
    const address =
      'address' in place ? place.address : await addressOf(job.device, place.coordinates, job.addressMapping);
    const explained = await explainAddress(job.device, address, job.addressMapping);
    print(
      output.json
        ? `${JSON.stringify(explained)}\n`
        : `${Object.entries({ ...explained, address: `0x${address.toString(16)}` })
            .map(([name, value]) => `${name} ${value}`)
            .join(', ')}\n`,
    );
  });
}

function readPlace(text: string): Place {
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

/** Where each tensor lies, a row each. */
const tensorTable = (tensors: readonly PlacedTensorRow[]): string =>
  formatTable(
    PLACED_TENSORS,
    tensors.map((each) => [
      each.tensor,
      `${each.rows} x ${each.columns}`,
      each.format,
      String(each.paddedBytes),
      String(each.dramRows),
      String(each.subarrays),
      rateInWords(each.ber_limit),
      rateInWords(each.ber_placed),
      rateInWords(each.ber_worst_placed),
    ]),
  ).trimEnd();

const inWords = (traffic: MapTraffic): string =>
  `${traffic.row_hits} hits, ${traffic.row_misses} misses, ${traffic.row_conflicts} conflicts, ${traffic.cycles} cycles, ${(traffic.dram_energy_per_inference_nJ / NJ_PER_UJ).toFixed(2)} uJ, ${traffic.bandwidth_GBps.toFixed(3)} GB/s`;
