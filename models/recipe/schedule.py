"""The learning rate of a training that ends by the clock."""

import math

FLOOR = 0.03  # of the full rate, at the end


def rate_share(step, warm_up_steps, done):
    """Share of the full learning rate at a step, counted from 0: linear warm-up, then a cosine over what is done, in [0, 1]."""
    return min(1.0, (step + 1) / warm_up_steps) * max(FLOOR, 0.5 * (1 + math.cos(math.pi * min(1.0, done))))
