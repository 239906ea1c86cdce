import { useCallback } from 'preact/hooks';
import type { CellsView } from '../messages.ts';
import { Canvas } from './canvas.tsx';
import { whole } from './format.ts';
import { coloursOf, useDark } from './theme.ts';

const WIDTH = 1024;
const MOST_ROWS = 512;

/** Every weak cell under the weights: a line a DRAM row in the order of the weights, a column some bits of the row. */
export function WeakCells({ cells }: { readonly cells: CellsView }) {
  const colours = coloursOf(useDark());
  const rows = cells.rows.length / 4;
  const rowsPerLine = Math.ceil(rows / MOST_ROWS);
  const lines = Math.max(1, Math.ceil(rows / rowsPerLine));
  // Few rows are drawn as several lines each, so that the picture is seen.
  const tall = Math.max(1, Math.floor(240 / lines));
  const bitsPerColumn = cells.rowBits / WIDTH;
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      context.fillStyle = colours.empty;
      context.fillRect(0, 0, WIDTH, lines * tall);
      context.fillStyle = colours.mark;
      for (let i = 0; i < cells.row.length; i++)
        context.fillRect(
          Math.floor(cells.bit[i]! / bitsPerColumn),
          Math.floor(cells.row[i]! / rowsPerLine) * tall,
          1.5,
          tall,
        );
    },
    [cells, colours.mark],
  );
  const says = useCallback(
    (_: number, y: number) => {
      const first = Math.min(rows - 1, Math.floor(y / tall) * rowsPerLine);
      const [channel, rank, bank, row] = cells.rows.subarray(4 * first, 4 * first + 4);
      const count = cells.row.reduce((sum, of) => sum + (of >= first && of < first + rowsPerLine ? 1 : 0), 0);
      return `channel ${channel}, rank ${rank}, bank ${bank}, row ${row}${rowsPerLine > 1 ? ' and on' : ''}: ${count} weak cells`;
    },
    [cells],
  );
  const label = `${whole(cells.row.length)} weak cells in the ${whole(rows)} DRAM rows that hold weights.`;
  return <Canvas class="wide" label={label} width={WIDTH} height={lines * tall} draw={draw} says={says} />;
}
