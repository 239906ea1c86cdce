import type { Command } from 'commander';
import { DATASETS_SHOW, type DatasetsShowJob } from '../../settings/jobs/datasets-show.ts';
import { configureCommand, type Everywhere } from '../command-settings.ts';
import { formatTable } from '../table.ts';
import { DATASET_PARTS } from '../table-columns.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help =
    'Examples:\n' +
    '  sparkxd datasets show mnist\n' +
    '  sparkxd datasets show N-MNIST\n' +
    '  sparkxd datasets show shd_test.h5 --json';
  const own = command
    .command('show')
    .description('samples, classes, input and events of a dataset, found from what the file or folder holds');
  configureCommand(own, { job: DATASETS_SHOW, output: {}, help }, show);
}

async function show(job: DatasetsShowJob, { json }: Everywhere): Promise<void> {
  const { runDatasetsShow } = await import('../../experiments/datasets-show.ts');
  const shown = await runDatasetsShow(job);
  if (json) {
    print(`${JSON.stringify(shown)}\n`);
    return;
  }
  const rows = shown.parts.map(({ part, samples, classes, class_samples, shape, events }) => [
    part,
    String(samples),
    String(classes),
    range(Math.min(...class_samples), Math.max(...class_samples)),
    shape.join(' x '),
    events ? String(events.total) : '',
    events ? range(events.fewest, events.most) : '',
    events?.first_us === undefined ? '' : milliseconds(events.first_us),
    events?.last_us === undefined ? '' : milliseconds(events.last_us),
  ]);
  print(`${shown.name}: ${shown.kind}\n${formatTable(DATASET_PARTS, rows)}`);
}

const range = (least: number, most: number): string =>
  least === most ? String(least) : `${least} to ${most}`;
const milliseconds = (us: number): string => (us / 1000).toFixed(3);
