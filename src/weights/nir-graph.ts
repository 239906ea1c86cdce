import type { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';

/** A node of a NIR graph. */
export interface GraphNode {
  readonly key: string;
  readonly type: string;
}

/** A graph of one layer: Input -> Linear or Affine -> LIF -> Output. */
export interface OneLayer {
  readonly input: GraphNode;
  readonly weights: GraphNode;
  readonly neurons: GraphNode;
  readonly output: GraphNode;
}

export type Refuse = (what: string, remedy?: string) => InputError;

const KINDS = {
  input: ['Input'],
  weights: ['Linear', 'Affine'],
  neurons: ['LIF'],
  output: ['Output'],
} as const satisfies Record<keyof OneLayer, readonly string[]>;

/** Nodes that a message lists. */
const MOST_LISTED = 12;

/**
 * The nodes of a graph of one layer. Throws InputError for other nodes, more or fewer of these, and for edges that are not
 * exactly the three that lead from the input to the output; undefined edges are no pairs of names.
 */
export function oneLayer(
  nodes: readonly GraphNode[],
  edges: readonly string[][] | undefined,
  refuse: Refuse,
): OneLayer {
  const known: readonly string[] = Object.values(KINDS).flat();
  const strange = nodes.find(({ type }) => !known.includes(type));
  if (strange)
    throw refuse(
      `node ${quoted(strange.key)} of type ${quoted(strange.type)} would be lost`,
      'one Linear or Affine and one LIF are read',
    );
  const the = (types: readonly string[]): GraphNode => {
    const [first, second] = nodes.filter(({ type }) => types.includes(type));
    if (!first) throw refuse(`the graph has no node of type ${types.join(' or ')}`, listed(nodes));
    if (!second) return first;
    throw refuse(
      `the graph has two nodes of type ${types.join(' or ')}, ${quoted(first.key)} and ${quoted(second.key)}`,
      'a graph of one layer is read: Input, Linear or Affine, LIF, Output',
    );
  };
  const layer: OneLayer = {
    weights: the(KINDS.weights),
    neurons: the(KINDS.neurons),
    input: the(KINDS.input),
    output: the(KINDS.output),
  };
  if (!edges) throw refuse('no NIR graph: its edges are not pairs of node names');
  const path = [
    [layer.input.key, layer.weights.key],
    [layer.weights.key, layer.neurons.key],
    [layer.neurons.key, layer.output.key],
  ] as const;
  const same = ([a, b]: readonly string[], [c, d]: readonly string[]): boolean => a === c && b === d;
  const odd = edges.find((edge) => !path.some((step) => same(step, edge)));
  if (odd) throw refuse(`the edge from ${quoted(odd[0]!)} to ${quoted(odd[1]!)} would be lost`);
  for (const step of path) {
    const count = edges.filter((edge) => same(step, edge)).length;
    const between = `from ${quoted(step[0])} to ${quoted(step[1])}`;
    if (count === 0)
      throw refuse(
        `no edge leads ${between}`,
        'a layer is read whose edges lead from its Input to its Output',
      );
    if (count > 1) throw refuse(`the edge ${between} stands ${count} times`);
  }
  return layer;
}

function listed(nodes: readonly GraphNode[]): string {
  const shown = nodes.slice(0, MOST_LISTED).map(({ key, type }) => `${key} (${type})`);
  const more = nodes.length > MOST_LISTED ? ` and ${nodes.length - MOST_LISTED} more` : '';
  return `its nodes: ${shown.join(', ')}${more}`;
}
