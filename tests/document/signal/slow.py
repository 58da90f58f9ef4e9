"""Slow, obvious sums over signals: the oracle of these tests."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.document.signal.window import Terms


def convolved(f: Sequence[float], g: Sequence[float]) -> list[float]:
    """c(n) = Σ f(a) g(n − a)."""
    result = [0.0] * (len(f) + len(g) - 1)
    for a in range(len(f)):
        for b in range(len(g)):
            result[a + b] += float(f[a]) * float(g[b])
    return result


def correlated(f: Sequence[float], g: Sequence[float]) -> list[float]:
    """c(k) = Σ f(a) g(a − k) for the lags k = −(count − 1) … count − 1."""
    result = []
    for lag in range(1 - len(g), len(f)):
        pairs = [(a, a - lag) for a in range(len(f)) if 0 <= a - lag < len(g)]
        result.append(sum(float(f[a]) * float(g[b]) for a, b in pairs))
    return result


def symbols(terms: Terms) -> str:
    """The sum in letters, as in f(0)g(3) + f(1)g(2)."""
    return " + ".join(f"f({a})g({b})" for a, b in zip(terms.a, terms.b, strict=True))
