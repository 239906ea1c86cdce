import { type Markup, markup, markupText } from './markup.ts';

/** Where a tile of the floor plan lies: one subarray of one bank. */
interface Place {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly subarray: number;
}

/** A tile with its weak cells counted. */
export interface FloorPlanTile extends Place {
  readonly weak: number;
  readonly cells: number;
}

/** A tile with its bit error rate and the bytes of weights that lie in it. */
export interface PlacedTile extends Place {
  readonly ber: number;
  readonly placedBytes: number;
}

/** What is drawn: a share for the colour, a text for the tooltip, and an outline where weights lie. */
interface Tile extends Place {
  readonly share: number;
  readonly says: string;
  readonly placed: boolean;
}

/** Widest tile, and the width that all of them share: with margins the page of a paper (516 points). */
const TILE = { widest: 46, gap: 6 } as const;
const TILES = 516;
/** Pixels of a letter of a column's name. */
const HEAD = 7;
/** Heights of a tile: low where a bank has so many subarrays that the plan would not fit a screen. */
const TALL = 12;
const LOW = 6;
const MANY_SUBARRAYS = 64;
const MARGIN = { left: 60, top: 58, right: 110, bottom: 34 } as const;
/** Sequential scale, dark to light with rising error rate; it reads in grey as well (after viridis). */
const SCALE = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'] as const;
const EMPTY = '#f0f0f0';

/**
 * The chip as a picture: banks side by side, their subarrays from row 0 at the top downwards, coloured by the decimal
 * logarithm of the share of weak cells. SVG, self-contained, with a tooltip a tile.
 */
export function floorPlanSvg(counted: readonly FloorPlanTile[], title: string): string {
  const tiles = counted.map(({ weak, cells, ...place }): Tile => {
    const share = weak / cells;
    return { ...place, share, says: `${weak} weak cells, ${share.toExponential(2)}`, placed: false };
  });
  const description = 'Subarrays by bank, coloured by their share of weak cells.';
  return markupText(drawPlan(tiles, { title, description, scale: 'weak share' }));
}

/** The same by bit error rate, with an outline around the subarrays where weights lie. */
export function placementPlanSvg(placed: readonly PlacedTile[], title: string): Markup {
  const tiles = placed.map(({ ber, placedBytes, ...place }): Tile => {
    const holds = placedBytes > 0 ? `; holds ${placedBytes.toLocaleString('en')} bytes of weights` : '';
    const says = `bit error rate ${ber === 0 ? 0 : ber.toExponential(2)}${holds}`;
    return { ...place, share: ber, says, placed: placedBytes > 0 };
  });
  const outlined = tiles.filter((tile) => tile.placed).length;
  const description = `Subarrays by bank, coloured by their bit error rate; the ${outlined} outlined of ${tiles.length} hold weights.`;
  return drawPlan(tiles, { title, description, scale: 'bit error rate' });
}

