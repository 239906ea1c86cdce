import { expect, test } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { LAYERED, runnableNetwork, type UnfinishedNetwork } from '../../src/settings/layered-settings.ts';

const LIF = { tau: 1, r: 1, vLeak: 0, vThreshold: 1, vReset: 0 };
const one = (value: number): Float32Array => Float32Array.of(value);

const file: UnfinishedNetwork = {
  file: 'net.nir',
  network: {
    layers: [
      { kind: 'input', name: 'in', shape: [1], sources: [] },
      {
        kind: 'neurons',
        name: 'lif',
        model: 'lif',
        shape: [1],
        sources: [{ layer: 0, delayed: false }],
        parameters: Object.fromEntries(Object.entries(LIF).map(([key, value]) => [key, one(value)])),
      },
      { kind: 'output', name: 'out', shape: [1], sources: [{ layer: 1, delayed: false }] },
    ],
  },
  dynamics: {},
  presentation: {},
};

test('all that a file does not say is asked for at once', () => {
  const refusal = (): unknown => runnableNetwork(file, {}, 'images');
  expect(refusal).toThrow(InputError);
  for (const flag of ['--time-step', '--reset', '--steps', '--input']) expect(refusal).toThrow(flag);
});

test('a time step has its unit', () => {
  const { schema, read } = LAYERED.timeStep;
  expect(['1ms', '0.5us', '1 s'].map((text) => schema.parse(read(text)))).toEqual([1e-3, 5e-7, 1]);
  for (const text of ['1', '1e-3', '0', '1h', '0s', '-1ms', '2000s', ''])
    expect(() => schema.parse(read(text)), text).toThrow(
      'a time with its unit, from 1ns to 1000s, such as 1ms',
    );
});

test('what the field agrees on is assumed, and said', () => {
  const said: string[] = [];
  const choice = { timeStep: 1e-3, steps: 20, input: 'current', reset: 'zero' } as const;
  const { dynamics, presentation } = runnableNetwork(file, choice, 'images', (line) => said.push(line));
  expect(dynamics).toEqual({
    timeStepS: 1e-3,
    reset: 'value',
    integration: 'euler',
    resetTime: 'same-step',
    threshold: 'gt',
  });
  expect(presentation).toEqual({ steps: 20, input: { kind: 'current', gain: 1 }, readout: 'counts' });
  expect(said).toEqual([
    'assumed, since net.nir does not say: --integration euler, --reset-time same-step, --threshold gt',
  ]);
});

test('a setting goes before what the file says', () => {
  const said: UnfinishedNetwork = {
    ...file,
    dynamics: {
      timeStepS: 2,
      reset: 'subtract',
      integration: 'exact',
      resetTime: 'next-step',
      threshold: 'ge',
    },
    presentation: { steps: 5, input: { kind: 'bernoulli', gain: 0.5 }, readout: 'potential-max' },
  };
  expect(runnableNetwork(said, {}, 'images')).toEqual({
    network: file.network,
    dynamics: said.dynamics,
    presentation: said.presentation,
  });
  const other = runnableNetwork(said, { reset: 'value', steps: 7, input: 'current' }, 'images');
  expect(other.dynamics.reset).toBe('value');
  expect(other.presentation).toEqual({
    steps: 7,
    input: { kind: 'current', gain: 0.5 },
    readout: 'potential-max',
  });
});

test('inputs that do not fit the samples are refused', () => {
  const choice = { timeStep: 1e-3, steps: 20, reset: 'zero' } as const;
  expect(() => runnableNetwork(file, { ...choice, input: 'events' }, 'images')).toThrow(
    'images have no events',
  );
  expect(() => runnableNetwork(file, { ...choice, input: 'current' }, 'events')).toThrow('leave out --input');
  expect(() => runnableNetwork(file, { ...choice, gain: 2 }, 'events')).toThrow('--gain');
  expect(runnableNetwork(file, choice, 'events').presentation.input).toEqual({ kind: 'events' });
});

test('a time step is read with its unit', () => {
  expect(LAYERED.timeStep.read('1ms')).toBe(0.001);
  expect(LAYERED.timeStep.read('100us')).toBe(0.0001);
  expect(LAYERED.timeStep.read('1 V')).toBeNaN();
});
