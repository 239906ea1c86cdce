import type { RunRow } from '../../results/tables.ts';
import type { Latency } from '../messages.ts';
import { significant } from './format.ts';

/** Latencies that are shown where no supply changes them. */
const ALWAYS = ['tRCD', 'tRP', 'tRAS', 'tRC', 'CL', 'RL'];

/** Latencies at nominal supply and at the chosen one. */
export function Latencies({
  latencies,
  clock,
}: {
  readonly latencies: readonly Latency[];
  readonly clock: number;
}) {
  const shown = latencies.filter(
    ({ name, cycles, nominalCycles }) => cycles !== nominalCycles || ALWAYS.includes(name),
  );
  return (
    <table class="latencies">
      <caption>
        One cycle is {significant(1000 / clock)} ns ({significant(clock)} MHz).
      </caption>
      <thead>
        <tr>
          <th scope="col">parameter</th>
          <th scope="col">at nominal supply</th>
          <th scope="col">now</th>
          <th scope="col">longer by</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ name, nominalCycles, cycles, nominalNs, ns }) => (
          <tr key={name} class={cycles === nominalCycles ? '' : 'changed'}>
            <th scope="row">{name}</th>
            <td>
              {nominalCycles} cycles, {significant(nominalNs)} ns
            </td>
            <td>
              {cycles} cycles, {significant(ns)} ns
            </td>
            <td>{cycles === nominalCycles ? '–' : `${cycles - nominalCycles} cycles`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every number of the point, as `results.csv` has it. */
export function AllNumbers({ row }: { readonly row: RunRow | undefined }) {
  return (
    <details class="numbers">
      <summary>All numbers of this point, as results.csv has them</summary>
      {row === undefined ? (
        <p>They are here once all images were shown.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section class="scroll" aria-label="All numbers" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">column</th>
                <th scope="col">value</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(row).map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td data-column={name}>{value === undefined ? '' : String(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
