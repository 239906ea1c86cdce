# Graphs of 6 inputs and 4 neurons, written by the Python package nir and by h5py. Run in this folder.
import h5py, nir, numpy as np

w = ((np.arange(24, dtype=np.float32).reshape(6, 4) * 7 % 24) / np.float32(24)).T.copy()
t = np.array([0, 0.5, 1, 1.5])


def graph(weight=w, kind='<f8', threshold=-52 + t):
    each = lambda value: np.full(4, value).astype(kind)
    return nir.NIRGraph(
        nodes={
            'in': nir.Input(input_type={'input': np.array([6])}),
            'fc': nir.Linear(weight=weight),
            'lif': nir.LIF(tau=each(0.1), r=each(0.1), v_leak=each(-65), v_threshold=threshold.astype(kind), v_reset=each(-60)),
            'out': nir.Output(output_type={'output': np.array([4])}),
        },
        edges=[('in', 'fc'), ('fc', 'lif'), ('lif', 'out')],
    )


nir.write('python.nir', graph())
nir.write('half.nir', graph(w.astype('<f2'), '<f2'))
nir.write('big-endian.nir', graph(w.astype('>f4'), '>f8'))
nir.write('lzf.nir', graph(), compression='lzf')
nir.write('codes.nir', graph((np.round(w * 127)).astype('i1')))
# Whole numbers wherever a whole number serves.
nir.write('whole.nir', graph((w > 0.5).astype('i1')))
with h5py.File('whole.nir', 'a') as file:
    lif = file['node/nodes/lif']
    for key, value, kind in [('v_leak', -65, 'i1'), ('v_reset', -60, '>i2'), ('v_threshold', [-52, -51, -50, -49], '<i8')]:
        del lif[key]
        lif.create_dataset(key, data=np.broadcast_to(value, (4,)).astype(kind))
with h5py.File('python.nir') as plain, h5py.File('user-block.nir', 'w', userblock_size=1024) as blocked:
    for key in plain:
        plain.copy(key, blocked)

# What claims more than may be read: 2^32 elements, and a chunk of 2^27.
for name, shape, most, chunks in [('bomb.nir', (1 << 16, 1 << 16), None, (1 << 12, 1 << 12)), ('chunk-bomb.nir', (4, 6), (None, None), (1 << 14, 1 << 13))]:
    nir.write(name, graph())
    with h5py.File(name, 'a') as file:
        fc = file['node/nodes/fc']
        del fc['weight']
        fc.create_dataset('weight', shape=shape, maxshape=most, chunks=chunks, dtype='f4', compression='gzip')

# Types that are no numbers: complex, truth values, a text.
nir.write('strange-types.nir', graph())
with h5py.File('strange-types.nir', 'a') as file:
    for key, value in [('fc/weight', w * 1j + np.float64(1)), ('lif/tau', np.full(4, True))]:
        del file['node/nodes'][key]
        file['node/nodes'][key] = value
    file['node'].create_group('metadata')['dt'] = '1 ms'
