/** Entry of a worker thread of the evaluation pool (piscina calls the default export). */
export { evaluateShare as default } from './evaluate-share.ts';
