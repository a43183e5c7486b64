"""What the reasons of notices are called."""

from collections.abc import Mapping
from typing import Any

from participation.multilingual import lazy as _l
from participation.notices.models import NoticeReason

REASONS: Mapping[NoticeReason, Any] = {
    NoticeReason.THREAT_TO_LIFE: _l("Somebody’s life is in danger"),
    NoticeReason.HATE: _l("Hatred against people"),
    NoticeReason.INSULT: _l("Insult or slander"),
    NoticeReason.PERSONAL_DATA: _l("Private details about somebody"),
    NoticeReason.COPYRIGHT: _l("Copied without permission"),
    NoticeReason.ILLEGAL: _l("Against the law for another reason"),
    NoticeReason.SPAM: _l("Advertising or spam"),
    NoticeReason.DUPLICATE: _l("It says what somebody else has said already"),
    NoticeReason.WRONG_PLACE: _l("It does not belong here"),
    NoticeReason.TRANSLATION: _l("A translation of it is wrong"),
    NoticeReason.OTHER: _l("Something else"),
}
"""In the order in which a form offers them; lazily translated."""
