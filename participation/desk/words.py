"""What the desk calls notices, signals and decisions, for one reader; templates get one of these."""

from dataclasses import dataclass

from participation.moderation.models import DecisionKind
from participation.moderation.queue.items import NoticeSeen
from participation.moderation.words import ground_label, kind_label
from participation.multilingual import language_name
from participation.notices.words import REASONS
from participation.signals.models import SignalKind
from participation.signals.queries import SignalSeen
from participation.signals.reasons import signal_label, signal_reason
from participation.texts.language import KNOWN


@dataclass(frozen=True, slots=True)
class DeskWords:
    """Words in the language that the reader has chosen."""

    language: str

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages that texts can be in, by name."""
        named = [(code, self.language_of(code)) for code in KNOWN]
        return sorted(named, key=lambda pair: pair[1].casefold())

    @property
    def signals(self) -> list[tuple[str, str]]:
        """The kinds of signals."""
        return [(kind.value, self.signal_label(kind)) for kind in SignalKind]

    def signal_label(self, kind: SignalKind) -> str:
        """Return the short name of a kind of signal."""
        return str(signal_label(kind))

    def signal_reason(self, signal: SignalSeen) -> str:
        """Return a sentence that says why a program points at a contribution."""
        return str(signal_reason(signal))

    def notice_reason(self, notice: NoticeSeen) -> str:
        """Return what somebody says is wrong."""
        return str(REASONS[notice.reason])

    def decided(self, kind: DecisionKind) -> str:
        """Return what was decided in a word or two."""
        return str(kind_label(kind))

    def ground(self, key: str) -> str:
        """Return the rule or law that a decision rests on; an empty text for none."""
        return ground_label(key, self.language)

    def language_of(self, code: str) -> str:
        """Return the name of a language."""
        return str(language_name(code))
