import { escapeControls } from '../../errors/printable.ts';
import type { LayerRow } from '../../experiments/layer-rows.ts';
import { runWeightsShow, type TensorRow, type WeightsShowOutcome } from '../../experiments/weights-show.ts';
import { percent } from '../../report/percent.ts';
import type { WeightsShowJob } from '../../settings/jobs/weights-show.ts';
import type { Everywhere } from '../command-settings.ts';
import { formatTable } from '../table.ts';
import { GRAPH_NODES, LAYERS, TENSORS } from '../table-columns.ts';
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
    ...networkLines(shown),
  ];
  const nodes = (shown.nodes ?? []).map(({ key, type }) => [escapeControls(key), escapeControls(type)]);
  const layers = (shown.layers ?? []).map(layerCells);
  print(
    (layers.length > 0 ? `${formatTable(LAYERS, layers)}\n` : '') +
      (layers.length === 0 && nodes.length > 0 ? `${formatTable(GRAPH_NODES, nodes)}\n` : '') +
      formatTable(TENSORS, shown.tensors.map(cells)) +
      lines.map((line) => `${escapeControls(line)}\n`).join(''),
  );
}

/** Obstacles that are printed; `--json` has all. */
const MOST_OBSTACLES = 50;

function networkLines(shown: WeightsShowOutcome): string[] {
  if (shown.network === 'diehl-cook')
    return ["runs as a network of Diehl & Cook's kind: sparkxd evaluate --weights"];
  if (shown.network === 'layered')
    return [
      `a network of layers with ${shown.classes} outputs`,
      shown.missing === undefined ? 'it says all that a run needs' : `a run needs more: ${shown.missing}`,
      ...(shown.assumed === undefined ? [] : [shown.assumed]),
    ];
  const { obstacles, remedy } = shown;
  const more = obstacles.length > MOST_OBSTACLES ? [`  and ${obstacles.length - MOST_OBSTACLES} more`] : [];
  return [
    ...(obstacles.length === 1
      ? [`does not run as a network: ${obstacles[0]}`]
      : [
          `does not run as a network: ${obstacles.length} obstacles`,
          ...obstacles.slice(0, MOST_OBSTACLES).map((what) => `  - ${what}`),
          ...more,
        ]),
    ...(remedy === undefined ? [] : [`  ${remedy}`]),
    '  as tensors of any model: sparkxd weights damage',
  ];
}

const layerCells = (row: LayerRow): string[] => [
  escapeControls(row.layer),
  row.kind,
  row.shape.join(' x '),
  row.sources.map(escapeControls).join(', '),
  row.weights === undefined ? '' : String(row.weights),
  escapeControls(row.parameters),
];

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
