"""Writes NIR files with snnTorch, Norse, Sinabs and nir, and what each library's own run of the network spikes.

python3 make.py FOLDER      (needs torch, snntorch, norse, sinabs, nir, nirtorch; README.md has the versions)
"""
import importlib.metadata, json, pathlib, sys, warnings

warnings.filterwarnings('ignore')
import nir, numpy as np, torch
import norse.torch as norse
import sinabs.activation as sina
import sinabs.layers as sl
import sinabs.nir
import snntorch as snn
from snntorch import utils
from norse.torch.utils.export_nir import to_nir as norse_to_nir
from snntorch.export_nir import export_to_nir
from torch import nn

OUT = pathlib.Path(sys.argv[1])
STEPS = 40
manifest = {}


def spiking(net, kinds):
    return {name: module for name, module in net.named_children() if isinstance(module, kinds)}


def samples(shape, seed, share=0.4):
    generator = torch.Generator().manual_seed(seed)
    return (torch.rand(STEPS, *shape, generator=generator) < share).float()


def record(net, kinds, step, inputs):
    """Spikes of every layer of those kinds, by name: steps x neurons."""
    seen = {name: [] for name in spiking(net, kinds)}
    hooks = [
        module.register_forward_hook(
            lambda _m, _i, out, name=name: seen[name].append(
                (out[0] if isinstance(out, tuple) else out).detach().reshape(-1).numpy().copy()
            )
        )
        for name, module in spiking(net, kinds).items()
    ]
    # snnTorch's spikes are of single precision always.
    hooks += [
        module.register_forward_pre_hook(lambda m, given: (given[0].to(m.weight.dtype),))
        for module in net.modules() if isinstance(module, (nn.Linear, nn.Conv2d))
    ]
    with torch.no_grad():
        step(net, inputs)
    for hook in hooks:
        hook.remove()
    return {name: np.array(rows) for name, rows in seen.items()}


def golden(name, make, kinds, step, export, inputs, dynamics, compression=None, names=None):
    """The file, and the spikes, which must be the same in single and in double precision."""
    net = make()
    single = record(net, kinds, step, inputs)
    double = record(make().double(), kinds, step, inputs.double())
    for key in single:
        assert np.array_equal(single[key], double[key]), f'{name}: {key} hangs on rounding'
        share = float(np.mean(single[key]))
        assert 0.01 < share < 0.9, f'{name}: {key} spikes in {share:.3f} of steps'
    graph = export(make())
    nir.write(str(OUT / f'{name}.nir'), graph, compression=compression)
    names = names or {}
    arrays = {names.get(key, key): rows.astype(np.uint8) for key, rows in single.items()}
    np.savez_compressed(OUT / f'{name}.npz', input=inputs.reshape(STEPS, -1).numpy().astype(np.uint8), **arrays)
    manifest[name] = {'dynamics': dynamics, 'layers': {key: rows.shape[1] for key, rows in arrays.items()}}


def seeded(build):
    def make():
        torch.manual_seed(1)
        return build()
    return make


# snnTorch: its export takes dt = 1e-4 s, whatever the network was trained with.
SNN = (snn.Leaky, snn.Synaptic, snn.RLeaky, snn.RSynaptic)
SNN_STEP = {'timeStepS': 1e-4, 'integration': 'euler', 'threshold': 'gt'}


def snn_step(net, inputs):
    utils.reset(net)
    for x in inputs:
        net(x[None])


def leaky(cells, beta, **more):
    return snn.Leaky(beta=beta * torch.ones(cells), threshold=torch.ones(cells), init_hidden=True, **more)


def snn_golden(name, build, reset, reset_time, names=None, compression=None):
    sample = torch.zeros(1, 12)
    golden(
        name, seeded(build), SNN, snn_step,
        lambda net: export_to_nir(net, sample, ignore_dims=[0]),
        samples((12,), 5), {**SNN_STEP, 'reset': reset, 'resetTime': reset_time}, compression, names,
    )


snn_golden('snntorch-leaky', lambda: nn.Sequential(
    nn.Linear(12, 10), leaky(10, 0.9), nn.Linear(10, 4), leaky(4, 0.8, output=True)), 'subtract', 'next-step', compression='gzip')
