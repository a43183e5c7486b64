"""What entries of the inbox say, in the reader's language: the same in the inbox, in letters and in digests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from participation.browse.notice_words import outcome_of
from participation.comments.models import CommentState, Voice
from participation.ideas.models import IdeaState
from participation.moderation.grounds import ground_by_key
from participation.moderation.models import DecisionKind
from participation.moderation.words import (
    automation_note,
    outcome_label,
    scope_of,
    what_was_decided,
)
from participation.multilingual import Phrase, ngettext, phrase, pick, set_apart
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.notifications.barrier_words import BARRIER_GONE, BARRIER_WORDS
from participation.notifications.city_words import CITY_GONE, CITY_WORDS
from participation.notifications.matters import (
    AppealFact,
    BundleFact,
    CommentFact,
    DecisionFact,
    EscalationFact,
    IdeaLine,
    Matter,
    MessageFact,
    NoticeFact,
)
from participation.notifications.models import EntryKind
from participation.notifications.saying import Address, Said, idea_url, title
from participation.notifications.sign_off_words import SIGN_OFF_GONE, SIGN_OFF_WORDS
from participation.notifications.wording_matters import WordingFact
from participation.notifications.wording_words import gone_wording, say_wording
from participation.texts import excerpt, single_line

EXCERPT = 300
UNKNOWN = ""
"""The language of what moderators wrote; letters need not know, and pages find out."""
AT_ITS_PLACE = frozenset({DecisionKind.PUBLISH, DecisionKind.RESTORE, DecisionKind.MOVE, DecisionKind.ELSEWHERE})
"""Decisions that lead to the contribution itself; all others to the page that gives their reasons."""


@dataclass(frozen=True, slots=True)
class Item:
    """What one entry says, or several about the same.

    ``about`` is the title of what it is about where the reader may know it, ``note`` how that came into the reader's
    language, or which one it is in; ``is_gone``: there is nothing to say any more. A paragraph may be in another
    language than the reader's: residents' words and what the team wrote.
    """

    entry_ids: tuple[int, ...]
    kind: EntryKind
    headline: str
    about: Phrase | None
    paragraphs: tuple[Phrase, ...]
    url: str
    label: str
    process: Phrase | None
    process_id: int | None
    at: datetime
    is_new: bool
    is_gone: bool = False
    note: str = ""

    def subject(self, language: str) -> str:
        """Return the item in one line of plain text in ``language``."""
        if not self.about:
            return self.headline
        return f"{self.headline}: {set_apart(single_line(self.about.text), self.about.language, language)}"


def items(matters: Iterable[Matter], language: str, address: Address) -> tuple[Item, ...]:
    """Return what the matters say in ``language``, in their order; comments at the same idea are told as one item."""
    said: dict[Any, Item] = {}
    folded: dict[Any, list[Matter]] = {}
    for matter in matters:
        folded.setdefault(_fold_key(matter), []).append(matter)
    for key, some in folded.items():
        item = _item(some[0], language, address)
        said[key] = _of_several(item, some) if len(some) > 1 else item
    return tuple(said.values())


def _is_somewhere(matter: Matter) -> bool:
    """Return whether what is told stands in a process that is there, or in none."""
    return matter.place is not None or matter.entry.process_id is None


def _fold_key(matter: Matter) -> tuple[Any, ...]:
    fact = matter.fact
    if isinstance(fact, CommentFact) and _is_public(matter, fact):
        return (matter.entry.kind, fact.idea_id, matter.entry.is_new)
    return ("entry", matter.entry.id)


def _of_several(latest: Item, some: list[Matter]) -> Item:
    if latest.kind is EntryKind.COMMENT:
        headline = ngettext("%(num)d new comment on your idea", "%(num)d new comments on your idea", len(some))
    else:
        headline = ngettext("%(num)d new answer to your comments", "%(num)d new answers to your comments", len(some))
    return replace(latest, entry_ids=tuple(matter.entry.id for matter in some), headline=headline)


def _item(matter: Matter, language: str, address: Address) -> Item:
    fact, entry = matter.fact, matter.entry
    known = _WORDS[type(fact)](matter, fact, language, address) if fact is not None and _is_somewhere(matter) else None
    said = known or Said(_GONE[entry.kind](), "", "", (_("This is not there any more."),))
    return Item(
        entry_ids=(entry.id,),
        kind=entry.kind,
        headline=said.headline,
        about=said.about,
        paragraphs=tuple(Phrase(part, language) if isinstance(part, str) else part for part in said.paragraphs if part),
        url=said.url,
        label=said.label,
        process=phrase(matter.place.title, language) if matter.place else None,
        process_id=entry.process_id,
        at=entry.created_at,
        is_new=entry.is_new,
        is_gone=known is None,
        note=matter.idea.note if matter.idea and said.about else "",
    )


_GONE: Mapping[EntryKind, Callable[[], str]] = {
    EntryKind.DECISION: lambda: _("A decision about your contribution"),
    EntryKind.APPEAL: lambda: _("Your objection"),
    EntryKind.NOTICE: lambda: _("What you reported"),
    EntryKind.MESSAGE: lambda: _("A message from the moderation team"),
    **CITY_GONE,
    **BARRIER_GONE,
    **SIGN_OFF_GONE,
    EntryKind.BUNDLE: lambda: _("Your idea and others that say the same"),
    EntryKind.UNBUNDLED: lambda: _("Your idea and others that say the same"),
    EntryKind.COMMENT: lambda: _("A comment on your idea"),
    EntryKind.REPLY: lambda: _("An answer to your comment"),
    EntryKind.ESCALATION: lambda: _("Waiting longer than promised"),
    EntryKind.WORDING: gone_wording,
}


def _decision(matter: Matter, fact: DecisionFact, language: str, address: Address) -> Said | None:
    if fact.undone_at is not None:
        return None
    idea = matter.idea
    is_final = fact.objection_until is None
    if fact.kind in AT_ITS_PLACE and is_final and idea is not None and idea.state is not IdeaState.WITHDRAWN:
        url = idea_url(matter, address, part=(fact.subject.value, fact.subject_id))
        label = _("Read it in its place")
    else:
        url, label = address("appeals.decision", decision_id=fact.id), _("The whole decision, and what you can do")
    return Said(
        # As the beginning of a line that goes on with the title.
        headline=str(what_was_decided(fact.kind, fact.subject)).removesuffix("."),
        url=url,
        label=label,
        paragraphs=tuple(_reasons(matter, fact, language)),
        about=title(matter),
    )


def _reasons(matter: Matter, fact: DecisionFact, language: str) -> Iterable[Phrase | str]:
    """Yield what a statement of reasons has to say: ground, facts, scope, duration, automation, how to object."""
    if title(matter) is None:
        yield _("It is about what you sent in on %(day)s.", day=day(fact.submitted_at))
    if fact.kind is DecisionKind.PUBLISH:
        yield _("Thank you for taking part! Everybody can read it now.")
    if ground := ground_by_key(fact.ground):
        yield _("It rests on: %(title)s (%(cite)s)", title=pick(ground.title, language), cite=ground.cite)
    if fact.block_texts:
        yield phrase(fact.block_texts, language)
    if fact.reason:
        yield _("What the moderation team says about it:")
        yield Phrase(fact.reason, UNKNOWN)
    yield str(scope_of(fact.kind))
    if fact.lasts_until is not None:
        yield _("It lasts until %(day)s.", day=day(fact.lasts_until))
    if fact.objection_until is not None:
        yield str(automation_note(fact.automation))
        yield _(
            "You can object until %(day)s, and somebody else will decide about that.", day=day(fact.objection_until)
        )


def _appeal(matter: Matter, fact: AppealFact, _language: str, address: Address) -> Said | None:
    if fact.outcome is None:
        return None
    return Said(
        headline=_("Your objection has been answered"),
        url=address("appeals.decision", decision_id=fact.decision_id),
        label=_("Read both texts and the decision"),
        paragraphs=(str(outcome_label(fact.outcome)), Phrase(fact.answer, UNKNOWN)),
        about=title(matter),
    )


def _notice(matter: Matter, fact: NoticeFact, _language: str, address: Address) -> Said | None:
    if fact.closed_at is None:
        return None
    about = title(matter)
    return Said(
        headline=_("What you reported has been decided about"),
        url=idea_url(matter, address) if about else "",
        label=_("See where it stood") if about else "",
        paragraphs=(
            _("You reported it on %(day)s. Thank you for looking out for others.", day=day(fact.submitted_at)),
            str(outcome_of(fact.decision, reason=fact.reason, is_reworded=fact.is_reworded)),
            str(automation_note(fact.automation)) if fact.automation else "",
            _("You see it differently? Write to the address in the imprint; somebody else will look at it."),
        ),
        about=about,
    )


def _message(matter: Matter, fact: MessageFact, _language: str, address: Address) -> Said:
    return Said(
        headline=_("The moderation team wrote to you"),
        url=address("messages.own_thread", message_id=fact.id),
        label=_("Read and answer"),
        paragraphs=(Phrase(fact.text, fact.language),),
        about=title(matter),
    )


def _bundle(matter: Matter, fact: BundleFact, _language: str, address: Address) -> Said:
    if fact.has_left or not fact.others:
        headline = _("Your idea stands on its own again")
        body = _("It is not together with others that say the same any more. Its votes and comments are unchanged.")
    else:
        headline = ngettext(
            "Your idea stands together with %(num)d other that says the same",
            "Your idea stands together with %(num)d others that say the same",
            fact.others,
        )
        body = _("It stays as it is, with its votes and comments. If it says something else, you can take it out.")
    return Said(
        headline=headline,
        url=idea_url(matter, address),
        label=_("See your idea"),
        paragraphs=(body,),
        about=title(matter),
    )


def _comment(matter: Matter, fact: CommentFact, _language: str, address: Address) -> Said | None:
    if not _is_public(matter, fact) or matter.place is None:
        return None
    is_reply = matter.entry.kind is EntryKind.REPLY
    return Said(
        headline=_("Somebody answered your comment") if is_reply else _("Somebody commented on your idea"),
        url=address("discussion.comment", slug=matter.place.slug, idea_id=fact.idea_id, comment_id=fact.id),
        label=_("Read the comment in its place"),
        paragraphs=(
            _("%(name)s writes:", name=_speaker(fact)),
            Phrase(excerpt(fact.text, EXCERPT), fact.language),
            f"({fact.note})" if fact.note else "",
        ),
        about=title(matter),
    )


def _escalation(matter: Matter, fact: EscalationFact, _language: str, address: Address) -> Said | None:
    if not fact.overdue or matter.place is None:
        return None
    return Said(
        headline=ngettext(
            "%(num)d contribution waits longer than promised",
            "%(num)d contributions wait longer than promised",
            fact.overdue,
        ),
        url=address("desk.queue", slug=matter.place.slug),
        label=_("Go to the queue"),
        paragraphs=(_("Everybody can see on the page about moderation how many there are."),),
    )


_WORDS: Mapping[type, Callable[[Matter, Any, str, Address], Said | None]] = {
    DecisionFact: _decision,
    AppealFact: _appeal,
    NoticeFact: _notice,
    MessageFact: _message,
    **CITY_WORDS,
    **BARRIER_WORDS,
    **SIGN_OFF_WORDS,
    BundleFact: _bundle,
    CommentFact: _comment,
    EscalationFact: _escalation,
    WordingFact: say_wording,
}


def _is_public(matter: Matter, fact: CommentFact) -> bool:
    return fact.state is CommentState.PUBLISHED and _state(matter.idea) is IdeaState.PUBLISHED


def _state(idea: IdeaLine | None) -> IdeaState | None:
    return idea.state if idea else None


def _speaker(fact: CommentFact) -> str:
    if fact.voice is Voice.MODERATION:
        return _("Moderation team")
    if fact.voice is Voice.ADMINISTRATION:
        return _("City administration")
    return fact.pseudonym
