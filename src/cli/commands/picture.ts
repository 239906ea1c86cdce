import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { PICTURES, type PictureJob, type PictureKind } from '../../experiments/picture-job.ts';
import { MAPPING_POLICIES } from '../../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { RUN_REPAIRS } from '../../sparkxd/weights-in-dram.ts';
import { numberBetween, oneOf, wholeNumber } from '../option-values.ts';

interface PictureOptions extends Omit<PictureJob, 'kind' | 'supply' | 'images'> {
  readonly supply?: number;
  readonly images?: number;
  readonly jobs: number;
  readonly out: string;
}

export function configure(command: Command): void {
  command
    .argument(
      '<KIND>',
      'fields (PNG: receptive fields, with --supply also as the chip holds them), confusion (SVG), raster (SVG: spikes of one image)',
      oneOf(PICTURES, 'pictures'),
    )
    .option('--weights <NAME|FILE>', 'trained network', 'n400-mnist')
    .option('--dataset <NAME|DIR>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option('--supply <V>', 'weights as a chip holds them at this supply', numberBetween(0.1, 5))
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--profile <NAME|FILE>', 'voltage profile', 'sparkxd')
    .option('--chip <N>', 'number of the chip', wholeNumber(1), 1)
    .option('--mapping <NAME>', MAPPING_POLICIES.join(', '), oneOf(MAPPING_POLICIES, 'mappings'), 'baseline')
    .option('--format <NAME>', WEIGHT_FORMATS.join(', '), oneOf(WEIGHT_FORMATS, 'formats'), 'fp32')
    .option('--repair <NAME>', RUN_REPAIRS.join(', '), oneOf(RUN_REPAIRS, 'policies'), 'none')
    .option('--neurons <N>', 'neurons of fields', wholeNumber(1), 100)
    .option('--images <N>', 'test images of confusion (default: all)', wholeNumber(1))
    .option('--image <N>', 'test image of raster, from 0', wholeNumber(0), 0)
    .option('--seed <N>', 'seed of the chip and the input spikes', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .requiredOption('--out <FILE>', 'where the picture goes')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd picture fields --weights n400-mnist --supply 1.025 --out fields.png',
    )
    .action(picture);
}

async function picture(kind: PictureKind, { jobs, out, ...options }: PictureOptions): Promise<void> {
  const { runPicture } = await import('../../experiments/run-picture.ts');
  const { writeWhole } = await import('../../experiments/files.ts');
  const { supply, images, ...rest } = options;
  await writeWhole(out, await runPicture({ ...rest, kind, supply, images }, jobs));
}
