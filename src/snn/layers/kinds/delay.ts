import { ELEMENTWISE, type LayerKind, wrongPerNeuron } from '../layer-kind.ts';
import { type DelayLayer, type Dynamics, sizeOf } from '../layered-network.ts';
import { createSignal, listElements, spreadValues, valuesOf } from '../signal.ts';

/** Seconds are single precision, and a product of theirs may miss a whole number by as much. */
const TOLERANCE = 1e-5;
/** Values of all steps that a layer keeps at most. */
const MOST_KEPT = 2 ** 26;

/** Steps nearest to a delay, and whether it is as good as whole. */
function stepsOf(
  seconds: number,
  { timeStepS }: Dynamics,
): { readonly steps: number; readonly whole: boolean } {
  const exact = seconds / timeStepS;
  const steps = Math.round(exact);
  return { steps, whole: Math.abs(exact - steps) <= TOLERANCE * Math.max(1, steps) };
}

/** Steps that are kept: the longest delay, and the step that is now. */
const slotsOf = (seconds: Float32Array, dynamics: Dynamics): number =>
  seconds.reduce((most, delay) => Math.max(most, stepsOf(delay, dynamics).steps), 0) + 1;

/** A ring of the latest inputs, as many as the longest delay needs; before the first step all are 0. */
export const DELAY: LayerKind<DelayLayer> = {
  ...ELEMENTWISE,
  kind: 'delay',
  spikes: (_, input) => input,
  stateless: false,

  obstacles({ seconds, shape }, dynamics) {
    const found = wrongPerNeuron('delay', seconds.length, sizeOf(shape));
    const refused = seconds.find((delay) => !Number.isFinite(delay) || delay < 0);
    if (refused !== undefined) return [...found, `has a delay of ${refused} s: 0 or more is needed`];
    const steps = dynamics ? slotsOf(seconds, dynamics) : 0;
    if (dynamics && steps * sizeOf(shape) > MOST_KEPT)
      return [
        ...found,
        `has delays of up to ${steps - 1} steps of ${dynamics.timeStepS} s: with ${sizeOf(shape)} elements they keep more than ${MOST_KEPT} values`,
      ];
    const uneven = dynamics && seconds.find((delay) => !stepsOf(delay, dynamics).whole);
    return uneven === undefined || !dynamics
      ? found
      : [
          ...found,
          `has a delay of ${Number(uneven.toPrecision(7))} s, which is not a whole number of steps of ${dynamics.timeStepS} s`,
        ];
  },

  plan({ seconds }, input, dynamics, reserve) {
    const { size } = input;
    const output = createSignal(size, reserve);
    const delays = Uint32Array.from(
      { length: size },
      (_, k) => stepsOf(seconds.length === 1 ? seconds[0]! : seconds[k]!, dynamics).steps,
    );
    const slots = slotsOf(seconds, dynamics);
    const ring = new Float32Array(slots * size);
    let now = 0;
    return {
      output,
      start: (kernel) => ({
        rest() {
          ring.fill(0);
          now = 0;
        },
        step() {
          spreadValues(input, kernel);
          ring.set(valuesOf(input, kernel), now * size);
          const to = valuesOf(output, kernel);
          // An input that a step names twice counts as 2, which is no spike, and may arrive with others' spikes.
          let spiking = input.spiking;
          for (let k = 0; k < size; k++) {
            const value = ring[((now + slots - delays[k]!) % slots) * size + k]!;
            to[k] = value;
            spiking &&= value === 0 || value === 1;
          }
          now = (now + 1) % slots;
          output.spiking = false;
          if (!spiking) return;
          listElements(output, kernel);
          output.spiking = true;
        },
      }),
    };
  },
};