snn_golden('snntorch-leaky-zero', lambda: nn.Sequential(
    nn.Linear(12, 10), leaky(10, 0.9, reset_mechanism='zero', reset_delay=False),
    nn.Linear(10, 4), leaky(4, 0.8, reset_mechanism='zero', reset_delay=False, output=True)), 'value', 'same-step')


def synaptic(cells, **more):
    return snn.Synaptic(alpha=0.6 * torch.ones(cells), beta=0.8 * torch.ones(cells), threshold=torch.ones(cells),
                        init_hidden=True, **more)


snn_golden('snntorch-synaptic', lambda: nn.Sequential(
    nn.Linear(12, 10), synaptic(10), nn.Linear(10, 4), leaky(4, 0.8, output=True)), 'subtract', 'next-step')
snn_golden('snntorch-rleaky', lambda: nn.Sequential(
    nn.Linear(12, 10), snn.RLeaky(beta=0.85, linear_features=10, init_hidden=True),
    nn.Linear(10, 4), leaky(4, 0.8, output=True)), 'subtract', 'next-step', {'1': '1.lif'})
snn_golden('snntorch-rsynaptic', lambda: nn.Sequential(
    nn.Linear(12, 10), snn.RSynaptic(alpha=0.5, beta=0.8, linear_features=10, init_hidden=True),
    nn.Linear(10, 4), leaky(4, 0.8, output=True)), 'subtract', 'next-step', {'1': '1.lif'})


# Norse: its export divides its own dt of 1 ms by the inverse time constant in 1/s, so that tau is 1000 times too small: a step
# of 1 us has the effect of its step of 1 ms. Scalars cannot be packed.
def norse_step(net, inputs):
    state = None
    for x in inputs:
        _, state = net(x[None], state)


golden(
    'norse-lifbox',
    seeded(lambda: norse.SequentialState(nn.Linear(12, 10), norse.LIFBoxCell(norse.LIFBoxParameters(v_th=torch.tensor(0.1))),
                                         nn.Linear(10, 4), norse.LIFBoxCell(norse.LIFBoxParameters(v_th=torch.tensor(0.05))))),
    (norse.LIFBoxCell,), norse_step, lambda net: norse_to_nir(net, torch.zeros(1, 12)), samples((12,), 6),
    {'timeStepS': 1e-6, 'integration': 'euler', 'threshold': 'gt', 'reset': 'value', 'resetTime': 'same-step'},
)
torch.manual_seed(1)
cuba = norse.SequentialState(nn.Linear(12, 10), norse.LIFCell(), nn.Linear(10, 4), norse.LIFCell())
nir.write(str(OUT / 'norse-lif.nir'), norse_to_nir(cuba, torch.zeros(1, 12)), compression=None)


# Sinabs: tau is in steps, and its layers decay exactly; SingleSpike is at most one spike a step.
SINABS = dict(spike_fn=sina.SingleSpike, min_v_mem=None)
SINABS_STEP = {'timeStepS': 1, 'integration': 'exact', 'threshold': 'ge', 'reset': 'subtract', 'resetTime': 'same-step'}


def sinabs_step(net, inputs):
    for module in net:
        if hasattr(module, 'reset_states'):
            module.reset_states()
    for x in inputs:
        net(x[None])


def sinabs_net():
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3, stride=(1, 1), padding=(1, 0)), sl.IAFSqueeze(batch_size=1, spike_threshold=torch.tensor(0.7), **SINABS),
        sl.SumPool2d(2), nn.Conv2d(3, 4, 2, bias=False), sl.LIFSqueeze(tau_mem=torch.full((4, 3, 2), 5.0),
        spike_threshold=torch.full((4, 3, 2), 0.06), batch_size=1, **SINABS),
        nn.Flatten(), nn.Linear(24, 5), sl.LIFSqueeze(tau_mem=torch.full((5,), 8.0), spike_threshold=torch.full((5,), 0.03), batch_size=1, **SINABS))
    return net


def sinabs_export(net):
    sample = torch.zeros(1, 2, 8, 8)
    with torch.no_grad():
        net(sample)
    graph = sinabs.nir.to_nir(net, sample)
    graph.infer_types()
    return graph


