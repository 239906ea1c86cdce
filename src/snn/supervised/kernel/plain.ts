import { type LearningKernel, strideOf } from './kernel.ts';

/** The kernel in TypeScript: for engines without SIMD, and as the twin that the SIMD form is proved against. */
export function createPlainLearningKernel(): LearningKernel {
  const { fround, sqrt, abs, min, max } = Math;
  return {
    numbers: (count) => ({ data: new Float32Array(strideOf(count)), at: 0 }),
    ids: (count) => ({ data: new Uint16Array(strideOf(count)), at: 0 }),

    sumRows({ data: out }, { data: rows }, { data: ids }, count) {
      const stride = out.length;
      out.fill(0);
      for (let k = 0; k < count; k++) {
        const row = ids[k]! * stride;
        // Storing to a Float32Array rounds to single precision, as each SIMD addition does.
        for (let lane = 0; lane < stride; lane++) out[lane]! += rows[row + lane]!;
      }
    },

    sumWeightedRows({ data: out }, { data: rows }, { data: ids }, count, { data: factors }) {
      const stride = out.length;
      out.fill(0);
      for (let k = 0; k < count; k++) {
        const row = ids[k]! * stride;
        const factor = factors[k]!;
        for (let lane = 0; lane < stride; lane++) out[lane]! += fround(factor * rows[row + lane]!);
      }
    },

    addToRows({ data: rows }, { data: ids }, count, { data: values }) {
      const stride = values.length;
      for (let k = 0; k < count; k++) {
        const row = ids[k]! * stride;
        for (let lane = 0; lane < stride; lane++) rows[row + lane]! += values[lane]!;
      }
    },

    addWeightedToRows({ data: rows }, { data: ids }, count, { data: factors }, { data: values }) {
      const stride = values.length;
      for (let k = 0; k < count; k++) {
        const row = ids[k]! * stride;
        const factor = factors[k]!;
        for (let lane = 0; lane < stride; lane++) rows[row + lane]! += fround(factor * values[lane]!);
      }
    },

    accumulate({ data: into }, { data: values }) {
      for (let k = 0; k < values.length; k++) into[k]! += values[k]!;
    },

    stepNeurons({ data: potential }, { data: current }, { data: before }, step, { data: spikes }) {
      const share = fround(step.share);
      const resistance = fround(step.resistance);
      const threshold = fround(step.threshold);
      let count = 0;
      for (let k = 0; k < potential.length; k++) {
        const v = potential[k]!;
        const pre = fround(v + fround(share * fround(fround(resistance * current[k]!) - v)));
        before[k] = pre;
        const crossed = pre > threshold;
        potential[k] = crossed ? (step.subtract ? pre - threshold : 0) : pre;
        if (crossed) spikes[count++] = k;
      }
      return count;
    },

    stepBack({ data: delta }, { data: error }, { data: before }, { data: carry }, step, surrogate) {
      const keep = keepOf(step.share);
      const gain = gainOf(step);
      const threshold = fround(step.threshold);
      const { arctangent } = surrogate;
      const scale = fround(surrogate.scale);
      const slope = fround(surrogate.slope);
      for (let k = 0; k < delta.length; k++) {
        const pre = before[k]!;
        const y = fround(slope * fround(pre - threshold));
        const wide = fround(1 + (arctangent ? fround(y * y) : abs(y)));
        const derivative = fround(scale / (arctangent ? wide : fround(wide * wide)));
        const kept = !step.subtract && pre > threshold ? 0 : carry[k]!;
        const byPre = fround(kept + fround(error[k]! * derivative));
        delta[k] = byPre * gain;
        carry[k] = byPre * keep;
      }
    },

    adam({ data: weights }, { data: gradient }, { data: mean }, { data: square }, step) {
      const share = fround(step.share);
      const rate1 = fround(step.rate1);
      const rate2 = fround(step.rate2);
      const size = fround(step.step);
      const epsilon = fround(step.epsilon);
      const most = fround(step.ceiling);
      for (let k = 0; k < weights.length; k++) {
        const g = fround(gradient[k]! * share);
        const m = fround(mean[k]! + fround(fround(g - mean[k]!) * rate1));
        const s = fround(square[k]! + fround(fround(fround(g * g) - square[k]!) * rate2));
        mean[k] = m;
        square[k] = s;
        const change = fround(fround(size * m) / fround(fround(sqrt(s)) + epsilon));
        weights[k] = min(max(fround(weights[k]! - change), -most), most);
        gradient[k] = 0;
      }
    },
  };
}

/** What is left of a potential after a step, single precision. */
export const keepOf = (share: number): number => Math.fround(1 - Math.fround(share));

/** What a step makes of a current, single precision. */
export const gainOf = ({ share, resistance }: { share: number; resistance: number }): number =>
  Math.fround(Math.fround(share) * Math.fround(resistance));
