"""Giving roles and taking them away."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.processes.models import RoleGrant
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
URL = "/en/desk/processes/digital/roles"


def held(database: Sessions) -> set[tuple[Role, int | None]]:
    """Return the roles that somebody holds now."""
    with database() as session:
        rows = session.scalars(select(RoleGrant).where(RoleGrant.ended_at.is_(None)))
        return {(row.role, row.process_id) for row in rows}


def test_a_role_is_given_and_taken_away(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        make.account(session, "new@example.org")
    admin = member(Role.ADMIN, process_id=place.id)
    page = admin.get(URL, budget=8)
    for _ in range(2):
        admin.submit(page, "give-role-form", status=303, email=" New@example.org ", role="moderator")
    assert held(database) == {(Role.ADMIN, place.id), (Role.MODERATOR, place.id)}
    page = admin.get(URL)
    assert len(page.select(".desk-list__entry")) == 2
    action = next(
        form.get("action") for form in page.select("form.post-button") if "new@example.org" in _entry_text(form)
    )
    for _ in range(2):
        admin.submit(page, f'form[action="{action}"]', status=303)
    assert held(database) == {(Role.ADMIN, place.id)}


def test_only_confirmed_accounts_get_a_role(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
    admin = member(Role.ADMIN)
    answer = admin.submit(admin.get(URL), "give-role-form", status=422, email="nobody@example.org", role="staff")
    assert answer.errors == [
        (
            "E-mail address of the account: There is no confirmed account with this address. "
            "The person has to register first."
        )
    ]
    assert answer.select("[name=email]")[0].get("value") == "nobody@example.org"
    assert held(database) == {(Role.ADMIN, None)}


def test_a_role_of_another_process_cannot_be_ended_from_here(
    member: Member, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        here, elsewhere = make.process(session), make.process(session, "elsewhere")
        make.actor(session, make.account(session), role=Role.STAFF, process_id=elsewhere.id)
    admin = member(Role.ADMIN, process_id=here.id)
    with database() as session:
        grant_id = session.scalars(select(RoleGrant.id).where(RoleGrant.role == Role.STAFF)).one()
    page = admin.get(URL)
    token = page.select("main input[name=csrf_token]")[0].get("value")
    admin.post(f"{URL}/{grant_id}/end", {"csrf_token": token}, status=404)
    assert (Role.STAFF, elsewhere.id) in held(database)


def test_the_last_admin_stays(member: Member, database: Sessions) -> None:
    admin = member(Role.ADMIN)
    page = admin.get("/en/desk/roles")
    admin.submit(page, "form.post-button", status=403)
    assert held(database) == {(Role.ADMIN, None)}


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.STAFF])
def test_others_see_no_roles(member: Member, transact: Sessions, role: Role | None) -> None:
    with transact() as session:
        make.process(session)
    visitor = member(role)
    visitor.get(URL, status=403)
    visitor.get("/en/desk/roles", status=403)


def _entry_text(form: object) -> str:
    entry = next(parent for parent in form.iterancestors("li"))  # type: ignore[attr-defined]  # an lxml element
    return str(entry.xpath("string()"))
