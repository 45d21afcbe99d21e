"""Commands of the matching engine: its dictionary, and suggestions from files or the database."""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
from flask import Flask
from tqdm import tqdm

from registry.cli.environment import out_option, with_app, write
from registry.config import Config
from registry.matching import (
    BadFile,
    DictionarySourceMissing,
    Given,
    Lexicon,
    Suggestion,
    Text,
    build_dictionary,
    cores,
    open_dictionary,
    read_texts,
    suggest_all,
    write_suggestions,
)
from registry.suggestions.matcher import dictionary_folder, encoder, matcher
from registry.suggestions.texts import open_items

USAGE = 2
file_option = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@with_app
def dictionary(app: Flask) -> None:
    """Build the bilingual dictionary from JMdict, once."""
    if built := _build(app):
        click.echo(f"dictionary: {built.name} is ready", err=True)


@click.command()
@click.option("--needs", type=file_option, help="CSV of needs.")
@click.option("--seeds", type=file_option, help="CSV of seeds.")
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=cores, help="Default: one for each core."
)
@click.option("--words-only", is_flag=True, help="Leave meaning out.")
@out_option
@with_app
def suggest(
    app: Flask,
    needs: Path | None,
    seeds: Path | None,
    top: int,
    processes: int,
    words_only: bool,
    out: Path | None,
) -> None:
    """Suggest seeds for needs: of two CSV files, or of the open listings."""
    if (needs is None) != (seeds is None):
        raise click.UsageError("--needs and --seeds go together")
    built = _build(app)
    meaning = None if words_only else encoder()
    if needs and seeds:
        lexicon = Lexicon(open_dictionary(built) if built else None)
        pairs: tuple[Sequence[Given], Sequence[Given]] = (_read(needs), _read(seeds))
    else:
        matcher().follow()
        lexicon, pairs = matcher().lexicon, open_items()
    if meaning is None:
        click.echo("suggest: by words alone, without meaning", err=True)
    text = io.StringIO(newline="")
    with Bar("suggest") as progress:
        rows: Iterator[tuple[str, list[Suggestion]]] = suggest_all(
            *pairs,
            top=top,
            lexicon=lexicon,
            encoder=meaning,
            progress=progress,
            processes=processes,
        )
        count = write_suggestions(rows, text)
    write(text.getvalue(), out)
    click.echo(
        f"suggest: {len(pairs[0])} needs, {len(pairs[1])} seeds, {count} suggestions", err=True
    )


def _build(app: Flask) -> Path | None:
    """The dictionary's folder, built when it is not there yet; None without its source."""
    config: Config = app.extensions["musubi_config"]
    target = dictionary_folder(config)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with Bar("dictionary") as progress:
            return build_dictionary(target, progress)
    except DictionarySourceMissing:
        click.echo("dictionary: jamdict-data is missing; words of one language only", err=True)
        return None


def _read(path: Path) -> tuple[Text, ...]:
    """The texts of a file; a bad one ends the command with a line that names row and column."""
    try:
        found = read_texts(path)
    except BadFile as error:
        click.echo(f"{path}: {error}", err=True)
        sys.exit(USAGE)
    click.echo(f"{path}: {found.encoding}, {len(found.texts)}", err=True)
    return found.texts


class Bar:
    """A progress bar on stderr that a function (done, total) moves."""

    def __init__(self, title: str) -> None:
        self.bar = tqdm(desc=title, file=sys.stderr, disable=None, leave=False)

    def __enter__(self) -> Callable[[int, int], None]:
        def move(done: int, total: int) -> None:
            self.bar.total = total
            self.bar.update(done - self.bar.n)

        return move

    def __exit__(self, *_error: object) -> None:
        self.bar.close()


COMMANDS = (dictionary, suggest)
