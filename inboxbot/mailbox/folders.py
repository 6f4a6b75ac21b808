"""Which folder is Drafts, Sent, Trash or the bot's own, and why: decided from a listing, purely.

imapclient's own `find_special_folder` compares \\Drafts by case and knows English names only; Cyrus says \\drafts
(servers study §2, §6a), and attributes are case-insensitive (RFC 3501 §9).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inboxbot.errors import RefusedError

DRAFTS, SENT, TRASH, ALL = "\\drafts", "\\sent", "\\trash", "\\all"
_UNUSABLE = frozenset({"\\noselect", "\\nonexistent"})
_DEEPEST = 2  # "[Gmail]/Brouillons" may be Drafts; "Archives/2019/old/Drafts" is somebody's past

# What common clients and servers call them, most usual first: Thunderbird, Outlook, Apple Mail, Roundcube, web mailers.
_NAMES = {
    DRAFTS: (
        "Drafts", "Draft", "Brouillons", "Brouillon", "Entwürfe", "Entwurf", "Borradores", "Borrador", "Bozze", "Bozza",
        "Concepten", "Concept", "Rascunhos", "Rascunho", "Esborranys", "Kladder", "Utkast", "Luonnokset", "Szkice",
        "Wersje robocze", "Koncepty", "Rozepsané", "Piszkozatok", "Ciorne", "Πρόχειρα", "Черновики", "Чернетки", "Taslaklar",
        "下書き", "草稿", "草稿箱", "임시보관함",
    ),
    SENT: (
        "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Envoyés", "Éléments envoyés", "Messages envoyés", "Courrier envoyé",
        "Gesendet", "Gesendete Objekte", "Gesendete Elemente", "Enviados", "Elementos enviados", "Posta inviata", "Inviata",
        "Inviati", "Verzonden", "Verzonden items", "Enviadas", "Itens enviados", "Skickat", "Sendt", "Lähetetyt", "Wysłane",
        "Odeslané", "Отправленные",
    ),
    TRASH: (
        "Trash", "Deleted Items", "Deleted Messages", "Corbeille", "Éléments supprimés", "Papierkorb", "Gelöschte Objekte",
        "Gelöschte Elemente", "Papelera", "Elementos eliminados", "Cestino", "Prullenbak", "Lixo", "Lixeira", "Bin", "Kosz",
        "Корзина",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as listed: decoded name, attributes in lower case, and the separator of its name's levels."""

    name: str
    attributes: frozenset[str] = frozenset()
    separator: str | None = "/"

    @property
    def usable(self) -> bool:
        """Whether it can hold mail."""
        return not self.attributes & _UNUSABLE


@dataclass(frozen=True, slots=True)
class Space:
    """Where a user's own folders live: RFC 2342's personal namespace, "INBOX." and "." on Courier's kind."""

    prefix: str = ""
    separator: str = "/"

    def name(self, path: str) -> str:
        """The server's name of one of our folders, written with "/" as in the configuration."""
        own = path.replace("/", self.separator or "/")
        return own if own.startswith(self.prefix) or own.upper() == "INBOX" else self.prefix + own


@dataclass(frozen=True, slots=True)
class Choice:
    """A folder that was chosen, and why."""

    name: str
    why: str


def drafts(folders: Sequence[Folder], space: Space, configured: str = "auto") -> Choice:
    """The Drafts folder: as configured, else marked, else by name; RefusedError naming the mend when it cannot be told."""
    if configured != "auto":
        name = existing(folders, space, configured)
        if name is None:
            raise RefusedError(f'no folder "{configured}" for drafts: correct `drafts`; there are {_shown(folders)}')
        return Choice(name, "named in the configuration")
    found = special(folders, space, DRAFTS)
    if found is None:
        raise RefusedError(f"no Drafts folder: create one, or name it with `drafts`; there are {_shown(folders)}")
    return found


def special(folders: Sequence[Folder], space: Space, use: str) -> Choice | None:
    """The folder of a special use (RFC 6154), by its mark or else by its name; None when there is none.

    Where only folders deeper down fit, and several of them, nothing is guessed: RefusedError names them.
    """
    usable = [folder for folder in folders if folder.usable]
    marked = sorted((f for f in usable if use in f.attributes), key=lambda f: _depth(f, space))
    if marked:
        others = f" (also marked: {', '.join(f.name for f in marked[1:])})" if marked[1:] else ""
        return Choice(marked[0].name, f"marked {use.title()} by the server{others}")
    ranks = {_plain(name): rank for rank, name in enumerate(_NAMES.get(use, ()))}
    named = [
        (_depth(f, space), ranks[_leaf(f)], f.name)
        for f in usable
        if _leaf(f) in ranks and _depth(f, space) <= _DEEPEST
    ]
    if not named:
        return None
    named.sort()
    depth, _, name = named[0]
    rivals = [other for other_depth, _, other in named[1:] if other_depth == depth]
    if depth > 1 and rivals:
        raise RefusedError(
            f"several folders could be {use[1:].title()}: {name}, {', '.join(rivals)}: name the right one"
        )
    return Choice(name, "by its name" + (f" (there is also {', '.join(rivals)})" if rivals else ""))


def existing(folders: Iterable[Folder], space: Space, path: str) -> str | None:
    """The server's name of a folder that a person wrote: as listed, by prefix and separator, or in another case."""
    names = {folder.name for folder in folders if folder.usable}
    wanted = (path, space.name(path))
    for name in wanted:
        if name in names:
            return name
    by_plain: dict[str, list[str]] = {}
    for name in sorted(names):
        by_plain.setdefault(_plain(name), []).append(name)
    near = [found for name in wanted if len(found := by_plain.get(_plain(name), [])) == 1]
    return near[0][0] if near else None


def beneath(folders: Iterable[Folder], space: Space, path: str) -> dict[str, str]:
    """The usable folders one level beneath one of ours, whatever the case of either: last part → name."""
    above = {_plain(path), _plain(space.name(path).replace(space.separator or "/", "/"))}
    found: dict[str, str] = {}
    for folder in sorted(folders, key=lambda each: each.name):
        *levels, last = folder.name.split(folder.separator or "/")
        if folder.usable and _plain("/".join(levels)) in above:
            found[last] = folder.name
    return found


def space_of(folders: Sequence[Folder], namespace: tuple[str, str] | None) -> Space:
    """Prefix and separator of the user's own folders: as the server says, else as its listing shows."""
    separators = [folder.separator for folder in folders if folder.separator]
    separator = separators[0] if separators else "/"
    if namespace is not None:
        return Space(namespace[0], namespace[1] or separator)
    inbox = f"INBOX{separator}"
    others = [folder.name for folder in folders if folder.name.upper() != "INBOX"]
    beneath = bool(others) and all(name.upper().startswith(inbox) for name in others)
    return Space(others[0][: len(inbox)] if beneath else "", separator)


def _depth(folder: Folder, space: Space) -> int:
    name = folder.name.removeprefix(space.prefix)
    return name.count(folder.separator) + 1 if folder.separator else 1


def _leaf(folder: Folder) -> str:
    name = folder.name.rsplit(folder.separator, 1)[-1] if folder.separator else folder.name
    return _plain(name)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()


def _shown(folders: Sequence[Folder]) -> str:
    names = sorted(folder.name for folder in folders if folder.usable)
    return (
        ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
        if names
        else "no folders at all"
    )
