import type { Command } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import { PICTURE, PICTURE_MEMORY, PICTURES, type PictureKind } from '../../settings/jobs/picture.ts';
import { LAYERED } from '../../settings/layered-settings.ts';
import { outputFile } from '../../settings/output-settings.ts';
import { flagOf } from '../../settings/setting.ts';
import { threads } from '../../settings/thread-setting.ts';
import { configureCommand, givenSettings } from '../command-settings.ts';
import { print } from '../terminal.ts';

/** Settings that some kinds of picture read and others do not. */
const READ: Readonly<Record<PictureKind, readonly string[]>> = {
  fields: ['weights', 'supply', 'neurons'],
  confusion: ['weights', 'supply', 'dataset', 'images', 'seed'],
  raster: ['weights', 'supply', 'dataset', 'image', 'seed', ...Object.keys(LAYERED)],
  accuracy: ['curves'],
};

/** Settings that every kind reads that shows the weights as a chip holds them. */
const READ_WITH_SUPPLY: readonly string[] = [...Object.keys(PICTURE_MEMORY), 'seed'];

export function configure(command: Command): void {
  const help = 'Example:\n  sparkxd picture fields --weights n400-mnist --supply 1.025 --out fields.png';
  const output = { threads, out: outputFile('where the picture goes') };
  configureCommand(command, { job: PICTURE, output, help }, async (job, out, given) => {
    requireRead(job.kind, job.supply !== undefined, givenSettings(given, PICTURE));
    const { runPicture } = await import('../../report/run-picture.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    await writeWhole(out.out, await runPicture(job, out.threads));
    if (out.json) print(`${JSON.stringify({ written: out.out })}\n`);
  });
}

/** Throws InputError for a setting that was given and that a picture of this kind would ignore. */
function requireRead(kind: PictureKind, withSupply: boolean, given: readonly string[]): void {
  const read = [...READ[kind], ...(withSupply ? READ_WITH_SUPPLY : [])];
  for (const name of given.filter((each) => !read.includes(each))) {
    const flag = flagOf(name, PICTURE[name as keyof typeof PICTURE]);
    const ofChip = READ_WITH_SUPPLY.includes(name);
    if (ofChip && READ[kind].includes('supply'))
      throw new InputError(`\`picture ${kind}\` reads ${flag} only with --supply`, {
        remedy: `add --supply, or leave out ${flag}`,
      });
    const readers = PICTURES.filter((other) => READ[other].includes(ofChip ? 'supply' : name));
    throw new InputError(`\`picture ${kind}\` does not read ${flag}`, {
      remedy: `it belongs to ${readers.join(' and ')}`,
    });
  }
}
