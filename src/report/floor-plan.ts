import { escapeMarkup } from './markup.ts';

/** A tile of the floor plan: one subarray of one bank with its share of weak cells. */
export interface FloorPlanTile {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly subarray: number;
  readonly weak: number;
  readonly cells: number;
}

const TILE = { width: 46, height: 12, gap: 6 } as const;
const MARGIN = { left: 60, top: 58, right: 110, bottom: 34 } as const;
/** Sequential scale, dark to light with rising error rate; it reads in grey as well (after viridis). */
const SCALE = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'] as const;
const EMPTY = '#f0f0f0';

/**
 * The chip as a picture: banks side by side, their subarrays from row 0 at the top downwards, coloured by the decimal
 * logarithm of the share of weak cells. SVG, self-contained, with a tooltip a tile.
 */
export function floorPlanSvg(tiles: readonly FloorPlanTile[], title: string): string {
  const columns = distinct(tiles.map(columnOf));
  const subarrays = distinct(tiles.map(({ subarray }) => subarray));
  const several = columns.some((column) => column.channel > 0 || column.rank > 0);
  const shares = tiles.filter(({ weak }) => weak > 0).map(({ weak, cells }) => Math.log10(weak / cells));
  const low = shares.length > 0 ? Math.floor(Math.min(...shares)) : -1;
  const high = shares.length > 0 ? Math.max(low + 1, Math.ceil(Math.max(...shares))) : 0;
  const width = MARGIN.left + columns.length * (TILE.width + TILE.gap) + MARGIN.right;
  const plan = subarrays.length * TILE.height;
  const height = MARGIN.top + Math.max(plan, 120) + MARGIN.bottom;
  const x = (column: number): number => MARGIN.left + column * (TILE.width + TILE.gap);
  const columnIndex = new Map(columns.map((column, i) => [column.key, i]));
  const rowIndex = new Map(subarrays.map((subarray, i) => [subarray, i]));

  const rectangles = tiles.map((tile) => {
    const share = tile.weak / tile.cells;
    const fill = tile.weak === 0 ? EMPTY : colour((Math.log10(share) - low) / (high - low));
    const left = x(columnIndex.get(columnOf(tile).key)!);
    const top = MARGIN.top + rowIndex.get(tile.subarray)! * TILE.height;
    const tip = `bank ${tile.bank}, subarray ${tile.subarray}: ${tile.weak} weak cells, ${share.toExponential(2)}`;
    return `<rect x="${left}" y="${top}" width="${TILE.width}" height="${TILE.height - 1}" fill="${fill}"><title>${tip}</title></rect>`;
  });
  const heads = columns.map(
    ({ channel, rank, bank }, i) =>
      `<text x="${x(i) + TILE.width / 2}" y="${MARGIN.top - 8}" text-anchor="middle">${several ? `${channel}.${rank}.` : ''}${bank}</text>`,
  );
  const step = Math.max(1, Math.ceil(subarrays.length / 16));
  const sides = subarrays
    .map((subarray, i) => ({ subarray, i }))
    .filter(({ i }) => i % step === 0)
    .map(
      ({ subarray, i }) =>
        `<text x="${MARGIN.left - 8}" y="${MARGIN.top + i * TILE.height + 9}" text-anchor="end">${subarray}</text>`,
    );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="10">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="12" y="18" font-size="13">${escapeMarkup(title)}</text>`,
    `<text x="${MARGIN.left}" y="${MARGIN.top - 24}">${several ? 'channel.rank.bank' : 'bank'}</text>`,
    `<text x="12" y="${MARGIN.top - 8}">subarray</text>`,
    ...heads,
    ...sides,
    ...rectangles,
    ...legend(x(columns.length) + 16, low, high),
    '</svg>',
    '',
  ].join('\n');
}

interface PlanColumn {
  readonly key: string;
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
}

const columnOf = ({ channel, rank, bank }: FloorPlanTile): PlanColumn => ({
  key: `${channel}.${rank}.${bank}`,
  channel,
  rank,
  bank,
});

function distinct<T>(values: readonly T[]): T[] {
  const byKey = new Map(
    values.map((value) => [typeof value === 'object' ? JSON.stringify(value) : value, value]),
  );
  return [...byKey.values()];
}

/** Colour of a place on the scale, 0 to 1, between its two neighbours. */
function colour(place: number): string {
  const position = Math.min(1, Math.max(0, place)) * (SCALE.length - 1);
  const left = Math.min(SCALE.length - 2, Math.floor(position));
  const share = position - left;
  const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) =>
    Math.round(channel(SCALE[left]!, at) * (1 - share) + channel(SCALE[left + 1]!, at) * share)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${mixed.join('')}`;
}

function legend(left: number, low: number, high: number): string[] {
  const steps = 40;
  const lines = [`<text x="${left}" y="${MARGIN.top - 8}">weak share</text>`];
  for (let i = 0; i < steps; i++)
    lines.push(
      `<rect x="${left}" y="${MARGIN.top + i * 2.5}" width="12" height="2.6" fill="${colour(1 - i / (steps - 1))}"/>`,
    );
  for (let power = low; power <= high; power++) {
    const y = MARGIN.top + ((high - power) / (high - low)) * 100;
    lines.push(`<text x="${left + 18}" y="${y + 4}">1e${power}</text>`);
  }
  lines.push(
    `<rect x="${left}" y="${MARGIN.top + 108}" width="12" height="10" fill="${EMPTY}" stroke="#bbb"/>`,
    `<text x="${left + 18}" y="${MARGIN.top + 117}">none</text>`,
  );
  return lines;
}
