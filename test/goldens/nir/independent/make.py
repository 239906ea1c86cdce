"""Networks that no library made, and their spikes by NumPy and PyTorch (reference.py): python3 make.py FOLDER."""
import json, pathlib, sys
import h5py, numpy as np
from reference import run

OUT = pathlib.Path(sys.argv[1])
R = np.random.default_rng(11)
f32 = np.float32
DT, SAMPLES, STEPS = 0.001, 3, 15
U = lambda low, high, *shape: R.uniform(low, high, shape).astype(f32)
dense = lambda outputs, inputs, scale: (R.standard_normal((outputs, inputs)) * scale / np.sqrt(inputs)).astype(f32)
array = lambda *values: np.array(values)
manifest = {}


def lif(*shape, **more):
    return ('LIF', dict(tau=U(.004, .02, *shape), r=U(.5, 1.5, *shape), v_leak=U(-.05, .05, *shape),
                        v_threshold=U(.05, .3, *shape), v_reset=U(-.1, .02, *shape), **more))


def write(path, nodes, edges, **options):
    text = h5py.string_dtype()
    def graph(group, nodes, edges):
        group.create_dataset('type', data='NIRGraph', dtype=text)
        members = group.create_group('nodes')
        for name, (kind, arrays) in nodes.items():
            node = members.create_group(name)
            if kind == 'NIRGraph':
                graph(node, **arrays)
                continue
            node.create_dataset('type', data=kind, dtype=text)
            for key, value in arrays.items():
                node.create_dataset(key, data=value, **({'dtype': text} if isinstance(value, str) else {}))
        group.create_dataset('edges', data=np.array(edges, dtype=object), dtype=text)
    with h5py.File(path, 'w', **options) as file:
        graph(file.create_group('node'), nodes, edges)


def golden(name, nodes, edges, shape, *, delayed=(), reset, threshold, integration, in_file=None, called={}, **options):
    samples = []
    while len(samples) < SAMPLES:
        x = (R.random((STEPS, *shape)) < 0.3).astype(f32)
        answers = [run(nodes, edges, set(delayed), x, DT, reset, threshold == 'gt', integration == 'exact', kind) for kind in (f32, np.float64)]
        (single, _, near), (double, _, near2) = answers
        if min(near, near2) > 1e-5 and all(np.array_equal(single[key], double[key]) for key in single):
            samples.append((x, double))
    write(OUT / f'{name}.nir', *(in_file or (nodes, edges)), **options)
    spikes = {called.get(key, key): np.array([each[key] for _, each in samples], np.uint8) for key in samples[0][1]}
    assert all(0.005 < each.mean() < 0.95 for each in spikes.values()), {key: each.mean() for key, each in spikes.items()}
    np.savez_compressed(OUT / f'{name}.npz', input=np.array([x.reshape(STEPS, -1) for x, _ in samples], np.uint8), **spikes)
    manifest[name] = dict(timeStepS=DT, integration=integration, reset=reset, resetTime='same-step', threshold=threshold)


chain = lambda nodes: list(zip(list(nodes), list(nodes)[1:]))
conv = lambda weight, bias, stride, padding, dilation, groups: ('Conv2d', dict(
    weight=weight, bias=bias, stride=array(*stride), padding=array(*padding), dilation=array(*dilation), groups=groups))

nodes = {
    'input': ('Input', dict(shape=array(2, 11, 9))),
    'conv1': conv(U(-.5, .6, 6, 1, 3, 2), U(-.1, .1, 6), (2, 1), (1, 2), (1, 2), 2),
    'lif1': lif(6, 1, 1),
    'pool': ('SumPool2d', dict(kernel_size=array(3, 2), stride=array(2, 3), padding=array(1, 1))),
    'conv2': conv(U(-.4, .5, 4, 6, 2, 2), U(-.1, .1, 4), (1, 1), (0, 0), (2, 2), 1),
    'if2': ('IF', dict(r=np.full((4, 1, 2), 200, f32), v_threshold=np.full((4, 1, 2), .7, f32), v_reset=np.full((4, 1, 2), -.1, f32))),
    'flat': ('Flatten', dict(start_dim=0, end_dim=-1, input_type=array(4, 1, 2))),
    'fc': ('Affine', dict(weight=dense(5, 8, 2), bias=U(-.1, .3, 5))),
    'lif3': lif(5),
    'output': ('Output', dict(shape=array(5))),
}
golden('convolutions', nodes, chain(nodes), (2, 11, 9), reset='subtract', threshold='ge', integration='euler')

