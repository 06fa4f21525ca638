"""Writes statistics.json: statistics of fixed samples by SciPy. Run: python test/golden/statistics.py

Packages: scipy 1.17.1, numpy 2.4.6.
"""

import json
from pathlib import Path

import numpy as np
from scipy import optimize, stats


def interval(low, high):
    return {"low": float(low), "high": float(high)}


def pairs(rng, n, slope, decimals):
    """x in [0, 1], y that follows it, and a z that follows both; rounding makes ties."""
    x = rng.uniform(size=n).round(decimals)
    y = (slope * x + rng.normal(scale=0.3, size=n)).round(decimals)
    z = (x + y + rng.normal(size=n)).round(decimals)
    return x, y, z


def correlations(x, y, z):
    pearson = stats.pearsonr(x, y)
    line = stats.linregress(x, y)
    half = stats.t.ppf(0.975, len(x) - 2) * line.stderr
    design = np.stack([z, np.ones_like(z)], axis=1)
    residual_x, residual_y = (v - design @ np.linalg.lstsq(design, v, rcond=None)[0] for v in (x, y))
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "z": z.tolist(),
        "pearson": float(pearson.statistic),
        "fisher": interval(*pearson.confidence_interval(0.95)),
        "spearman": float(stats.spearmanr(x, y).statistic),
        "partial": float(stats.pearsonr(residual_x, residual_y).statistic),
        "slope": float(line.slope),
        "intercept": float(line.intercept),
        "slopeInterval": interval(line.slope - half, line.slope + half),
    }


def isotonic(y):
    return {"y": y.tolist(), "fitted": optimize.isotonic_regression(y).x.tolist()}


def calibration(p, outcome, bins):
    """Expected calibration error over bins of equal width."""
    edges = np.linspace(0, 1, bins + 1)
    counts, predicted, observed = (
        stats.binned_statistic(p, v, statistic=how, bins=edges).statistic
        for v, how in ((p, "count"), (p, "mean"), (outcome, "mean"))
    )
    filled = counts > 0
    ece = np.sum(counts[filled] / len(p) * np.abs(observed[filled] - predicted[filled]))
    return {"p": p.tolist(), "outcome": outcome.tolist(), "bins": bins, "ece": float(ece), "eceIfCalibrated": drawn_error(p, edges)}


def drawn_error(p, edges, times=4000):
    """Mean expected calibration error of outcomes that are drawn from the probabilities themselves."""
    rng, at = np.random.default_rng(5), np.digitize(p, edges[1:-1])
    excess = (rng.uniform(size=(times, len(p))) < p) - p
    return float(sum(np.abs(excess[:, at == b].sum(1)) for b in range(len(edges) - 1)).mean() / len(p))


def wilson(successes, n):
    ci = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    return {"successes": successes, "n": n, "interval": interval(ci.low, ci.high)}


def binned(x, y, bins):
    edges = np.linspace(0, 1, bins + 1)
    means, _, place = stats.binned_statistic(x, y, bins=edges)
    found = []
    for index in range(bins):
        inside = y[place == index + 1]
        if len(inside) == 0:
            continue
        ci = stats.t.interval(0.95, len(inside) - 1, loc=inside.mean(), scale=stats.sem(inside)) if len(inside) > 1 else None
        found.append({"n": len(inside), "mean": float(means[index]), "interval": ci and interval(*ci)})
    filled = np.flatnonzero(~np.isnan(means))
    rank = stats.spearmanr(filled, means[filled]).statistic
    return {"x": x.tolist(), "y": y.tolist(), "bins": bins, "found": found, "spearman": float(rank)}


def paired(a, b):
    """Means with their intervals, and the paired difference a - b."""
    of = lambda v: {"mean": float(v.mean()), "interval": interval(*stats.t.interval(0.95, len(v) - 1, v.mean(), stats.sem(v)))}
    ci = stats.ttest_rel(a, b).confidence_interval(0.95)
    difference = {"mean": float((a - b).mean()), "interval": interval(ci.low, ci.high)}
    return {"a": a.tolist(), "b": b.tolist(), "of": of(a), "difference": difference}


def two_samples(a, b):
    """Difference of the means of two samples of one variance."""
    ci = stats.ttest_ind(a, b).confidence_interval(0.95)
    difference = {"mean": float(a.mean() - b.mean()), "interval": interval(ci.low, ci.high)}
    return {"a": a.tolist(), "b": b.tolist(), "difference": difference}


def quantiles(values):
    at = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
    return {"values": values.tolist(), "at": at, "quantiles": np.quantile(values, at, method="hazen").tolist()}


def main():
    rng = np.random.default_rng(20240607)
    p = rng.uniform(size=300)
    x = rng.uniform(size=90)
    golden = {
        "correlations": [
            correlations(*pairs(rng, n, slope, decimals))
            for n, slope, decimals in ((5, 0.8, 3), (40, 0.0, 1), (200, -0.7, 2), (501, 1.0, 6))
        ],
        "isotonic": [isotonic(rng.normal(size=n) + np.arange(n) * step) for n, step in ((1, 0), (8, -1), (60, 0.05))],
        "calibration": [calibration(p, rng.uniform(size=300) < p**2, bins) for bins in (1, 10, 15)],
        "wilson": [wilson(*counts) for counts in ((0, 5), (5, 5), (321, 500), (1, 2))],
        "binned": [binned(x, x + rng.normal(size=90), bins) for bins in (10, 60)],
        "paired": [paired(a, 0.5 * a + rng.uniform(size=len(a))) for a in (rng.uniform(size=n) for n in (2, 9, 150))],
        "quantiles": [quantiles(np.sort(rng.normal(size=n))) for n in (1, 2, 77)],
        "criticalT": [
            {"level": level, "degrees": degrees, "t": float(stats.t.ppf((1 + level) / 2, degrees))}
            for level in (0.5, 0.95, 0.999)
            for degrees in (1, 2, 3, 4, 17, 498, 10001)
        ],
        "twoSamples": [
            two_samples(rng.normal(size=n), rng.normal(0.4, size=m)) for n, m in ((2, 2), (30, 7), (101, 200))
        ],
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
