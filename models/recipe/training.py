"""The clock, optimiser and checkpoint of a stage that trains an adapter for some minutes."""

import os
import time
from pathlib import Path

import torch

from lora import load_adapter, save_adapter, with_lora
from precision import DEVICE
from schedule import rate_share


class Training:
    """Adam over a LoRA of `rank` on `model`: linear warm-up, then a cosine over the minutes, level where those are infinite; gradients clipped at norm 1.

    seconds, step: trained so far, over all runs that went on from `out`/checkpoint.pt.
    """

    def __init__(self, model, rank, out, learning_rate, minutes, warm_up_steps):
        self.model, self.rank, self.out = model, rank, Path(out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.parameters = with_lora(model.to(DEVICE), rank)
        self.learning_rate, self.budget, self.warm_up_steps = learning_rate, minutes * 60, warm_up_steps
        self.optimiser = torch.optim.AdamW(self.parameters, lr=learning_rate, weight_decay=0.0, betas=(0.9, 0.98))
        self.seconds, self.step = 0.0, 0
        self.started = self.saved_at = time.time()

    def resume(self, start=None):
        """Go on from the own checkpoint, with all that belongs to it; else from the adapter of `start`, if any: a checkpoint or an adapter's file."""
        own = self.out / "checkpoint.pt"
        path = own if own.exists() else start
        if not path:
            return
        if str(path).endswith(".safetensors"):
            return load_adapter(self.model, path)
        state = torch.load(path)
        for parameter, saved in zip(self.parameters, state["parameters"]):
            parameter.data.copy_(saved)
        if path == own:
            self.optimiser.load_state_dict(state["optimiser"])
            self.seconds, self.step = state["seconds"], state["step"]
            self.started -= self.seconds

    @property
    def over(self):
        return self.seconds >= self.budget

    def update(self, losses):
        """One step of the optimiser down the mean of `losses`, an iterable: each may be made when its turn comes, so that the graphs of no two are held at once."""
        self.optimiser.zero_grad()
        for count, loss in enumerate(losses, 1):
            loss.backward()
        for parameter in self.parameters:
            parameter.grad /= count
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate * rate_share(self.step, self.warm_up_steps, self.seconds / self.budget)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.step += 1
        self.seconds = time.time() - self.started

    def save(self, older_than=0.0):
        """Write checkpoint.pt and adapter.safetensors, if the last ones are older than so many seconds."""
        if time.time() - self.saved_at < older_than:
            return
        state = {"parameters": [p.data for p in self.parameters], "optimiser": self.optimiser.state_dict(), "seconds": self.seconds, "step": self.step}
        torch.save(state, self.out / "checkpoint.partial")
        os.replace(self.out / "checkpoint.partial", self.out / "checkpoint.pt")
        save_adapter(self.model, self.rank, self.out / "adapter.safetensors")
        self.saved_at = time.time()
