// The tables that run.mjs prints, in Markdown.

const thousands = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');

/** Ours against a peer's, in % with two decimals; `-` where there is no number to compare with. */
export function difference(ours, theirs) {
  if (ours === undefined || theirs === undefined) return '-';
  if (theirs === 0) return ours === 0 ? '+0.00 %' : 'not 0';
  const percent = (ours / theirs - 1) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(2)} %`;
}

const line = (cells) => `| ${cells.join(' | ')} |\n`;
const table = (titles, rows) => [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('');

/**
 * @param peers names of the columns
 * @param rows {stream, machine, ours?, theirs: Map of peer to {cycles, resolution?}}, cycles
 */
export function cyclesTable(peers, rows) {
  return table(
    ['stream', 'machine', 'sparkxd', ...peers.flatMap((peer) => [peer, 'difference'])],
    rows.map(({ stream, machine, ours, theirs }) => [
      stream,
      machine,
      ours === undefined ? '-' : thousands(ours),
      ...peers.flatMap((peer) => {
        const found = theirs.get(peer);
        if (!found) return ['-', '-'];
        // The end of an epoch is no exact number of cycles.
        const least = found.resolution ? ` (less up to ${found.resolution})` : '';
        return [`${thousands(found.cycles)}${least}`, difference(ours, found.cycles)];
      }),
    ]),
  );
}

/** @param rows {stream, die, term, ours, theirs}, energies in pJ */
export function energyTable(rows) {
  const nJ = (energy) => (energy / 1000).toFixed(3);
  return table(
    ['stream', 'die', 'term', 'DRAMPower nJ', 'sparkxd nJ', 'difference'],
    rows.map(({ stream, die, term, ours, theirs }) => [
      stream,
      die,
      term,
      nJ(theirs),
      nJ(ours),
      difference(ours, theirs),
    ]),
  );
}