nodes = {
    'in': ('Input', dict(shape=array(10))), 'fc1': ('Affine', dict(weight=dense(8, 10, 3), bias=U(-.1, .1, 8))), 'l1': lif(8),
    'late': ('Delay', dict(delay=U(0, .004, 8).round(3))), 'fc2': ('Linear', dict(weight=dense(6, 8, 3))),
    'cuba': ('CubaLIF', dict(tau_mem=U(.005, .02, 6), tau_syn=U(.002, .01, 6), r=U(.5, 2, 6), v_leak=U(-.1, .1, 6),
                             v_threshold=U(.05, .2, 6), v_reset=U(-.1, .1, 6), w_in=U(-1, 3, 6))),
    'back': ('Affine', dict(weight=dense(8, 6, 3), bias=U(-.1, .1, 8), _shape=(6,))), 'skip': ('Scale', dict(scale=np.float64(.5))),
    'fc3': ('Linear', dict(weight=dense(3, 6, 3))), 'skip3': ('Linear', dict(weight=dense(3, 8, 2))),
    'λ.3': lif(3), 'out': ('Output', dict(shape=array(3))),
}
edges = [('λ.3', 'λ.3'), ('fc3', 'λ.3'), ('cuba', 'back'), ('l1', 'skip'), ('skip', 'skip3'), ('skip3', 'λ.3'), ('back', 'l1'), ('cuba', 'fc3'),
         ('fc2', 'cuba'), ('late', 'fc2'), ('l1', 'late'), ('fc1', 'l1'), ('in', 'fc1'), ('λ.3', 'out')]
file_nodes = {key: (kind, {k: v for k, v in arrays.items() if k != '_shape'}) for key, (kind, arrays) in nodes.items()}
golden('loops', nodes, edges, (10,), delayed=[('λ.3', 'λ.3'), ('cuba', 'back')], in_file=(file_nodes, edges), reset='value', threshold='gt', integration='exact', libver='latest')

recurrent = {'lif': lif(8), 'w_rec': ('Linear', dict(weight=dense(8, 8, 2)))}
outer = {'in': ('Input', dict(shape=array(10))), 'fc': ('Linear', dict(weight=dense(8, 10, 3).astype(np.float64)))}
tail = {'w_out': ('Linear', dict(weight=dense(8, 8, 2))), 'fc2': ('Linear', dict(weight=dense(2, 8, 3))), 'l2': lif(2), 'out': ('Output', dict(shape=array(2)))}
inner = {**recurrent, 'input': ('Input', dict(shape=array(8))), 'output': ('Output', dict(shape=array(8)))}
in_file = ({**outer, 'block': ('NIRGraph', dict(nodes=inner, edges=[('input', 'lif'), ('lif', 'w_rec'), ('w_rec', 'lif'), ('lif', 'output')])), **tail},
           [('l2', 'out'), ('fc2', 'l2'), ('block', 'fc2'), ('w_out', 'block'), ('block', 'w_out'), ('fc', 'block'), ('in', 'fc')])
flat = {**outer, **recurrent, **tail}
for key in ('w_rec', 'w_out'):
    flat[key] = ('Linear', {**flat[key][1], '_shape': (8,)})
golden('nested', flat, [('in', 'fc'), ('fc', 'lif'), ('lif', 'w_rec'), ('w_rec', 'lif'), ('lif', 'w_out'), ('w_out', 'lif'), ('lif', 'fc2'), ('fc2', 'l2'), ('l2', 'out')],
       (10,), delayed=[('lif', 'w_rec'), ('lif', 'w_out')], in_file=in_file, called={'lif': 'block.lif'}, reset='subtract', threshold='gt', integration='euler', libver='latest')
(OUT / 'manifest.json').write_text(json.dumps({'steps': STEPS, 'files': manifest}, indent=1) + '\n')
