from __future__ import annotations

from pathlib import Path

from inboxbot.model.evaluate import Outcome, report
from inboxbot.model.judge import Rule
from inboxbot.model.page import Section, write_page

OUTCOMES = [
    Outcome("a.eml", "copytrack", "fr", {"copytrack": 0.98, "other": 0.02}),
    Outcome("b.eml", "copytrack", "en", {"copytrack": 0.4, "other": 0.6}),
    Outcome("c.eml", "other", "en", {"copytrack": 0.01, "other": 0.99}),
]


def test_a_page_needs_nothing_else_and_tells_every_figure(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    curve = {"copytrack": [(10, 0.5), (40, 0.9)]}
    changed = Section("What changed", "Two <letters>.", ("letter", "now"), (("k1", "copytrack"), ("k2", "unsure")))
    write_page(page, OUTCOMES, report(OUTCOMES, Rule()), curve, [changed])
    told = page.read_text("utf-8")
    assert "Two &lt;letters&gt;." in told
    assert "copytrack: 50% with 10, 90% with 40" in told
    assert told.count("<svg") == 3
    assert "b.eml" in told
    assert [word for word in ("http:", "https:", "<script", "src=", "url(") if word in told] == []


def test_a_model_measured_on_letters_alone_has_no_learning_curve(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", OUTCOMES, report(OUTCOMES, Rule()))
    assert "Learning curves" not in (tmp_path / "page.html").read_text("utf-8")
