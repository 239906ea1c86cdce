import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import { MAPPING_POLICIES } from '../../mapping/policy.ts';
import { PICTURES, type PictureJob, type PictureKind } from '../../report/picture-job.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { RUN_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { numberBetween, oneOf, wholeNumber } from '../option-values.ts';

interface PictureOptions extends Omit<PictureJob, 'kind' | 'supply' | 'images' | 'neurons' | 'curves'> {
  readonly curve: readonly string[];
  readonly supply?: number;
  readonly images?: number;
  readonly neurons?: number;
  readonly jobs: number;
  readonly out: string;
}

/** Options that some kinds of picture read and others do not. */
const READ: Readonly<Record<PictureKind, readonly string[]>> = {
  fields: ['weights', 'supply', 'neurons', 'jobs'],
  confusion: ['weights', 'supply', 'dataset', 'images', 'seed', 'jobs'],
  raster: ['weights', 'supply', 'dataset', 'image', 'seed', 'jobs'],
  accuracy: ['curve'],
};

/** Options that every kind reads, with --supply. */
const READ_WITH_SUPPLY = ['device', 'profile', 'chip', 'mapping', 'format', 'repair', 'seed'] as const;

export function configure(command: Command): void {
  command
    .argument(
      '<KIND>',
      'fields (PNG: receptive fields, with --supply also as the chip holds them), confusion (SVG), raster (SVG: spikes of one image), accuracy (SVG: against training images, from curves of train)',
      oneOf(PICTURES, 'pictures'),
    )
    .option('--weights <NAME|FILE>', 'trained network', 'n400-mnist')
    .option(
      '--dataset <NAME|DIR>',
      'confusion, raster: mnist, fashion-mnist, or a folder with the four IDX files',
      'mnist',
    )
    .option('--supply <V>', 'weights as a chip holds them at this supply', numberBetween(0.1, 5))
    .option('--device <NAME|FILE>', 'with --supply: DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--profile <NAME|FILE>', 'with --supply: voltage profile', 'sparkxd')
    .option('--chip <N>', 'with --supply: number of the chip', wholeNumber(1), 1)
    .option(
      '--mapping <NAME>',
      `with --supply: ${MAPPING_POLICIES.join(', ')}`,
      oneOf(MAPPING_POLICIES, 'mappings'),
      'baseline',
    )
    .option(
      '--format <NAME>',
      `with --supply: ${WEIGHT_FORMATS.join(', ')}`,
      oneOf(WEIGHT_FORMATS, 'formats'),
      'fp32',
    )
    .option(
      '--repair <NAME>',
      `with --supply: ${RUN_REPAIRS.join(', ')}`,
      oneOf(RUN_REPAIRS, 'policies'),
      'none',
    )
    .option('--neurons <N>', 'fields: the first N neurons (default: 100, or all if fewer)', wholeNumber(1))
    .option('--images <N>', 'confusion: the first N test images (default: all)', wholeNumber(1))
    .option('--image <N>', 'raster: number of the test image, from 0', wholeNumber(0), 0)
    .option(
      '--seed <N>',
      'seed of the chip, and of the input spikes of confusion and raster',
      wholeNumber(0),
      1,
    )
    .option(
      '--curve <FILE>',
      'accuracy: a curve of train --curve (repeatable)',
      (file, files: readonly string[]) => [...files, file],
      [],
    )
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .requiredOption('--out <FILE>', 'where the picture goes')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd picture fields --weights n400-mnist --supply 1.025 --out fields.png',
    )
    .action(picture);
}

async function picture(
  kind: PictureKind,
  { jobs, out, ...options }: PictureOptions,
  command: Command,
): Promise<void> {
  requireRead(kind, options.supply !== undefined, command);
  const { runPicture } = await import('../../report/run-picture.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const { supply, images, neurons, curve: curves, ...rest } = options;
  await writeWhole(out, await runPicture({ ...rest, kind, supply, images, neurons, curves }, jobs));
}

/** Throws InputError for an option that was given and that a picture of this kind would ignore. */
function requireRead(kind: PictureKind, withSupply: boolean, command: Command): void {
  const read: readonly string[] = [...READ[kind], ...(withSupply ? READ_WITH_SUPPLY : [])];
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli' || read.includes(name)) continue;
    const ofChip = READ_WITH_SUPPLY.some((other) => other === name);
    if (ofChip && READ[kind].includes('supply'))
      throw new InputError(`\`picture ${kind}\` reads ${option.long} only with --supply`, {
        remedy: `add --supply, or leave out ${option.long}`,
      });
    const readers = PICTURES.filter((other) => READ[other].includes(ofChip ? 'supply' : name));
    if (readers.length > 0)
      throw new InputError(`\`picture ${kind}\` does not read ${option.long}`, {
        remedy: `it belongs to ${readers.join(' and ')}`,
      });
  }
}
