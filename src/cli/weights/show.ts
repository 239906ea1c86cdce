import { escapeControls } from '../../errors/printable.ts';
import { runWeightsShow, type TensorRow } from '../../experiments/weights-show.ts';
import { percent } from '../../report/percent.ts';
import type { WeightsShowJob } from '../../settings/jobs/weights-show.ts';
import type { Everywhere } from '../command-settings.ts';
import { formatTable } from '../table.ts';
import { GRAPH_NODES, TENSORS } from '../table-columns.ts';
import { print } from '../terminal.ts';

/** `sparkxd weights show`: prints what a file holds and whether the program runs it. */
export async function showWeights(job: WeightsShowJob, { json }: Everywhere): Promise<void> {
  const shown = await runWeightsShow(job);
  if (json) {
    print(`${JSON.stringify(shown)}\n`);
    return;
  }
  const bytes = shown.tensors.reduce((sum, row) => sum + row.bytes, 0);
  const { metadata, unreadable } = shown;
  const lines = [
    `${shown.file}: ${shown.form}, ${shown.tensors.length} tensors, ${bytes.toLocaleString('en')} bytes of elements`,
    ...(metadata.length > 0 ? [`metadata: ${metadata.join(', ')}`] : []),
    ...Object.entries(unreadable).map(([name, reason]) => `${name} cannot be read: ${reason}`),
    ...(shown.runs
      ? ['runs as a network: sparkxd evaluate --weights']
      : [
          `does not run as a network: ${shown.obstacle}`,
          ...(shown.remedy === undefined ? [] : [`  ${shown.remedy}`]),
          '  as tensors of any model: sparkxd weights damage',
        ]),
  ];
  const nodes = (shown.nodes ?? []).map(({ key, type }) => [escapeControls(key), escapeControls(type)]);
  print(
    (nodes.length > 0 ? `${formatTable(GRAPH_NODES, nodes)}\n` : '') +
      formatTable(TENSORS, shown.tensors.map(cells)) +
      lines.map((line) => `${escapeControls(line)}\n`).join(''),
  );
}

const cells = (row: TensorRow): string[] => [
  escapeControls(row.tensor),
  row.shape.join(' x ') || 'scalar',
  row.type,
  String(row.bytes),
  row.least?.toPrecision(5) ?? '',
  row.greatest?.toPrecision(5) ?? '',
  row.zeros === undefined ? '' : percent(row.zeros),
  row.not_finite > 0 ? String(row.not_finite) : '',
];
