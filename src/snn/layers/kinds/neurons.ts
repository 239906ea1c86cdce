import { FLOAT_BYTES, paddedSize, RESET } from '../kernel/layout.ts';
import { ELEMENTWISE, type LayerKind, wrongPerNeuron } from '../layer-kind.ts';
import {
  type NeuronLayer,
  type NeuronModel,
  type NeuronParameter,
  PARAMETERS_OF,
  sizeOf,
} from '../layered-network.ts';
import { createSignal, spreadValues } from '../signal.ts';
import { asFloats, gainOf, rateOf } from '../step-constants.ts';

/** Models whose output is their state. */
const SILENT: readonly NeuronModel[] = ['li', 'i', 'cuba-li'];

/**
 * One step of all neurons: the synaptic current, then the membrane with the new current, then spikes and resets
 * (`LayerKernel.leak`, `accumulate`, `owe`, `fire`).
 */
export const NEURONS: LayerKind<NeuronLayer> = {
  ...ELEMENTWISE,
  kind: 'neurons',
  spikes: ({ model }) => !SILENT.includes(model),
  stateless: false,

  obstacles({ model, parameters, shape }) {
    const size = sizeOf(shape);
    return PARAMETERS_OF[model].flatMap((name): string[] => {
      const values = parameters[name];
      if (values === undefined) return [`has no ${name}, which a neuron of model ${model} needs`];
      const found = wrongPerNeuron(name, values.length, size);
      const infinite = values.find((value) => !Number.isFinite(value));
      if (infinite !== undefined)
        return [...found, `has a ${name} of ${infinite}: a finite number is needed`];
      const isTime = name === 'tau' || name === 'tauSyn';
      const low = isTime ? values.find((value) => value <= 0) : undefined;
      return low === undefined ? found : [...found, `has a ${name} of ${low} s: more than 0 is needed`];
    });
  },

  plan({ model, parameters }, input, dynamics, reserve) {
    const { size } = input;
    const padded = paddedSize(size);
    const bytes = padded * FLOAT_BYTES;
    const output = createSignal(size, reserve);
    const silent = SILENT.includes(model);
    output.spiking = !silent;
    const array = (): number => reserve(size);
    const [gain, rest, rate, current, wIn, synapseRate] = [
      array(),
      array(),
      array(),
      array(),
      array(),
      array(),
    ];
    const [threshold, resetTo, owed] = [array(), array(), array()];
    /** What spikes, and the state of models whose output it is. */
    const state = silent ? output.valuesAt : array();
    /** Of the current, which decays to 0; and what is owed where nothing is. */
    const zero = array();
    const { reset, resetTime, threshold: rule } = dynamics;
    const orEqual = rule === 'ge';
    const value = reset === 'value';
    const owes = !value && resetTime !== 'same-step' && model !== 'threshold';
    const action = value ? RESET.TO_VALUE : resetTime === 'next-step' ? RESET.LATER : RESET.SUBTRACT;

    return {
      output,
      start(kernel) {
        const { floats } = kernel;
        const of = (name: NeuronParameter): Float32Array =>
          asFloats(parameters[name] ?? Float32Array.of(0), size);
        const put = (at: number, values: Float32Array): void => floats.set(values, at / FLOAT_BYTES);
        put(gain, model === 'if' || model === 'i' ? gainOf(of('r'), dynamics) : of('r'));
        put(rest, of('vLeak'));
        put(rate, rateOf(of('tau'), dynamics));
        put(wIn, of('wIn'));
        put(synapseRate, rateOf(of('tauSyn'), dynamics));
        // Nothing is above NaN: lanes beyond the last neuron never spike.
        floats.fill(Number.NaN, threshold / FLOAT_BYTES, threshold / FLOAT_BYTES + padded);
        put(threshold, of('vThreshold'));
        put(resetTo, of('vReset'));
        const forget = (at: number): unknown => floats.fill(0, at / FLOAT_BYTES, at / FLOAT_BYTES + padded);

        const integrate: Readonly<Record<NeuronModel, () => void>> = {
          lif: () => kernel.leak(state, input.valuesAt, gain, rest, rate, bytes),
          li: () => kernel.leak(state, input.valuesAt, gain, rest, rate, bytes),
          if: () => kernel.accumulate(state, input.valuesAt, gain, bytes),
          i: () => kernel.accumulate(state, input.valuesAt, gain, bytes),
          'cuba-lif': cuba,
          'cuba-li': cuba,
          threshold: () => {
            const from = input.valuesAt / FLOAT_BYTES;
            floats.copyWithin(state / FLOAT_BYTES, from, from + size);
          },
        };
        function cuba(): void {
          kernel.leak(current, input.valuesAt, wIn, zero, synapseRate, bytes);
          kernel.leak(state, current, gain, rest, rate, bytes);
        }
        const advance = integrate[model];

        return {
          rest() {
            forget(state);
            forget(current);
          },
          step() {
            spreadValues(input, kernel);
            if (owes) kernel.owe(state, threshold, owed, bytes, orEqual);
            advance();
            if (silent) return;
            const due = owes ? owed : zero;
            output.count = kernel.fire(state, threshold, resetTo, due, output.idsAt, bytes, action, orEqual);
          },
        };
      },
    };
  },
};
