"""Several processes that train one network, started by torchrun; DistributedDataParallel keeps them in step."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn


@dataclass(frozen=True)
class Team:
    """One process among those that train together; alone unless torchrun says otherwise."""

    rank: int = 0  # of this process, 0 … size-1
    size: int = 1  # processes

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and reports."""
        return self.rank == 0

    def share(self, picked: Tensor) -> Tensor:  # (N,) -> (ceil(N / size),)
        """Return this process's part of a batch; all parts are of one length, if need be by taking some twice."""
        if self.size == 1:
            return picked
        part = -(-len(picked) // self.size)
        places = torch.arange(self.rank, part * self.size, self.size, device=picked.device)
        return picked[places % len(picked)]

    def total(self, values: Tensor) -> Tensor:
        """Return the sum of all processes' values."""
        if self.size > 1:
            distributed.all_reduce(values)
        return values

    def in_step(self, learner: nn.Module) -> nn.Module:
        """Return what computes the same, its gradients being the mean over all processes.

        The statistics that normalisation keeps are those of the leader's part of each batch.
        """
        return learner if self.size == 1 else DistributedDataParallel(learner)


def place() -> Team:
    """Return which of the processes that torchrun started this is, before and after they meet too; alone without it."""
    if not distributed.is_torchelastic_launched():
        return Team()
    return Team(int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"]))


@contextmanager
def team(device: torch.device) -> Iterator[Team]:
    """Join the processes that torchrun started, by gloo on the CPU and nccl on CUDA; alone without torchrun."""
    if not distributed.is_torchelastic_launched():
        yield Team()
        return
    if device.type == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Team(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
