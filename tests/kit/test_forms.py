"""The hidden fields of forms with which somebody contributes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from itsdangerous import TimestampSigner
from werkzeug.datastructures import MultiDict

from participation.kit.forms import ContributionForm

OPENED = datetime(2026, 5, 3, 16, 0, tzinfo=UTC)


@pytest.fixture
def in_request() -> Iterator[None]:
    """A request of a small application."""
    app = Flask("forms")
    app.config.update(SECRET_KEY="s" * 40, WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        yield


def sent(**fields: str) -> ContributionForm:
    """Return the form as it comes back."""
    return ContributionForm(formdata=MultiDict(fields))


def shown() -> ContributionForm:
    """Return the form as it is shown at ``OPENED``."""
    with time_machine.travel(OPENED, tick=False):
        return ContributionForm(formdata=None).prepare()


@pytest.mark.usefixtures("in_request")
def test_the_moment_of_opening_survives_the_way_there_and_back() -> None:
    form = shown()
    back = sent(submission_key=form.submission_key.data, opened=form.opened.data)
    assert back.validate()
    assert back.opened_at == OPENED
    assert back.prepare().opened_at == OPENED, "a form that comes back with errors keeps when it was opened"
    assert back.prepare().submission_key.data == form.submission_key.data


@pytest.mark.usefixtures("in_request")
def test_two_forms_have_two_keys() -> None:
    assert shown().submission_key.data != shown().submission_key.data


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    "opened",
    [
        "",
        "open",
        "open.a.b",
        "x" * 10_000,
        "open.\x00.b",
        TimestampSigner("another secret", salt="form-opened").sign("open").decode(),
        TimestampSigner("s" * 40, salt="another salt").sign("open").decode(),
    ],
    # Named, because signed values differ from one worker to the next.
    ids=("empty", "bare", "three parts", "long", "NUL", "another secret", "another salt"),
)
def test_a_forged_moment_counts_as_none(opened: str) -> None:
    assert sent(submission_key="k", opened=opened).opened_at is None


@pytest.mark.usefixtures("in_request")
def test_every_changed_character_of_the_moment_breaks_it() -> None:
    opened = shown().opened.data
    changed = [opened[:at] + ("A" if opened[at] != "A" else "B") + opened[at + 1 :] for at in range(len(opened) - 1)]
    assert [text for text in changed if sent(submission_key="k", opened=text).opened_at is not None] == []


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("key", ["", "x" * 65, "a\x00b", "a b", "ä", "<svg>"])
def test_a_key_that_we_did_not_make_is_refused(key: str) -> None:
    assert not sent(submission_key=key, opened="").validate()
