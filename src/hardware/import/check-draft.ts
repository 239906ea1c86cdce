import type { Draft, DraftNumber } from './draft.ts';
import type { FileValue } from './file-values.ts';
import { nameParts } from './name-parts.ts';

/** A rate in a name is rounded: 2133, 1866. */
const SAME_RATE = 0.005;

/**
 * Holds the draft against what the names of the part and of the file say: capacity, transfers a second, data pins. Adds a
 * finding for each contradiction; the file's numbers are kept.
 */
export function checkNames(draft: Draft, id: FileValue | undefined): void {
  const { organisation, clock, findings, file } = draft;
  const number = (value: DraftNumber | undefined): number => Number.parseFloat(value?.text ?? '');
  const at = (value: DraftNumber | undefined) => {
    const place = value?.from[0]?.place ?? id?.place;
    return place === undefined ? {} : { place };
  };
  const name = nameParts(id?.text ?? file);
  const contradict = (what: string, value: DraftNumber | undefined): void => {
    findings.push({ kind: 'contradictory', what: `${name.stem}: ${what}`, ...at(value) });
  };
  const width = number(organisation.device_width);
  if (name.width !== undefined && width > 0 && name.width !== width)
    contradict(`the name says x${name.width}, the file ${width} data pins`, organisation.device_width);

  const counts = ['bank_groups', 'banks_per_group', 'rows', 'columns', 'device_width'] as const;
  const megabits = counts.reduce((bits, key) => bits * number(organisation[key]), 1) / 2 ** 20;
  if (name.megabits !== undefined && megabits > 0 && megabits !== name.megabits)
    contradict(
      `the name says ${name.megabits} Mb, but banks x rows x columns x width are ${megabits} Mb`,
      organisation.rows,
    );

  const rate = number(clock) * number(organisation.data_rate);
  if (name.rate === undefined || !(rate > 0)) return;
  const said = `${Number(rate.toPrecision(6))} million transfers a second`;
  if (Math.abs(rate / name.rate - 1) > SAME_RATE)
    contradict(`the name says ${name.rate}, but the clock and the data rate give ${said}`, clock);
  else if (Math.abs(rate / name.rate - 1) > 1e-4)
    findings.push({
      kind: 'doubtful',
      what: `the clock period is rounded: ${said}, not ${name.rate}; cycles are kept, times follow the clock`,
      ...at(clock),
    });
}

/** Times of a fraction of a cycle, which no command can keep to: each is doubtful, and is rounded when the device is loaded. */
export function noteFractionsOfCycles({ timing, standard, findings }: Draft): void {
  for (const [name, { text, from }] of Object.entries(timing)) {
    const cycles = /^(\S+) tCK$/.exec(text)?.[1];
    if (cycles === undefined || Number.isInteger(Number(cycles))) continue;
    const place = from[0]?.place;
    findings.push({
      kind: 'doubtful',
      what: `${name} ${text} is no whole number of cycles: rounded ${standard.roundedDown.includes(name) ? 'down' : 'up'} where it is used`,
      ...(place === undefined ? {} : { place }),
    });
  }
}

/** Power-down currents above their standby current: the device file must say why, so the note does. */
export function noteUnusualCurrents(draft: Draft): void {
  for (const { name, currents } of draft.rails)
    for (const [lower, higher] of [
      ['IDD2P0', 'IDD2N'],
      ['IDD2P1', 'IDD2N'],
      ['IDD3P0', 'IDD3N'],
      ['IDD3P1', 'IDD3N'],
    ] as const) {
      const [low, high] = [currents[lower], currents[higher]];
      if (low === undefined || high === undefined) continue;
      if (Number.parseFloat(low.text) <= Number.parseFloat(high.text)) continue;
      const what = `larger than ${higher} ${high.text}: power-down draws more than standby`;
      currents[lower] = { ...low, note: [low.note, what].filter(Boolean).join('; ') };
      const place = low.from[0]?.place;
      draft.findings.push({
        kind: 'contradictory',
        what: `${lower} ${low.text} of ${name} is ${what}`,
        ...(place === undefined ? {} : { place }),
      });
    }
}