function drawPlan(
  tiles: readonly Tile[],
  { title, description, scale }: Readonly<Record<'title' | 'description' | 'scale', string>>,
): Markup {
  const columns = distinct(tiles.map(columnOf));
  const subarrays = distinct(tiles.map(({ subarray }) => subarray));
  const several = columns.some((column) => column.channel > 0 || column.rank > 0);
  const shares = tiles.filter(({ share }) => share > 0).map(({ share }) => Math.log10(share));
  const low = shares.length > 0 ? Math.floor(Math.min(...shares)) : -1;
  const high = shares.length > 0 ? Math.max(low + 1, Math.ceil(Math.max(...shares))) : 0;
  const gap = columns.length > 16 ? 1 : TILE.gap;
  const tileWidth = Math.max(4, Math.min(TILE.widest, Math.floor(TILES / columns.length) - gap));
  const width = MARGIN.left + columns.length * (tileWidth + gap) + MARGIN.right;
  const tall = subarrays.length > MANY_SUBARRAYS ? LOW : TALL;
  const plan = subarrays.length * tall;
  const height = MARGIN.top + Math.max(plan, 120) + MARGIN.bottom;
  const x = (column: number): number => MARGIN.left + column * (tileWidth + gap);
  const columnIndex = new Map(columns.map((column, i) => [column.key, i]));
  const rowIndex = new Map(subarrays.map((subarray, i) => [subarray, i]));

  const rectangles = tiles.map((tile) => {
    const { share } = tile;
    const fill = share === 0 ? EMPTY : colour((Math.log10(share) - low) / (high - low));
    const left = x(columnIndex.get(columnOf(tile).key)!);
    const top = MARGIN.top + rowIndex.get(tile.subarray)! * tall;
    const tip = `bank ${tile.bank}, subarray ${tile.subarray}: ${tile.says}`;
    return markup`<rect x="${left}" y="${top}" width="${tileWidth}" height="${tall - 1}" fill="${fill}"><title>${tip}</title></rect>`;
  });
  // Above all tiles, so that no neighbour covers a line; a dark line in a light one shows on every colour.
  const outlines = tiles
    .filter(({ placed }) => placed)
    .map((tile) => {
      const left = x(columnIndex.get(columnOf(tile).key)!);
      const top = MARGIN.top + rowIndex.get(tile.subarray)! * tall;
      const box = (stroke: string, width: number): Markup =>
        markup`<rect x="${left + 1}" y="${top + 1}" width="${tileWidth - 2}" height="${tall - 3}" fill="none" pointer-events="none" stroke="${stroke}" stroke-width="${width}"/>`;
      return markup`${box('#ffffff', 3.4)}${box('#d4145a', 2)}`;
    });
  // As many names of columns as stand beside each other.
  const nth = Math.ceil((several ? 6 * HEAD : 3 * HEAD) / (tileWidth + gap));
  const heads = columns
    .map(({ channel, rank, bank }, i) => ({ i, name: `${several ? `${channel}.${rank}.` : ''}${bank}` }))
    .filter(({ i }) => i % nth === 0)
    .map(
      ({ i, name }) =>
        markup`<text x="${x(i) + tileWidth / 2}" y="${MARGIN.top - 8}" text-anchor="middle">${name}</text>`,
    );
  const step = Math.max(1, Math.ceil(subarrays.length / 16));
  const sides = subarrays
    .map((subarray, i) => ({ subarray, i }))
    .filter(({ i }) => i % step === 0)
    .map(
      ({ subarray, i }) =>
        markup`<text x="${MARGIN.left - 8}" y="${MARGIN.top + i * tall + 9}" text-anchor="end">${subarray}</text>`,
    );
  const parts = [
    ...heads,
    ...sides,
    ...rectangles,
    ...outlines,
    ...legend(x(columns.length) + 16, low, high, scale),
  ];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="10" role="img">
<title>${title}</title>
<desc>${description}</desc>
<rect width="${width}" height="${height}" fill="white"/>
<text x="12" y="18" font-size="13">${title}</text>
<text x="${MARGIN.left}" y="${MARGIN.top - 24}">${several ? 'channel.rank.bank' : 'bank'}</text>
<text x="12" y="${MARGIN.top - 8}">subarray</text>
${parts}
</svg>
`;
}

interface PlanColumn {
  readonly key: string;
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
}

const columnOf = ({ channel, rank, bank }: Place): PlanColumn => ({
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

function legend(left: number, low: number, high: number, scale: string): Markup[] {
  const steps = 40;
  const lines = [markup`<text x="${left}" y="${MARGIN.top - 8}">${scale}</text>`];
  for (let i = 0; i < steps; i++)
    lines.push(
      markup`<rect x="${left}" y="${MARGIN.top + i * 2.5}" width="12" height="2.6" fill="${colour(1 - i / (steps - 1))}"/>`,
    );
  for (let power = low; power <= high; power++) {
    const y = MARGIN.top + ((high - power) / (high - low)) * 100;
    lines.push(markup`<text x="${left + 18}" y="${y + 4}">1e${power}</text>`);
  }
  lines.push(
    markup`<rect x="${left}" y="${MARGIN.top + 108}" width="12" height="10" fill="${EMPTY}" stroke="#bbb"/>`,
    markup`<text x="${left + 18}" y="${MARGIN.top + 117}">none</text>`,
  );
  return lines;
}
