"""Draws what the benchmarks of this machine have found beside the goals: docs/pictures/performance.svg.

    make bench && .venv/bin/python benchmarks/picture.py

A bar beyond the line has reached its goal; its length is the median ratio over the goal, or the goal over it where less
is better. Of several runs the latest counts.
"""

from __future__ import annotations

import json
from pathlib import Path

import mailroom
from matplotlib import pyplot as plt

# What a benchmark calls its figure: (the goal, whether more is better).
GOALS = {
    "G1 throughput, as a share of fetching and parsing alone": (0.40, True),
    "G2 throughput, as times that of a plain pipeline": (5.0, True),
    "G3 times as fast as spamd": (40.0, True),
    "G3 times as fast as bogofilter, a process a mail": (1.2, True),
    "G3 times as fast as bogofilter in bulk": (0.5, True),
    "G4 one mail by the folded scorer, as a share of a mail in scikit-learn's batch": (1.5, False),
    "G5 arrival to draft, as times a raw client": (1.05, False),
    "G6 reader ready to judge, as a share of importing scikit-learn": (1.35, False),
    "G6 inboxbot --version, as a share of it": (0.25, False),
    "G7 reader at rest, as a share of scikit-learn alone": (1.5, False),
    "G7 memory for a mail of 24 MB, as times its size": (9.0, False),
    "G8 nothing new among 100000 mails, as times a sign-in and SELECT": (2.0, False),
    "G9 training with its calibration, as times one fit": (1.8, False),
}
PICTURE = mailroom.ROOT / "docs" / "pictures" / "performance.svg"


def main() -> None:
    lines = mailroom.RESULTS.read_text(encoding="utf-8").splitlines()
    found = {told["name"]: told for told in map(json.loads, lines)}
    names = [name for name in GOALS if name in found]
    reached = [_reached(name, found[name]["median"]) for name in names]
    figure, axes = plt.subplots(figsize=(9, 0.45 * len(names) + 1))
    colours = ["#3b7a57" if each >= 1 else "#b5651d" for each in reached]
    axes.barh(names, reached, color=colours)
    axes.axvline(1, color="#333333", linewidth=1)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.set_xlabel("how far the goal is reached (1: just)")
    for place, name in enumerate(names):
        goal, more = GOALS[name]
        sign = "≥" if more else "≤"
        axes.text(
            max(reached[place], 1) * 1.05,
            place,
            f"{found[name]['median']:.2f} ({sign} {goal:g})",
            va="center",
            fontsize=8,
        )
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(right=max(reached) * 4)
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})
    print(f"{PICTURE.relative_to(Path.cwd())}: {sum(each >= 1 for each in reached)} of {len(names)} goals reached")


def _reached(name: str, median: float) -> float:
    goal, more = GOALS[name]
    return median / goal if more else goal / median


if __name__ == "__main__":
    main()
