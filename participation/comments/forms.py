"""The form for writing a comment."""

from participation.comments.models import COMMENT_LONGEST
from participation.kit.forms import ContributionForm
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field


class CommentForm(ContributionForm):
    """Write a comment or an answer."""

    text = prose_field(_l("Your comment"), shortest=2, longest=COMMENT_LONGEST)