golden('sinabs-conv', seeded(sinabs_net), (sl.IAFSqueeze, sl.LIFSqueeze), sinabs_step, sinabs_export,
       samples((2, 8, 8), 7, 0.3), SINABS_STEP)


# nir itself, which runs nothing: every node. Its check of shapes takes all kernels for square ones, and is left out.
rng = np.random.default_rng(3)


def numbers(*shape):
    return rng.uniform(0.5, 1.5, shape).astype(np.float32)


def neurons(kind, shape):
    names = {
        'LIF': ['tau', 'r', 'v_leak', 'v_threshold', 'v_reset'], 'IF': ['r', 'v_threshold', 'v_reset'], 'LI': ['tau', 'r', 'v_leak'],
        'I': ['r'], 'CubaLI': ['tau_mem', 'tau_syn', 'r', 'v_leak', 'w_in'], 'Threshold': ['threshold'],
        'CubaLIF': ['tau_mem', 'tau_syn', 'r', 'v_leak', 'v_threshold', 'v_reset', 'w_in'],
    }[kind]
    return getattr(nir, kind)(**{name: numbers(*shape) for name in names})


def chain(name, **nodes):
    names = list(nodes)
    nir.write(str(OUT / f'{name}.nir'), nir.NIRGraph(nodes, list(zip(names, names[1:])), metadata={'dt': 0.001}, type_check=False), compression=None)


chain(
    'nir-maps', input=nir.Input(np.array([2, 9, 8])),
    conv=nir.Conv2d((9, 8), numbers(4, 1, 3, 2), (2, 1), (1, 0), (1, 2), 2, numbers(4)), cells=neurons('IF', (4, 5, 6)),
    sums=nir.SumPool2d(np.array([2, 2]), np.array([1, 2]), np.array([0, 0])),
    more=nir.Conv2d((4, 3), numbers(2, 4, 3, 3), 1, 'same', 1, 1, numbers(2)), scale=nir.Scale(numbers(2, 4, 3)),
    means=nir.AvgPool2d(np.array([2, 3]), np.array([2, 3]), np.array([0, 0])),
    flat=nir.Flatten({'input': np.array([2, 2, 1])}, 0, -1), output=nir.Output(np.array([4])))
chain(
    'nir-neurons', input=nir.Input(np.array([3])), fc=nir.Affine(numbers(5, 3), numbers(5)), lif=neurons('LIF', (5,)),
    delay=nir.Delay(numbers(5) / 1000), cubalif=neurons('CubaLIF', (5,)), linear=nir.Linear(numbers(4, 5)), li=neurons('LI', (4,)),
    threshold=neurons('Threshold', (4,)), i=neurons('I', (4,)), cubali=neurons('CubaLI', (4,)), output=nir.Output(np.array([4])))
chain(
    'nir-conv1d', input=nir.Input(np.array([2, 9])), conv=nir.Conv1d(9, numbers(4, 1, 3), 2, 1, 1, 2, numbers(4)),
    cells=neurons('LIF', (4, 5)), flat=nir.Flatten({'input': np.array([4, 5])}, 0, -1), output=nir.Output(np.array([20])))
inner = nir.NIRGraph(
    {'input': nir.Input(np.array([4])), 'lif': neurons('LIF', (4,)), 'w_rec': nir.Linear(numbers(4, 4)), 'output': nir.Output(np.array([4]))},
    [('input', 'lif'), ('lif', 'w_rec'), ('w_rec', 'lif'), ('lif', 'output')])
nir.write(str(OUT / 'nir-nested.nir'), nir.NIRGraph(
    {'input': nir.Input(np.array([3])), 'fc': nir.Linear(numbers(4, 3)), 'cell': inner, 'output': nir.Output(np.array([4]))},
    [('input', 'fc'), ('fc', 'cell'), ('cell', 'output')], type_check=False), compression=None)

versions = {name: importlib.metadata.version(name) for name in ['nir', 'nirtorch', 'snntorch', 'norse', 'sinabs', 'torch', 'numpy', 'h5py']}
(OUT / 'manifest.json').write_text(json.dumps({'steps': STEPS, 'versions': versions, 'files': manifest}, indent=2) + '\n')
