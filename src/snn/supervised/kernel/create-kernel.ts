import type { KernelRoom, LearningKernel } from './kernel.ts';
import { createPlainLearningKernel } from './plain.ts';
import { createSimdLearningKernel, simdLearningAvailable } from './simd.ts';

/** The fastest kernel the engine can run; no number depends on which. */
export const createLearningKernel = (room: KernelRoom): LearningKernel =>
  simdLearningAvailable() ? createSimdLearningKernel(room) : createPlainLearningKernel();
