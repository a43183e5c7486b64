"""What a role is worth where: everywhere, in one process, and not in another."""

import pytest

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role

HERE, ELSEWHERE = 1, 2
NOTHING: frozenset[tuple[Role, int | None]] = frozenset()
R, M, S, A = Role.RESIDENT, Role.MODERATOR, Role.STAFF, Role.ADMIN


def actor(*grants: tuple[Role, int | None]) -> Actor:
    """Return somebody signed in with these grants."""
    return Actor(7, "person@example.org", frozenset(grants))


TABLE = [
    # who, what is held here, what is held elsewhere, what is held everywhere
    (ANONYMOUS, set(), set(), set()),
    (actor(), {R}, {R}, {R}),
    (actor((R, None)), {R}, {R}, {R}),
    (actor((M, None)), {R, M}, {R, M}, {R, M}),
    (actor((S, None)), {R, S}, {R, S}, {R, S}),
    (actor((A, None)), {R, M, S, A}, {R, M, S, A}, {R, M, S, A}),
    (actor((M, HERE)), {R, M}, {R}, {R}),
    (actor((S, HERE)), {R, S}, {R}, {R}),
    (actor((A, HERE)), {R, M, S, A}, {R}, {R}),
    (actor((M, HERE), (S, ELSEWHERE)), {R, M}, {R, S}, {R}),
    (actor((M, None), (A, HERE)), {R, M, S, A}, {R, M}, {R, M}),
    (SYSTEM, {R, M, S, A}, {R, M, S, A}, {R, M, S, A}),
]


@pytest.mark.parametrize(("who", "here", "elsewhere", "everywhere"), TABLE)
def test_roles(who: Actor, here: set[Role], elsewhere: set[Role], everywhere: set[Role]) -> None:
    assert {role for role in Role if who.has(role, HERE)} == here
    assert {role for role in Role if who.has(role, ELSEWHERE)} == elsewhere
    assert {role for role in Role if who.has(role)} == everywhere


DESKS = [
    # who, desk here, desk elsewhere, any desk
    (ANONYMOUS, False, False, False),
    (actor(), False, False, False),
    (actor((M, None)), True, True, True),
    (actor((S, None)), True, True, True),
    (actor((A, None)), True, True, True),
    (actor((M, HERE)), True, False, True),
    (actor((S, HERE)), True, False, True),
    (actor((A, ELSEWHERE)), False, True, True),
    (actor((R, None)), False, False, False),
    (SYSTEM, True, True, True),
]


@pytest.mark.parametrize(("who", "here", "elsewhere", "anywhere"), DESKS)
def test_desks(who: Actor, here: bool, elsewhere: bool, anywhere: bool) -> None:
    assert (who.has_desk(HERE), who.has_desk(ELSEWHERE), who.has_desk()) == (here, elsewhere, anywhere)
