# Files of PyTorch itself. Run in this folder.
import argparse, warnings, numpy as np, torch

warnings.simplefilter('ignore')
w = torch.tensor((np.arange(24, dtype=np.float32).reshape(6, 4) * 7 % 24) / np.float32(24))
t = torch.tensor([0, 0.5, 1, 1.5])
module = torch.nn.Linear(2, 1)
torch.nn.init.zeros_(module.weight), torch.nn.init.zeros_(module.bias)

torch.save(
    {
        'net': {'w': torch.nn.Parameter(w.half()), 'theta': t.bfloat16()},
        'epoch': 3,
        'best': np.float64(93.5),
        'args': argparse.Namespace(lr=0.1),
        'size': torch.Size([6, 4]),
        'device': torch.device('cpu'),
        'seen': {1, 2},
        'spectrum': torch.zeros(2, dtype=torch.complex64),
        'eighth': torch.zeros(2).to(torch.float8_e4m3fn),
        'sparse': torch.eye(2).to_sparse(),
        'array': np.zeros(2),
        'kind': torch.float32,
        'seed': 2**100,
        'module': module,
        'ids': torch.tensor([1, 65535], dtype=torch.uint16),
        'history': [t, [0.5, 0.25]],
    },
    'bystanders.pt',
)
torch.save(module, 'module.pt')
torch.jit.script(module).save('script.pt')
torch.save(
    {
        'weight': torch.quantize_per_tensor(w, 1 / 127, 3, torch.quint8),
        'theta': t,
        'channels': torch.quantize_per_channel(w, torch.full((6,), 0.01), torch.zeros(6), 0, torch.qint8),
        'codes': (w * 127).round().to(torch.int8),
    },
    'quantised.pt',
)
print(torch.quantize_per_tensor(w, 1 / 127, 3, torch.quint8).dequantize().flatten().tolist())
