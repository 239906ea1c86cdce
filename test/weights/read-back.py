"""Reads NIR files with the package nir and prints what it finds: nodes, shapes of arrays, edges, and the sums of all numbers."""
import json, sys, nir, numpy as np

found = {}
for file in sys.argv[1:]:
    graph = nir.read(file)
    nodes = {}
    for name, node in graph.nodes.items():
        arrays = {k: v for k, v in node.to_dict().items() if k not in ('type', 'metadata') and v is not None and not isinstance(v, str)}
        nodes[name] = {'type': type(node).__name__, 'shapes': {k: list(np.shape(v)) for k, v in arrays.items()},
                       'sum': float(sum(np.sum(np.asarray(v, dtype=np.float64)) for v in arrays.values()))}
    found[file] = {'nodes': nodes, 'edges': sorted(map(list, graph.edges)), 'dt': float(graph.metadata.get('dt', -1))}
print(json.dumps(found))
