import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { writeAddress } from './address.ts';
import { accuracyChart, berChart, energyChart } from './charts.ts';
import { Command } from './command.tsx';
import { ControllerAtWork } from './controller-at-work.tsx';
import { Choosers, SupplySlider } from './controls.tsx';
import { OwnFiles } from './drop.tsx';
import { Figures, Spoken } from './figures.tsx';
import { FloorPlan } from './floor-plan.tsx';
import { percent, rate, significant, whole } from './format.ts';
import type { Model, State } from './model.ts';
import { ReceptiveFields } from './receptive-fields.tsx';
import { AllNumbers, Latencies } from './tables.tsx';
import { coloursOf, useDark } from './theme.ts';
import { VegaChart } from './vega-chart.tsx';
import { WeakCells } from './weak-cells.tsx';

interface CardProps {
  readonly title: string;
  readonly caption?: string | undefined;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

function Card({ title, caption, wide = false, children }: CardProps) {
  return (
    <section class={wide ? 'card wide' : 'card'}>
      <h2>{title}</h2>
      {children}
      {caption !== undefined && <p class="caption">{caption}</p>}
    </section>
  );
}

interface StudioProps {
  readonly model: Model;
  /** Address of the documentation, where it lies beside the page. */
  readonly documentation: string | undefined;
}

/** The whole page. */
export function Studio({ model, documentation }: StudioProps) {
  const [state, setState] = useState<State>();
  useEffect(() => model.subscribe(setState), [model]);
  if (state === undefined) return null;
  const { message, waits, took } = state;
  return (
    <div
      class="studio"
      data-state={waits ? 'working' : 'settled'}
      data-settings={state.view && writeAddress(state.view.texts)}
      data-took={took}
      data-first-accuracy={state.firstAccuracy}
    >
      <header>
        <h1>sparkxd studio</h1>
        <p>
          Spiking-neural-network inference from reduced-voltage DRAM. The simulator runs in this page; nothing
          leaves your machine.
        </p>
        {documentation !== undefined && (
          <nav>
            <a href={documentation}>Documentation</a>
          </nav>
        )}
      </header>
      <aside aria-label="Settings">
        <SupplySlider state={state} model={model} />
        <Choosers state={state} model={model} />
        <OwnFiles state={state} model={model} />
      </aside>
      <main aria-busy={waits}>
        {message !== undefined && (
          <div class="message" role="alert">
            <pre>{message}</pre>
          </div>
        )}
        <Spoken state={state} />
        {state.view === undefined && message === undefined && <p>The simulator is being loaded.</p>}
        <div class={message === undefined ? 'results' : 'results stale'}>
          <Results state={state} />
        </div>
      </main>
    </div>
  );
}

function Results({ state }: { readonly state: State }) {
  const { view, curve, cells, fields, accuracy, visited } = state;
  const colours = coloursOf(useDark());
  const energy = useMemo(() => view && energyChart(view, curve, colours), [view, curve, colours.ink]);
  const errors = useMemo(() => view && berChart(view, curve, colours), [view, curve, colours.ink]);
  const clean = accuracy?.clean.accuracy;
  const accuracies = useMemo(
    () => view && accuracyChart(view, visited, clean, colours),
    [view, visited, clean, colours.ink],
  );
  if (view === undefined || energy === undefined || errors === undefined || accuracies === undefined)
    return null;
  const { before, savings } = view.cells;
  const traces = state.dropped.flatMap(({ name, file }) =>
    'trace' in file ? [{ name, trace: file.trace }] : [],
  );
  return (
    <>
      <Figures state={state} />
      <div class="cards">
        <Card
          title="Energy per access"
          caption="By term, over the supplies of the device; the red line is the chosen one."
        >
          <VegaChart
            chart={energy}
            label={`Energy per access by term against supply. At ${view.supply} V: ${significant(before.energy_per_access_pJ)} pJ, ${percent(savings.energy_saving_vs_nominal)} less than at nominal supply.`}
          />
        </Card>
        <Card
          title="Accuracy"
          caption={`At the supplies that you looked at, with 95 % intervals over the images. Solid: clean weights; dashed: ${percent(view.bound, 0)} below them.`}
        >
          <VegaChart
            chart={accuracies}
            label={`Accuracy at the supplies looked at: ${visited.map(({ supply, accuracy: share }) => `${supply} V ${percent(share)}`).join(', ')}.`}
          />
        </Card>
        <Card
          title="Bit errors"
          caption={`Expected rates; supplies without errors have no point. Dotted: the rate up to which a subarray is safe, ${rate(view.berLimit)}.`}
        >
          <VegaChart
            chart={errors}
            label={`Expected bit error rate against supply: ${rate(before.ber_placed)} where the weights lie, ${rate(before.ber_chip)} over the chip at ${view.supply} V.`}
          />
        </Card>
        <Card title="Latencies">
          <Latencies latencies={view.latencies} clock={view.clock} />
        </Card>
        <Card
          title="Floor plan of the chip"
          caption={`Expected bit error rate of each subarray. Subarrays that hold weights: ${whole(view.use.used)}; above the limit of these: ${whole(view.use.aboveLimit)}; safe on the chip: ${whole(view.use.safe)} of ${whole(view.plan.ber.length)}.`}
        >
          <FloorPlan plan={view.plan} />
        </Card>
        <Card
          title="Receptive fields"
          caption={
            fields &&
            `What neurons have learnt of the images, ${fields.shown === fields.neurons ? 'all' : `the first ${fields.shown}`} of ${fields.neurons}; ${whole(fields.changed)} of ${whole(fields.weights)} weights are not as they were trained.`
          }
        >
          {fields && <ReceptiveFields fields={fields} />}
        </Card>
        <Card
          title="Weak cells under the weights"
          wide
          caption={
            cells &&
            `${cells.row.length === 0 ? 'No weak cell' : cells.row.length === 1 ? '1 weak cell' : `${whole(cells.row.length)} weak cells`} in ${whole(cells.rows.length / 4)} DRAM rows, one above the other in the order of the weights; from left to right the ${whole(cells.rowBits)} bits of a row.`
          }
        >
          {cells && cells.row.length > 0 && <WeakCells cells={cells} />}
        </Card>
        {traces.map(({ name, trace }) => (
          <Card key={name} title={`Access trace ${name}`} wide>
            <ControllerAtWork trace={trace} />
          </Card>
        ))}
        <Card title="The same numbers in a terminal" wide>
          <Command command={view.command} chip={before.chip} />
          {view.remarks.length > 0 && (
            <ul class="remarks">
              {view.remarks.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
          <AllNumbers row={accuracy?.row} />
        </Card>
      </div>
    </>
  );
}
