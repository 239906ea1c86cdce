/** Of the format as `nir` 1.0 writes it: neuromorphs/NIR, nir/serialization.py and nir/ir/. */
export const NIR_VERSION = '1.0';
/** Our own metadata in the graph's, each under this and its key. */
export const OWN = 'sparkxd_';
/** Arrays of a LIF node, one value a neuron or one for all. */
export const NEURON_ARRAYS = ['tau', 'r', 'v_leak', 'v_threshold', 'v_reset'] as const;
/** What the shapes of the graph's Input and Output are called among the tensors of a graph. */
export const SHAPES = { Input: 'input shape', Output: 'output shape' } as const;
