import { useState } from 'preact/hooks';
import type { TraceView } from '../messages.ts';
import { percent, significant, time, whole } from './format.ts';

/** What a trace does in the chosen device, and its first commands one by one. */
export function ControllerAtWork({ trace }: { readonly trace: TraceView }) {
  const { cells, steps, format, saving, command } = trace;
  const [at, setAt] = useState(0);
  const step = steps[at];
  const banks = [...new Set(steps.map(bankOf))].sort();
  return (
    <>
      <p>
        Format {format}: {whole(cells.accesses)} accesses, {whole(cells.cycles)} cycles ({time(cells.time_ns)}
        ), {whole(cells.row_hits)} row hits, {whole(cells.row_misses)} misses, {whole(cells.row_conflicts)}{' '}
        conflicts; {significant(cells.energy_per_access_pJ)} pJ per access, {percent(saving)} less than at
        nominal supply.
      </p>
      <pre>
        <code>{command}</code>
      </pre>
      {step && (
        <fieldset class="steps">
          <legend>The controller at work</legend>
          <div class="buttons">
            <button type="button" disabled={at === 0} onClick={() => setAt(at - 1)}>
              Back
            </button>
            <label>
              Command {at + 1} of {steps.length}
              <input
                type="range"
                min={0}
                max={steps.length - 1}
                value={at}
                onInput={({ currentTarget }) => setAt(Number(currentTarget.value))}
              />
            </label>
            <button type="button" disabled={at === steps.length - 1} onClick={() => setAt(at + 1)}>
              Next
            </button>
          </div>
          <p aria-live="polite">
            Cycle {whole(step.cycle)}: <strong>{step.command}</strong> to{' '}
            {step.bank < 0 ? 'the whole rank' : `bank ${bankOf(step)}`}
            {step.bank >= 0 && `, row ${step.row}`}.{' '}
            {step.waitedFor
              ? `It waited for ${step.waitedFor.constraint} (${step.waitedFor.latency} cycles) since ${step.waitedFor.since}.`
              : 'No timing constraint held it back.'}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section class="scroll" tabIndex={0} aria-label="Commands by bank">
            <table class="banks">
              <thead>
                <tr>
                  <th scope="col">cycle</th>
                  {banks.map((bank) => (
                    <th key={bank} scope="col">
                      {bank === RANK ? 'rank' : `bank ${bank}`}
                    </th>
                  ))}
                  <th scope="col">waited for</th>
                </tr>
              </thead>
              <tbody>
                {steps.slice(Math.max(0, at - BEFORE), at + 1).map((one, i) => (
                  <tr key={`${one.cycle} ${bankOf(one)} ${i}`} class={one === step ? 'changed' : ''}>
                    <th scope="row">{one.cycle}</th>
                    {banks.map((bank) => (
                      <td key={bank}>
                        {bankOf(one) === bank ? `${one.command}${one.bank >= 0 ? ` ${one.row}` : ''}` : ''}
                      </td>
                    ))}
                    <td>{one.waitedFor?.constraint ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </fieldset>
      )}
    </>
  );
}

/** Commands shown before the current one. */
const BEFORE = 11;
const RANK = '–';

const bankOf = ({ channel, rank, bank }: TraceView['steps'][number]): string =>
  bank < 0 ? RANK : channel > 0 || rank > 0 ? `${channel}.${rank}.${bank}` : String(bank).padStart(2, ' ');
