"""Independent interpreter of a flat NIR graph (README.md of the networks goldens), any float type."""
import numpy as np, torch, torch.nn.functional as F

def reach(x, shape):
    a = np.asarray(x)
    if a.size == 1: return a.reshape(())
    return a.reshape(shape) if a.size == int(np.prod(shape)) else np.broadcast_to(a, shape)

def order_of(nodes, edges, delayed):
    done, order = set(), []
    while len(order) < len(nodes):
        for n in nodes:
            if n in done: continue
            if all(a in done for (a, b) in edges if b == n and (a, b) not in delayed):
                done.add(n); order.append(n); break
        else: raise Exception('cycle')
    return order

def run(nodes, edges, delayed, x, dt, reset, strict, exact=False, dtype=np.float32, inexact_margin=None):
    """nodes: {name: (type, dict)}; x: [T, *shape]. Returns spikes {name:[T,n]}, output values [T,n], smallest distance."""
    ft = lambda a: np.asarray(a).astype(np.float32).astype(dtype)   # files are read in single precision
    order = order_of(nodes, edges, delayed)
    T = len(x); out = {}; prev = {}; st = {}; spikes = {}; vals = []; margin = np.inf
    dtf = dtype(np.float32(dt))
    rate = lambda tau: (dtf/ft(tau)) if not exact else (-np.expm1(-(dtf/ft(tau)).astype(np.float64))).astype(dtype)
    for t in range(T):
        for n in order:
            ty, p = nodes[n]
            srcs = [(a, (a, b) in delayed) for (a, b) in edges if b == n]
            i = None
            for a, d in srcs:
                v = (prev.get(a) if d else out[a])
                if v is None: continue
                i = v if i is None else i.reshape(-1) .__add__(v.reshape(-1)).reshape(i.shape)
            if ty == 'Input': out[n] = x[t].astype(dtype); continue
            if i is None:  # only delayed sources at t = 0
                i = np.zeros(p['_shape'], dtype)
            if ty in ('Linear', 'Affine'):
                y = ft(p['weight']) @ i.reshape(-1)
                if ty == 'Affine': y = y + ft(p['bias'])
                out[n] = y.astype(dtype)
            elif ty == 'Conv2d' or ty == 'Conv1d':
                w = torch.tensor(ft(p['weight'])); b = torch.tensor(ft(p['bias']))
                pad = p['padding'] if isinstance(p['padding'], str) else tuple(int(k) for k in np.atleast_1d(p['padding']))
                f = F.conv2d if ty == 'Conv2d' else F.conv1d
                tup = lambda k: tuple(int(z) for z in np.atleast_1d(p[k]))
                out[n] = f(torch.tensor(i)[None], w, b, stride=tup('stride'), padding=pad, dilation=tup('dilation'), groups=int(p['groups']))[0].numpy()
            elif ty in ('SumPool2d', 'AvgPool2d'):
                k = tuple(int(z) for z in p['kernel_size'])
                y = F.avg_pool2d(torch.tensor(i)[None], k, tuple(int(z) for z in p['stride']), tuple(int(z) for z in p['padding']), divisor_override=1)[0].numpy()
                out[n] = y if ty == 'SumPool2d' else (y / dtype(k[0]*k[1]))
            elif ty == 'Flatten':
                s, e = int(p['start_dim']), int(p['end_dim'])
                out[n] = torch.flatten(torch.tensor(i), s, e).numpy()
            elif ty == 'Scale': out[n] = i * reach(ft(p['scale']), i.shape)
            elif ty == 'Delay':
                st.setdefault(n, []).append(i.copy())
                d = np.broadcast_to(np.rint(reach(np.asarray(p['delay'], np.float64), i.shape)/dt).astype(int), i.shape)
                y = np.zeros_like(i)
                for idx in np.ndindex(*i.shape):
                    if t - d[idx] >= 0: y[idx] = st[n][t-d[idx]][idx]
                out[n] = y
            elif ty == 'Output': out[n] = i; vals.append(i.reshape(-1).copy())
            else:
                sh = i.shape; g = lambda k: reach(ft(p[k]), sh)
                s = st.setdefault(n, {'v': np.zeros(sh, dtype), 'I': np.zeros(sh, dtype)})
                cur = i
                if ty.startswith('Cuba'):
                    s['I'] = (s['I'] + rate(g('tau_syn'))*(g('w_in')*i - s['I'])).astype(dtype); cur = s['I']
                    tau = g('tau_mem')
                elif ty in ('LIF', 'LI'): tau = g('tau')
                if ty == 'Threshold':
                    vp = i
                elif ty in ('IF', 'I'): vp = (s['v'] + dtf*g('r')*cur).astype(dtype)
                else: vp = (s['v'] + rate(tau)*(g('v_leak') - s['v'] + g('r')*cur)).astype(dtype)
                if ty in ('LI', 'CubaLI', 'I'): s['v'] = vp; out[n] = vp; continue
                th = g('threshold') if ty == 'Threshold' else g('v_threshold')
                z = (vp > th) if strict else (vp >= th)
                margin = min(margin, float(np.min(np.abs(vp-th)/np.maximum(1, np.abs(th)))))
                if ty != 'Threshold':
                    vr = reach(ft(p['v_reset']), sh) if 'v_reset' in p else dtype(0)
                    s['v'] = np.where(z, vr, vp).astype(dtype) if reset == 'value' else (vp - z*th).astype(dtype)
                out[n] = z.astype(dtype)
                spikes.setdefault(n, []).append(z.reshape(-1).copy())
        prev = dict(out)
    return {k: np.array(v) for k, v in spikes.items()}, np.array(vals), margin
