"""Forms with which authors add something to their idea or take it back."""

from wtforms import RadioField
from wtforms.validators import Optional

from participation.ideas.models import ADDENDUM_LONGEST, WithdrawalReason
from participation.ideas.withdrawal import REASONS
from participation.kit.forms import ContributionForm, options
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field

ADDENDUM_SHORTEST = 5
NO_REASON = ""


class AddendumForm(ContributionForm):
    """Add something below an idea."""

    text = prose_field(
        _l("What do you want to add?"),
        shortest=ADDENDUM_SHORTEST,
        longest=ADDENDUM_LONGEST,
        description=_l("Something new, an answer to what was asked, a correction. It stands below your idea, dated."),
    )


class WithdrawalForm(ContributionForm):
    """Take an idea back; saying why is up to the author."""

    reason = RadioField(_l("Why?"), validators=[Optional()], default=NO_REASON)

    def offer(self) -> "WithdrawalForm":
        """Fill in the reasons and return the form."""
        named = ((reason.value, label) for reason, label in REASONS.items())
        self.reason.choices = options([(NO_REASON, _l("I would rather not say")), *named])
        return self

    @property
    def chosen(self) -> WithdrawalReason | None:
        """The reason, if there is one."""
        return WithdrawalReason(self.reason.data) if self.reason.data else None
