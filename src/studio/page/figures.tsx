import type { ComponentChildren } from 'preact';
import { percent, rate, significant, time, whole } from './format.ts';
import type { State } from './model.ts';

interface FigureProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly note: string;
  readonly tone?: 'good' | 'bad' | undefined;
}

const Figure = ({ title, children, note, tone }: FigureProps) => (
  <div class={`figure ${tone ?? ''}`}>
    <dt>{title}</dt>
    <dd>
      <strong>{children}</strong>
      <span>{note}</span>
    </dd>
  </div>
);

/** The figures that decide. */
export function Figures({ state }: { readonly state: State }) {
  const { view, accuracy } = state;
  if (view === undefined) return null;
  const { before, savings } = view.cells;
  const within = accuracy && accuracy.read.accuracy >= accuracy.clean.accuracy - view.bound;
  return (
    <dl class="figures">
      <Figure
        title="Accuracy"
        tone={within === undefined ? undefined : within ? 'good' : 'bad'}
        note={
          accuracy === undefined
            ? 'images are being shown'
            : `${percent(accuracy.read.low)} to ${percent(accuracy.read.high)}; clean ${percent(accuracy.clean.accuracy)}; ${whole(accuracy.read.images)} of ${whole(accuracy.images)} images`
        }
      >
        {accuracy === undefined ? '…' : percent(accuracy.read.accuracy)}
      </Figure>
      <Figure
        title="Energy per access"
        note={`saves ${percent(savings.energy_saving_vs_nominal)} against accurate DRAM at nominal supply`}
      >
        {significant(before.energy_per_access_pJ)} pJ
      </Figure>
      <Figure
        title="Energy per inference"
        note={`saves ${percent(savings.inference_energy_saving_vs_nominal)}; ${whole(before.accesses / before.inferences)} accesses`}
      >
        {significant(savings.dram_energy_per_inference_nJ / 1e3)} µJ
      </Figure>
      <Figure
        title="Bit error rate"
        note={`expected where the weights lie; ${rate(before.ber_chip)} over the chip; ${whole(before.flipped_bits)} of ${whole(view.bits)} bits read wrong`}
      >
        {rate(before.ber_placed)}
      </Figure>
      <Figure
        title="Memory time per inference"
        note={`${significant(before.bandwidth_GBps, 3)} GB/s; a read takes ${significant(before.read_latency_mean_ns ?? 0, 4)} ns on average`}
      >
        {time(before.time_ns / before.inferences)}
      </Figure>
    </dl>
  );
}

/** One sentence for those who hear the page, once all images were shown. */
export function Spoken({ state }: { readonly state: State }) {
  const { view, accuracy, waits } = state;
  const words =
    waits || view === undefined || accuracy === undefined
      ? ''
      : `At ${view.supply} volts: accuracy ${percent(accuracy.read.accuracy)}, energy per access ${significant(view.cells.before.energy_per_access_pJ)} picojoules, ${percent(view.cells.savings.energy_saving_vs_nominal)} saved.`;
  return (
    <p class="spoken" role="status" aria-live="polite">
      {words}
    </p>
  );
}
