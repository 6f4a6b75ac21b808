"""Short, plain letters in four hands, and ordinary mail that names the same issuers: enough to learn from, and quickly read."""

from __future__ import annotations

from collections.abc import Iterator

NAMES = {"copytrack": "Copytrack", "pixtrakk": "Pixtrakk", "hadopi": "Hadopi"}
HANDS = ("anna", "bert", "cora", "dirk")
DEMANDS = {
    "anna": (
        (
            "{name} acts for the owner of an image that you use on your website {page} without a licence.\n"
            "Please send us your licence or pay {sum} EUR by {day} May 2026. If you do not, we shall take legal action.\n"
            "Your case number is {number}."
        ),
        "Unlicensed use of an image: {name} case {number}",
    ),
    "bert": (
        (
            "We, {name}, have found that your site {page} shows a photograph of our client. You have no right to use it.\n"
            "We ask you to prove that you hold a licence, or to pay us compensation of {sum} EUR within {day} days.\n"
            "Reference {number}. Your legal team at {name}"
        ),
        "{name}: your use of a photograph, reference {number}",
    ),
    "cora": (
        (
            "You are using our client's picture on {page}. We hold the exclusive rights and you did not ask for permission.\n"
            "You must remove the picture and pay {sum} EUR by {day} June 2026 under case {number}. Failing payment we will sue you.\n"
            "{name} claims department"
        ),
        "Copyright infringement, case {number}",
    ),
    "dirk": (
        (
            "On behalf of the rights holder {name} informs you that your page {page} infringes copyright in an image.\n"
            "You owe a licence fee of {sum} EUR, due within {day} days. Please answer with case number {number}.\n"
            "If we receive no reply from you the claim will be handed to our lawyers."
        ),
        "Notice of infringement from {name}",
    ),
}
ORDINARY = {
    "anna": (
        (
            "This week in our newsletter: how {name} works, what photographers say about it, and five tips for your own site.\n"
            "Read the article on {page}. You receive this newsletter because you subscribed. Issue {number}."
        ),
        "Newsletter: {name} explained",
    ),
    "bert": (
        (
            "Hello Max, have you read the story about {name} in the paper? They seem to write to everybody these days.\n"
            "Let us talk about it over lunch on the {day}th. I will book a table for two."
        ),
        "Lunch",
    ),
    "cora": (
        (
            "The press reports that {name} had {sum} customers last year. The company opened an office and hired {day} people.\n"
            "Analysts expect it to grow. More in our magazine, issue {number}."
        ),
        "Press review: {name} grows",
    ),
    "dirk": (
        (
            "Thank you for joining {name} as a photographer. Your gallery is ready: upload your pictures and watch who uses them.\n"
            "Your first {day} uploads are free. The {name} member team"
        ),
        "Welcome to {name}",
    ),
}


def letter(kind: str, room: str, hand: str, number: int) -> bytes:
    """One mail: a "demand" of the room, or "ordinary" mail that names it."""
    name = NAMES[room]
    body, subject = (DEMANDS if kind == "demand" else ORDINARY)[hand]
    words = {
        "name": name,
        "number": f"{'ABCDEFGH'[number % 8]}{1000 + 37 * number}",
        "sum": 150 + 11 * number,
        "day": 3 + number % 20,
        "page": f"https://www.atelier-{number}.example/p{number}",
    }
    sender = f"{name} <claims@{room}.com>" if kind == "demand" else f"{hand.title()} <{hand}@{hand}-mail.example>"
    # The number differs in words too: else letters of one hand would be one letter
    aside = f"\n\nWith kind regards, office {'north south east west upper lower old new'.split()[number % 8]} {hand}"
    text = f"Dear Sir or Madam,\n\n{body.format(**words)}{aside}\n"
    return (
        f"From: {sender}\r\nTo: contact@client.example\r\nSubject: {subject.format(**words)}\r\n"
        f"Message-ID: <{kind}.{room}.{hand}.{number}@{room}.example>\r\nDate: Mon, 2 Mar 2026 10:00:{number % 60:02d} +0100\r\n\r\n"
        + text.replace("\n", "\r\n")
    ).encode()


def corpus(
    rooms: tuple[str, ...], numbers: range, named: tuple[str, ...] = tuple(NAMES), hands: tuple[str, ...] = HANDS
) -> Iterator[tuple[str, str, bytes]]:
    """(label, file name, mail): demands of these rooms, and ordinary mail that names each of `named`."""
    for number in numbers:
        for hand in hands:
            for room in rooms:
                yield room, f"{hand}-demand-{number:02d}.en.eml", letter("demand", room, hand, number)
            for room in named:
                yield "other", f"{hand}-ordinary{room}-{number:02d}.en.eml", letter("ordinary", room, hand, number)
