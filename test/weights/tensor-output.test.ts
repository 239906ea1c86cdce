import { expect, test } from 'vitest';
import { requireOutput, type TensorSource } from '../../src/weights/tensor-output.ts';

const source: TensorSource = {
  ...{ file: 'm.pt', bytes: new Uint8Array(), form: 'PyTorch' },
  tensors: { tensors: new Map(), metadata: new Map() },
};

test.each([
  ['a.pt', '"a.pt" would be a PyTorch file, which is read and not written'],
  ['a.onnx', '"a.onnx" would have a form in which these tensors are not written'],
  ['a', '"a" has no ending to name the form of the output'],
])('tensors of PyTorch are not written to %s', (out, expected) => {
  const [obstacle] = requireOutput(source, out);
  expect(obstacle?.what).toBe(expected);
  expect(obstacle?.remedy).toBe('name the output with one of the endings .safetensors, .npz');
});
