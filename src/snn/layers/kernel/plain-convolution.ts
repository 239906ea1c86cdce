import { GEOMETRY } from './layout.ts';

const { fround } = Math;

/** `addKernels` of layer-kernel.ts in TypeScript, over the memory as floats and as element numbers. */
export function addKernelsPlainly(
  floats: Float32Array,
  numbers: Uint32Array,
  geometry: number,
  weights: number,
  ids: number,
  count: number,
  values: number,
  sums: number,
): void {
  const field = (name: keyof typeof GEOMETRY): number => numbers[(geometry + GEOMETRY[name]) >>> 2]!;
  const [rows, columns, groups, groupInputs] = [
    field('rows'),
    field('columns'),
    field('groups'),
    field('groupInputs'),
  ];
  const [kernelRows, kernelColumns] = [field('kernelRows'), field('kernelColumns')];
  const [outputRows, outputColumns] = [field('outputRows'), field('outputColumns')];
  const [strideRows, strideColumns] = [field('strideRows'), field('strideColumns')];
  const [paddingRows, paddingColumns] = [field('paddingRows'), field('paddingColumns')];
  const [dilationRows, dilationColumns] = [field('dilationRows'), field('dilationColumns')];
  const width = field('groupBytes') >>> 2;

  for (let k = 0; k < count; k++) {
    const input = numbers[(ids >>> 2) + k]!;
    const value = values === 0 ? 1 : floats[(values >>> 2) + input]!;
    const x = input % columns;
    const y = Math.floor(input / columns) % rows;
    const channel = Math.floor(input / (columns * rows));
    const group = Math.floor(channel / groupInputs);
    for (let ky = 0; ky < kernelRows; ky++) {
      const outY = reached(y, ky, paddingRows, dilationRows, strideRows, outputRows);
      if (outY < 0) continue;
      for (let kx = 0; kx < kernelColumns; kx++) {
        const outX = reached(x, kx, paddingColumns, dilationColumns, strideColumns, outputColumns);
        if (outX < 0) continue;
        const from = (weights >>> 2) + ((channel * kernelRows + ky) * kernelColumns + kx) * width;
        const to = (sums >>> 2) + ((outY * outputColumns + outX) * groups + group) * width;
        for (let o = 0; o < width; o++) floats[to + o]! += fround(floats[from + o]! * value);
      }
    }
  }
}

/** Where an output that the input at `place` reaches through the kernel's element `element` lies; -1 if there is none. */
export function reached(
  place: number,
  element: number,
  padding: number,
  dilation: number,
  stride: number,
  outputs: number,
): number {
  const from = place + padding - element * dilation;
  if (from < 0 || from % stride !== 0) return -1;
  const output = from / stride;
  return output < outputs ? output : -1;
}
