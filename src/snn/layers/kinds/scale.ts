import { ELEMENTWISE, type LayerKind, wrongPerNeuron } from '../layer-kind.ts';
import { type ScaleLayer, sizeOf } from '../layered-network.ts';
import { createSignal, spreadValues, valuesOf } from '../signal.ts';

export const SCALE: LayerKind<ScaleLayer> = {
  ...ELEMENTWISE,
  kind: 'scale',
  stateless: true,
  obstacles: ({ factor, shape }) => [
    ...wrongPerNeuron('factor', factor.length, sizeOf(shape)),
    ...(factor.every(Number.isFinite) ? [] : ['has a factor that is not a finite number']),
  ],

  plan({ factor }, input, _, reserve) {
    const output = createSignal(input.size, reserve);
    output.spiking = false;
    return {
      output,
      start: (kernel) => ({
        step() {
          spreadValues(input, kernel);
          const [from, to] = [valuesOf(input, kernel), valuesOf(output, kernel)];
          for (let k = 0; k < to.length; k++)
            to[k] = from[k]! * (factor.length === 1 ? factor[0]! : factor[k]!);
        },
      }),
    };
  },
};
