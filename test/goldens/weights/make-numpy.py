# bystanders.npz: a network's arrays beside arrays that are no numbers. Run in this folder.
import datetime, numpy as np

w = (np.arange(24, dtype=np.float32).reshape(6, 4) * 7 % 24) / np.float32(24)
t = np.array([0, 0.5, 1, 1.5], dtype=np.float32)
np.savez(
    'bystanders.npz',
    names=np.array(['a', 'bc']),
    ids=np.array([b'a', b'bc']),
    weight=w,
    spectrum=np.zeros(3, np.complex64),
    when=np.array([datetime.datetime(2026, 1, 1)], dtype='datetime64[s]'),
    things=np.array([{'a': 1}, None], dtype=object),
    table=np.zeros(2, dtype=[('a', '<f4'), ('b', '<i2')]),
    theta=t,
)
