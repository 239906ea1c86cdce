import { type Markup, markup } from './markup.ts';
import { svg } from './svg.ts';

const CELL = 44;
const MARGIN = 64;

/** Counts of images: [label * classes + prediction]; the last column counts images that no neuron answered. */
export function confusionCounts(labels: Uint8Array, predictions: Uint8Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * (classes + 1));
  for (let i = 0; i < predictions.length; i++)
    counts[labels[i]! * (classes + 1) + Math.min(predictions[i]!, classes)]!++;
  return counts;
}

/** A confusion matrix as SVG: rows are labels, columns what the network said, shades are shares of the row. */
export function confusionSvg(counts: Uint32Array, classes: number, title: string): string {
  const columns = classes + 1;
  const width = MARGIN + columns * CELL + 16;
  const height = MARGIN + classes * CELL + 40;
  const parts: Markup[] = [];
  const text = (x: number, y: number, words: string | number, fill = '#1f2328'): void => {
    parts.push(markup`<text x="${x}" y="${y}" text-anchor="middle" fill="${fill}">${words}</text>`);
  };
  for (let label = 0; label < classes; label++) {
    const row = counts.subarray(label * columns, (label + 1) * columns);
    const total = row.reduce((sum, count) => sum + count, 0);
    const y = MARGIN + label * CELL;
    text(MARGIN - 16, y + CELL / 2 + 4, label);
    row.forEach((count, said) => {
      const x = MARGIN + said * CELL;
      const share = total === 0 ? 0 : count / total;
      const fill = said === label ? '#1a7f37' : '#cf222e';
      parts.push(
        markup`<rect x="${x}" y="${y}" width="${CELL - 1}" height="${CELL - 1}" fill="${fill}" fill-opacity="${share.toFixed(3)}" stroke="#d1d9e0"><title>label ${label}, answer ${said < classes ? said : 'none'}: ${count} of ${total}</title></rect>`,
      );
      if (count > 0) text(x + CELL / 2, y + CELL / 2 + 4, count, share > 0.55 ? '#ffffff' : undefined);
    });
  }
  for (let said = 0; said < columns; said++)
    text(MARGIN + said * CELL + CELL / 2, MARGIN - 10, said < classes ? said : 'none');
  text(MARGIN + (columns * CELL) / 2, MARGIN - 30, 'answer');
  const middle = MARGIN + (classes * CELL) / 2;
  parts.push(
    markup`<text x="20" y="${middle}" text-anchor="middle" transform="rotate(-90 20 ${middle})">label</text>`,
  );
  text(width / 2, height - 14, title);
  return svg(width, height, parts);
}
