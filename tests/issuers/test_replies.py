"""Every example letter, answered in every way and language, is fit to be sent by mistake; so is every reply to the others."""

from __future__ import annotations

from pathlib import Path

import pytest
import re2

from inboxbot.issuers.lint import lint
from inboxbot.issuers.quote import host_of, live_links
from inboxbot.issuers.said import sums_in
from inboxbot.issuers.wording import blanks, without_blanks
from inboxbot.records import Identity, Reply
from tests.issuers.letters import COMPANY, EXAMPLES, FILES, PERSON, ROOM_EXAMPLES, read, reply_to, room_of

# Words joined or cut by a template, and what only a machine writes.
AWKWARD = re2.compile(r"  | ,| \.|,,|\.\.|\( | \)|\(\)|;;|: :|\bNone\b|[{}]|\bcourriel\b|\be-?mail\b")
# In French a blank stands before these, in English and German none does.
COLONS = {"fr": re2.compile(r"[^ \[]:(?: |$)"), "en": re2.compile(r" [:;]"), "de": re2.compile(r" [:;]")}


def own_words(reply: Reply) -> str:
    return reply.body.partition("\n> ")[0]


def every_way(path: Path) -> list[str]:
    """All scenarios, once alone and once with everything that may be added to them."""
    room = room_of(path)
    ways = []
    for scenario in room.scenarios(None):
        more = room.additions(scenario)
        ways += [scenario, *(["+".join((scenario, *more))] if more else [])]
    return ways


def every_reply(path: Path) -> list[tuple[str, str]]:
    """Every scenario in every language that it is written in."""
    templates = room_of(path).templates
    return [(way, language) for way in every_way(path) for language in templates.languages(way.partition("+")[0])]


def check(path: Path, scenario: str, language: str, identity: Identity) -> None:
    facts = read(path)[2]
    reply = reply_to(path, scenario, language, identity)
    pages = {host_of(page) for page in facts.page_urls}
    assert lint(reply.body, language, own_hosts=pages, announced=len(reply.blanks)) == []
    asked = {amount.value for amount in facts.amounts} | {facts.amount}
    template = without_blanks(reply.body)
    assert {value for _, _, value in sums_in(template)} <= asked
    assert (facts.case_number or "[") in reply.body
    for fact in (facts.case_number, facts.rights_holder, facts.author, facts.isp):
        template = template.replace(fact or "\0", "x")
    assert AWKWARD.search(template) is None
    assert COLONS[language].search(template) is None


@pytest.mark.parametrize("identity", [COMPANY, PERSON], ids=lambda identity: identity.kind)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_sort_of_letter_gets_a_sober_reply_in_every_way_and_language(path: Path, identity: Identity) -> None:
    for scenario, language in every_reply(path):
        check(path, scenario, language, identity)


@pytest.mark.parametrize("path", ROOM_EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_each_example_of_a_room_gets_a_sober_reply_in_every_way_and_language(path: Path) -> None:
    for number, (scenario, language) in enumerate(every_reply(path)):
        check(path, scenario, language, (COMPANY, PERSON)[number % 2])


@pytest.mark.parametrize(("number", "path"), tuple(enumerate(FILES))[::4], ids=lambda value: getattr(value, "stem", ""))
def test_other_letters_get_a_sober_reply_in_one_way_or_another(number: int, path: Path) -> None:
    ways = every_reply(path)
    check(path, *ways[number % len(ways)], (COMPANY, PERSON)[number % 2])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_reply_that_would_be_filed_names_the_case_and_holds_no_live_link(path: Path) -> None:
    _, _, facts, stage = read(path)
    if room_of(path).default_scenario(stage) is None:
        return
    reply = reply_to(path, quote=True)
    assert reply.subject.lower().startswith("re:")
    assert "".join((facts.case_number or "").lower().split()) in "".join(reply.subject.lower().split())
    assert "Claire Durand" in own_words(reply)
    assert blanks(own_words(reply)) == reply.blanks
    assert {host_of(link) for link in live_links(reply.body)} <= {host_of(page) for page in facts.page_urls}


def test_the_examples_are_of_every_stage() -> None:
    stages = {read(path)[3] for path in EXAMPLES}
    assert stages >= {
        "notice", "reminder", "final", "lawyer", "closing",
        "recommendation_1", "reminder_letter", "recommendation_2", "notification_3",
    }  # fmt: skip
