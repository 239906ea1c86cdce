import { type Markup, markup } from './markup.ts';

/** A command as a controller issued it; `bank` is flat in its rank, -1 for a command to the rank. */
export interface TimedCommand {
  readonly cycle: number;
  readonly command: string;
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
}

const LANE = 22;
const MARGIN = { left: 62, top: 44, right: 20, bottom: 34 } as const;

/** Colour and shape of a kind of command; what a kind does not name is drawn as `other`. */
const KINDS = {
  ACT: { colour: '#1a7f37', words: 'ACT opens a row' },
  PRE: { colour: '#bc4c00', words: 'PRE closes it' },
  RD: { colour: '#0969da', words: 'RD reads a burst' },
  WR: { colour: '#8250df', words: 'WR writes a burst' },
  REF: { colour: '#6e7781', words: 'REF refreshes' },
  other: { colour: '#cf222e', words: 'other commands' },
} as const;
type Kind = keyof typeof KINDS;

function kindOf(command: string): Kind {
  const [kind] = Object.keys(KINDS).filter((name) => command.startsWith(name));
  return (kind as Kind | undefined) ?? 'other';
}

interface TimelineLook {
  readonly title: string;
  readonly cycles: number;
  readonly clock: number;
  /** Of the picture, pixels. */
  readonly width: number;
}

/**
 * Commands over time, a lane a bank: bursts as fine strokes, activations and precharges as marks with a tooltip,
 * commands to a whole rank across its lanes. `cycles` is the length of the axis, so that pictures of several supplies
 * compare; `clock` in MHz turns cycles into ns. SVG, self-contained.
 */
export function commandTimelineSvg(
  commands: readonly TimedCommand[],
  { title, cycles, clock, width }: TimelineLook,
): Markup {
  const lanes = lanesOf(commands);
  const several = lanes.some(({ channel, rank }) => channel > 0 || rank > 0);
  const plan = lanes.length * LANE;
  const height = MARGIN.top + plan + MARGIN.bottom;
  const x = (cycle: number): number =>
    Math.round((MARGIN.left + (cycle / cycles) * (width - MARGIN.left - MARGIN.right)) * 10) / 10;
  const laneAt = new Map(lanes.map((lane, i) => [laneKey(lane), MARGIN.top + i * LANE]));

  const strokes = new Map<Kind, string[]>();
  const marks: Markup[] = [];
  for (const command of commands) {
    const kind = kindOf(command.command);
    const left = x(command.cycle);
    if (command.bank < 0) {
      marks.push(rankMark(command, lanes, laneAt, left, kind));
      continue;
    }
    const top = laneAt.get(laneKey(command))!;
    if (kind === 'RD' || kind === 'WR') {
      const path = strokes.get(kind) ?? [];
      path.push(`M${left} ${top + 7}v8`);
      strokes.set(kind, path);
    } else marks.push(bankMark(command, left, top, kind));
  }
  const seen = new Set(commands.map(({ command }) => kindOf(command)));
  const counts = [...seen].map(
    (kind) => `${commands.filter((one) => kindOf(one.command) === kind).length} ${kind}`,
  );
  const description = `${commands.length} commands by bank over ${Math.round(cycles)} cycles: ${counts.join(', ')}.`;
  const parts = [
    ...legend(seen, width),
    ...lanes.map((lane, i) => {
      const top = MARGIN.top + i * LANE;
      const name = several ? `${lane.channel}.${lane.rank}.${lane.bank}` : `bank ${lane.bank}`;
      return markup`<path d="M${MARGIN.left} ${top + 11}H${width - MARGIN.right}" stroke="#eaeef2"/><text x="${MARGIN.left - 8}" y="${top + 15}" text-anchor="end">${name}</text>`;
    }),
    ...axis(cycles, clock, MARGIN.top + plan, x, width),
    ...[...strokes].map(
      ([kind, path]) =>
        markup`<path d="${path.join('')}" stroke="${KINDS[kind].colour}" stroke-width="${width < 1000 ? 0.4 : 1}"/>`,
    ),
    ...marks,
  ];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="#1f2328" role="img">
<title>${title}</title>
<desc>${description}</desc>
<rect width="${width}" height="${height}" fill="white"/>
<text x="12" y="18" font-size="13">${title}</text>
${parts}
</svg>
`;
}

type Lane = Pick<TimedCommand, 'channel' | 'rank' | 'bank'>;
const laneKey = ({ channel, rank, bank }: Lane): string => `${channel}.${rank}.${bank}`;

/** The banks that commands went to, in order. */
function lanesOf(commands: readonly TimedCommand[]): Lane[] {
  const found = new Map<string, Lane>();
  for (const command of commands) if (command.bank >= 0) found.set(laneKey(command), command);
  return [...found.values()].sort((a, b) => a.channel - b.channel || a.rank - b.rank || a.bank - b.bank);
}

/** ACT points down into the lane, PRE up; others are squares. */
function bankMark({ cycle, command, row }: TimedCommand, left: number, top: number, kind: Kind): Markup {
  const shapes: Partial<Record<Kind, string>> = {
    ACT: `M${left - 4} ${top + 1}h8l-4 7z`,
    PRE: `M${left - 4} ${top + 21}h8l-4 -7z`,
  };
  const shape = shapes[kind] ?? `M${left - 3} ${top + 8}h6v6h-6z`;
  const where = kind === 'ACT' ? `, row ${row}` : '';
  return markup`<path d="${shape}" fill="${KINDS[kind].colour}"><title>cycle ${cycle}: ${command}${where}</title></path>`;
}

function rankMark(
  { cycle, command, channel, rank }: TimedCommand,
  lanes: readonly Lane[],
  laneAt: ReadonlyMap<string, number>,
  left: number,
  kind: Kind,
): Markup {
  const own = lanes.filter((lane) => lane.channel === channel && lane.rank === rank);
  const tops = own.map((lane) => laneAt.get(laneKey(lane))!);
  // A rank whose banks the window never names has no lane; its commands stand above all.
  const top = tops.length > 0 ? Math.min(...tops) : MARGIN.top - 6;
  const bottom = tops.length > 0 ? Math.max(...tops) + LANE : MARGIN.top;
  return markup`<path d="M${left} ${top}V${bottom}" stroke="${KINDS[kind].colour}" stroke-width="3"><title>cycle ${cycle}: ${command}, rank ${rank}</title></path>`;
}

function legend(seen: ReadonlySet<Kind>, width: number): Markup[] {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => seen.has(kind));
  return kinds.map((kind, i) => {
    const left = MARGIN.left + i * Math.min(130, (width - MARGIN.left) / kinds.length);
    return markup`<rect x="${left}" y="27" width="9" height="9" fill="${KINDS[kind].colour}"/><text x="${left + 14}" y="36">${KINDS[kind].words}</text>`;
  });
}

function axis(
  cycles: number,
  clock: number,
  top: number,
  x: (cycle: number) => number,
  width: number,
): Markup[] {
  const rough = cycles / Math.min(12, width / 80);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const ticks: Markup[] = [];
  for (let cycle = 0; cycle <= cycles; cycle += step)
    ticks.push(
      markup`<path d="M${x(cycle)} ${top}v5" stroke="#59636e"/><text x="${x(cycle)}" y="${top + 17}" text-anchor="middle">${cycle}</text>`,
      markup`<text x="${x(cycle)}" y="${top + 29}" text-anchor="middle" fill="#59636e">${Math.round((cycle * 1000) / clock)} ns</text>`,
    );
  return [markup`<text x="12" y="${top + 17}">cycle</text>`, ...ticks];
}
