"""Every single byte of every entry counts, and what is wrong is named once and where it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.audit.chain import Head, Kept, leaf_hash
from service.audit.checkpoint import Checkpoint, Verifier, signed
from service.audit.event import Act, Action, Actor, Event, Place, Touched, entry, instant
from service.audit.examination import MOST_FINDINGS, Examination, Finding, Witness
from service.audit.merkle import Node, Tree, leaf_of
from service.kernel.canonical_json import canonical_bytes

ACTOR = Actor(id="coordinator-1", role="coordinator", org="office-north", purpose="case-coordination")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = Verifier("nrm", KEY.public_key().public_bytes_raw())
STREAMS = ("case-1", "case-2", "case-1", "sys", "case-2", "case-1", "case-1")


def written() -> list[Kept]:
    """Write a log of seven entries in three trails."""
    kept: list[Kept] = []
    for place, stream in enumerate(STREAMS):
        before = [one for one in kept if one.stream == stream]
        link = Place("nrm", "node-1", len(before) + 1, before[-1].leaf_hash if before else None)
        act = Act(Event.CASE_READ, Action.READ, stream, (Touched("case", stream),))
        body = canonical_bytes(entry(act, ACTOR, link, AT, (f"id-{place}", f"salt-{place}")))
        event = Event.CASE_READ.value
        kept.append(Kept(link.seq, body, leaf_hash(body), stream, event, f"id-{place}", instant(AT), place))
    return kept


LOG = written()


def sealed(log: Sequence[Kept]) -> tuple[list[Node], list[tuple[int, str]], Tree]:
    """Give what is kept beside a log: its subtrees, a checkpoint for every size, and the tree."""
    tree, nodes, notes = Tree(), list[Node](), list[tuple[int, str]]()
    for one in log:
        tree, completed = tree.grown(leaf_of(one.body))
        nodes.extend(completed)
        notes.append((tree.size, signed(Checkpoint("nrm", tree.size, tree.root()).text(), "nrm", KEY)))
    return nodes, notes, tree


NODES, NOTES, TREE = sealed(LOG)
HEADS = {one.stream: Head(one.seq, one.leaf_hash) for one in LOG}


def examined(log: Sequence[Kept], *witnesses: Witness, **beside: Sequence[object]) -> list[Finding]:
    examination = Examination(
        beside.get("nodes", NODES),  # type: ignore[arg-type]
        beside.get("notes", NOTES),  # type: ignore[arg-type]
        [VERIFIER],
        witnesses,
    )
    for one in log:
        examination.take(one)
    examination.end(HEADS.items())
    return examination.findings


def named(findings: Sequence[Finding]) -> set[tuple[str | None, int | None]]:
    return {(one.stream, one.seq) for one in findings}


def test_an_untouched_log_holds() -> None:
    assert examined(LOG, Witness("somebody", Checkpoint("nrm", 7, TREE.root()))) == []


@pytest.mark.parametrize("place", range(len(LOG)))
def test_each_flipped_byte_is_found_and_the_entry_named_alone(place: int) -> None:
    touched = LOG[place]
    for where in range(len(touched.body)):
        body = touched.body[:where] + bytes([touched.body[where] ^ 1]) + touched.body[where + 1 :]
        for forged in (replace(touched, body=body), replace(touched, body=body, leaf_hash=leaf_hash(body))):
            findings = examined([*LOG[:place], forged, *LOG[place + 1 :]])

            assert [(one.stream, one.seq, one.place) for one in findings] == [(touched.stream, touched.seq, place)]


@pytest.mark.parametrize("place", range(len(LOG)))
def test_each_missing_entry_is_named(place: int) -> None:
    findings = examined([*LOG[:place], *LOG[place + 1 :]])

    assert (LOG[place].stream, LOG[place].seq) in named(findings)
    assert place in {one.place for one in findings}


@pytest.mark.parametrize("first", range(len(LOG) - 1))
def test_neighbours_that_changed_places_are_named(first: int) -> None:
    one, other = LOG[first], LOG[first + 1]
    swapped = [replace(other, leaf_index=first), replace(one, leaf_index=first + 1)]

    findings = examined([*LOG[:first], *swapped, *LOG[first + 2 :]])

    assert {first, first + 1} <= {finding.place for finding in findings}


@pytest.mark.parametrize("size", range(len(LOG)))
def test_a_cut_tail_is_told_by_whoever_remembers_more(size: int) -> None:
    log = LOG[:size]
    nodes, notes, _ = sealed(log)
    examination = Examination(nodes, notes, [VERIFIER], [Witness("somebody", Checkpoint("nrm", 7, TREE.root()))])
    for one in log:
        examination.take(one)
    examination.end({one.stream: Head(one.seq, one.leaf_hash) for one in log}.items())

    [finding] = examination.findings

    assert finding.place == size
    assert "somebody says that it had 7 entries" in finding.what


def test_a_log_that_somebody_remembers_otherwise_is_told() -> None:
    [finding] = examined(LOG, Witness("somebody", Checkpoint("nrm", 3, bytes(32))))

    assert finding.place == 2


@pytest.mark.parametrize("which", range(len(NODES)))
def test_each_changed_or_missing_subtree_is_found(which: int) -> None:
    changed = replace(NODES[which], hash=bytes(32))

    assert examined(LOG, nodes=[*NODES[:which], changed, *NODES[which + 1 :]])
    assert examined(LOG, nodes=[*NODES[:which], *NODES[which + 1 :]])
    assert examined(LOG, nodes=[*NODES, Node(0, len(LOG), bytes(32))])


def test_checkpoints_are_compared_with_the_tree_and_their_signatures_checked() -> None:
    lie = signed(Checkpoint("nrm", 3, bytes(32)).text(), "nrm", KEY)
    later = signed(Checkpoint("nrm", 9, bytes(32)).text(), "nrm", KEY)

    assert [one.place for one in examined(LOG, notes=[*NOTES[:2], (3, lie), *NOTES[3:]])] == [2]
    assert [one.place for one in examined(LOG, notes=[*NOTES[:2], (3, NOTES[1][1]), *NOTES[3:]])] == [2]
    assert [one.place for one in examined(LOG, notes=[*NOTES[:2], (3, "no note"), *NOTES[3:]])] == [2]
    assert [one.place for one in examined(LOG, notes=[*NOTES, (9, later)])] == [7]
    assert [one.place for one in examined(LOG, notes=[(7, lie), *NOTES])] != []
    assert [one.place for one in examined(LOG, notes=NOTES[:5])] == [5]


def test_a_log_that_is_broken_everywhere_is_told_with_measure() -> None:
    findings = examined([replace(LOG[0], seq="x", leaf_index=None)] * (MOST_FINDINGS + 5))  # type: ignore[arg-type]

    assert len(findings) == MOST_FINDINGS
