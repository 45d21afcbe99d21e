"""The command that replays the past: where decided pairs stood before and after learning."""

import csv
import io
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask import Flask

from registry.cli.environment import out_option, with_app, write
from registry.common.calendar import day_bounds_utc, now_utc
from registry.matching import Weights
from registry.suggestions.replay import Outcome, replay, steps_until, summarise
from registry.suggestions.weights import version_numbered

USAGE = 2
HEADER = ("decided", "need", "seed", "decision", "reason", "recipe", "learned", "weights")


@click.command("replay")
@click.option("--weights", "number", type=click.IntRange(1), help="Number of a learned version.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Leave out all that came after this day."
)
@out_option
@with_app
def replay_command(
    _app: Flask, number: int | None, as_of: datetime | None, out: Path | None
) -> None:
    """Rank every decided pair by what was known before it, by the recipe and by learned weights.

    Without --weights they are learned anew for each day from the days before; with it the version
    is taken as it is, and only decisions after its training count. A CSV line for each decision
    comes first (0 = not found), the figures follow on stderr.
    """
    until = now_utc() if as_of is None else _end_of(as_of.date())
    weights, learned_until = None, until
    if number is not None:
        version = version_numbered(number)
        if version is None:
            click.echo(f"replay: there is no version {number}", err=True)
            sys.exit(USAGE)
        weights, learned_until = Weights.from_json(version.content), version.learned_until
    outcomes = replay(steps_until(until), weights, learned_until)
    write(_table(outcomes), out)
    for line in _figures(outcomes):
        click.echo(line, err=True)


def _end_of(day: date) -> datetime:
    """The last moment of a day in Tokyo."""
    return day_bounds_utc(day, day)[1] - timedelta(microseconds=1)


def _table(outcomes: Sequence[Outcome]) -> str:
    """A line for each decision, oldest first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for outcome in outcomes:
        step = outcome.step
        state = "learned" if outcome.honest else "taught"
        writer.writerow(
            (
                step.decided_at.isoformat(timespec="seconds"),
                step.need.reference,
                step.seed.reference,
                step.kind.value,
                step.reason.value if step.reason else "",
                outcome.before or 0,
                outcome.after or 0,
                state if outcome.learned else "recipe",
            )
        )
    return text.getvalue()


def _figures(outcomes: Sequence[Outcome]) -> list[str]:
    """Counts, mean rank, mean reciprocal rank and share of the first ten, before and after."""
    lines = [f"replay: {len(outcomes)} decisions, {sum(o.learned for o in outcomes)} with weights"]
    for group, found in summarise(outcomes).items():
        counted = found["recipe"]
        lines.append(f"{group}: {counted['count']} counted, {counted['found']} found")
        for name in ("recipe", "learned"):
            figures = found[name]
            mean = "-" if figures["mean"] is None else f"{figures['mean']:.2f}"
            lines.append(
                f"  {name:<8} mean rank {mean:>6}  MRR {figures['mrr']:.4f}"
                f"  top 10 {figures['top']:.1%}"
            )
    return lines


COMMANDS = (replay_command,)
