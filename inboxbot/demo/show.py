"""What the demo prints: each letter, what was understood with the passage it was read from, and the draft as it lies there."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from inboxbot.records import OTHER, UNSURE, Reading, Standing

_COLOURS = {Standing.GENUINE: "green", Standing.UNVERIFIED: "yellow", Standing.SUSPECT: "bold red"}
_FACTS = (
    "case_number", "amount", "deadline", "rights_holder", "author", "portal_url", "page_urls", "image_urls", "facts_at",
    "ip_address", "isp", "software", "first_warning_on",
)  # fmt: skip


def letter(console: Console, number: int, raw: bytes, reading: Reading, draft: bytes | None) -> None:
    """One letter and what became of it."""
    mail = _parsed(raw)
    console.rule(f"[bold]{number}[/bold]", style="dim")
    console.print(Text.assemble(("From     ", "dim"), str(mail["From"])))
    console.print(Text.assemble(("Subject  ", "dim"), (str(mail["Subject"]), "bold")))
    console.print(_verdict(reading))
    if reading.verdict.label != OTHER:
        for reason in reading.trust.reasons:
            console.print(Text(f"         {reason}", style="dim"))
        if facts := list(_facts(reading)):
            console.print(_table(facts))
    if draft is None:
        console.print(Text.assemble(("No draft ", "dim"), reading.silence or ""))
    else:
        console.print(_draft(draft))


def _verdict(reading: Reading) -> Text:
    label = reading.verdict.label
    colour = {OTHER: "dim", UNSURE: "yellow"}.get(label, "cyan")
    stage = f", {reading.stage}" if reading.stage else ""
    said = Text.assemble(("Verdict  ", "dim"), (f"{label}{stage}", colour), f"  {reading.verdict.confidence:.1%} sure")
    if label != OTHER:
        said.append("  ·  sender ").append(reading.trust.verdict.value, _COLOURS[reading.trust.verdict])
    return said


def _facts(reading: Reading) -> Iterator[tuple[str, str, str]]:
    facts = reading.facts
    for name in _FACTS:
        value = getattr(facts, name)
        if value in (None, ()):
            continue
        said = (
            f"{value} {facts.currency}"
            if name == "amount"
            else "\n".join(value)
            if isinstance(value, tuple)
            else str(value)
        )
        passage = facts.evidence.get(name)
        quote = f"“{' '.join(passage.quote.split())[:100]}” ({passage.source})" if passage else ""
        yield name.replace("_", " "), said, quote
    others = [f"{a.value} {a.currency} ({a.kind})" for a in facts.amounts]
    if len(others) > 1:
        yield "all sums", ", ".join(others), ""


def _table(rows: list[tuple[str, str, str]]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=2)
    table.add_column(style="italic dim", overflow="fold", ratio=3)
    for name, said, quote in rows:
        table.add_row(Text(name), Text(said), Text(quote))
    return table


def _draft(raw: bytes) -> RenderableType:
    mail = _parsed(raw)
    body = mail.get_body(("plain",))
    text = str(body.get_content()).rstrip() if body else ""
    own, quoted, _ = text.partition("\n> ")
    head = Text.assemble(
        ("To: ", "dim"), str(mail["To"] or "(left to you)"), ("\nSubject: ", "dim"), str(mail["Subject"])
    )
    words = Text(own)
    words.highlight_regex(r"\[(?:À COMPLÉTER|TO BE COMPLETED|BITTE ERGÄNZEN)[^\]]*\]", "bold yellow")
    below = [Text("> … (the letter, quoted)", style="dim")] if quoted else []
    return Panel(Group(head, Text(), words, *below), title="draft in Drafts", title_align="left", border_style="green")


def _parsed(raw: bytes) -> EmailMessage:
    """Our own sample or our own draft: no stranger's bytes come here."""
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed
