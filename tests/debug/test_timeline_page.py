# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The timeline in a real browser: what belongs together lights up, and nothing is asked of the network."""

import pytest

from sim.debug.timeline.data import build
from sim.debug.timeline.page import render
from tests.debug.chromium import Browser
from tests.debug.ring_logs import logged, many, told_and_not_told
from tests.debug.run_logs import busy, coalesced, failed_read


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests here."""
    with Browser() as started:
        yield started


@pytest.fixture
def page(tmp_path, browser):
    """Draws records and opens the page; at the end nothing may have been complained of or asked for."""

    def open_page(records, part=""):
        file = tmp_path / "timeline.html"
        file.write_text(render(build(records), "a <test>", "make timeline", ""), encoding="utf-8")
        browser.open(file, part)
        return browser

    yield open_page
    assert browser.complaints == []
    assert browser.requests == []


def lit(browser) -> list[str]:
    """What is highlighted."""
    return sorted(browser.run("[...document.querySelectorAll('.item.hit')].map((item) => item.dataset.key)"))


def tip(browser) -> str:
    """What the page says of it; "" when it says nothing."""
    return browser.run("document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText")


def test_pointing_at_an_event_shows_its_message(page):
    """The message, the other event that it serves, and the latency; and no more when the pointer leaves."""
    browser = page(coalesced())
    assert lit(browser) == []
    browser.point(*browser.middle("[data-key='event:0'] path"))
    assert lit(browser) == ["event:0", "event:1", "message:0"]
    assert "message of vector 1, presented in cycle 60: 30 cycles later" in tip(browser)
    assert "the vector was masked meanwhile" in tip(browser)
    browser.point(*browser.middle("[data-key='event:2'] path"))
    assert lit(browser) == ["event:2"]
    assert "its queue is not ready" in tip(browser)
    browser.point(700, 5)
    assert lit(browser) == [] and tip(browser) == ""


def test_pointing_at_a_message_shows_its_events(page):
    """The other way round."""
    browser = page(coalesced())
    browser.point(*browser.middle("[data-key='message:0'] circle"))
    assert lit(browser) == ["event:0", "event:1", "message:0"]


def test_an_acknowledged_event_shows_the_access_that_ended_it(page):
    """On the line it is InterruptStatus that serves an event."""
    browser = page(coalesced())
    browser.point(*browser.middle("[data-key='event:3'] path"))
    assert lit(browser) == ["access:2", "event:3"]
    assert "InterruptStatus, used buffer bit; acknowledged by InterruptACK = USED_BUFFER" in tip(browser)


def test_a_click_keeps_it(page):
    """Until Escape, or a click beside it."""
    browser = page(coalesced())
    browser.click(*browser.middle("[data-key='event:0'] path"))
    browser.point(700, 5)
    assert lit(browser) == ["event:0", "event:1", "message:0"]
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Escape")
    browser.settle()
    assert lit(browser) == []


def test_a_filter_leaves_one_vector(page):
    """Others' lanes, messages and commands go."""
    browser = page(busy(50))
    assert browser.run("document.querySelectorAll('[data-key^=message]').length") > 10
    browser.run("(() => { const s = document.getElementById('vector'); s.value = '2'; s.onchange(); })()")
    browser.settle()
    assert browser.run("lanes.filter((lane) => lane.vector !== undefined).map((lane) => lane.name)") == ["vector 2"]


def test_ten_thousand_events_are_drawn_as_density_and_one_by_one_when_near(page):
    """The page stays small and quick, and zooming in reaches the single event."""
    browser = page(busy(10_000))
    assert browser.run("document.querySelectorAll('.density').length") > 100
    assert browser.run("document.querySelectorAll('#timeline *').length") < 8000
    assert browser.run("document.querySelectorAll('.item').length") == 0
    before = browser.run("view.to - view.from")
    browser.wheel(700, 400, -400)
    assert browser.run("view.to - view.from") < before / 1.5
    browser.run("show(50000, 50200)")
    browser.settle()
    assert browser.run("document.querySelectorAll('[data-key^=event]').length") > 5


def test_the_failing_read_is_red_and_labels_stay_inside(page):
    """The read that the run failed on; no label crosses the edge, no two overlap."""
    browser = page(failed_read(), "from=900&to=1000")
    assert "InterruptStatus" in browser.run("document.querySelector('text.failing').textContent")
    assert browser.run("getComputedStyle(document.querySelector('text.failing')).fill") == "rgb(192, 57, 43)"
    boxes = browser.run(
        "[...document.querySelectorAll('[data-key^=access] text')].map((text) => text.getBBox())"
        ".map((box) => [box.x, box.x + box.width, box.y])"
    )
    assert len(boxes) == 2
    assert all(left >= 168 and right <= browser.run("width") for left, right, _ in boxes)
    assert browser.run("lanes.filter((lane) => lane.name === 'irq').length") == 0


def test_a_part_of_the_address_says_what_to_show(page):
    """The way to a picture for a document."""
    browser = page(coalesced(), "from=20&to=70&pin=event:0")
    assert lit(browser) == ["event:0", "event:1", "message:0"]
    assert browser.run("[view.from, view.to]") == [20, 70]


def test_names_of_tests_are_text(page):
    """And not markup."""
    assert page(coalesced()).run("document.querySelector('h1').textContent") == "a <test>"


def lanes(browser) -> list[str]:
    """Names of lanes and groups, from top to bottom; none of them is empty."""
    assert browser.run("lanes.every((lane) => lane.group || (lane.items || lane.spans || []).length)")
    return browser.run("lanes.map((lane) => lane.group || lane.name)")


def test_lanes_of_rings(page):
    """What a run without rings does not have; without messages, accesses or kicks their lanes are not there."""
    assert [name for name in lanes(page(coalesced())) if "Rings" in name or name == "Memory port"] == []
    assert lanes(page(logged().records[:1])) == []
    names = lanes(page(told_and_not_told()))
    assert names == [
        "Messages",
        "vector 1",
        "Rings: queue 0, split, 8 entries",
        "kicks",
        "chains",
        "driver wants",
        "told by",
        "Memory port",
        "reads",
        "writes",
    ]


def test_pointing_at_a_chain_shows_its_accesses_and_who_told_of_it(page):
    """And the other way round: a message, and the mark under the chains, show the chains that they tell of."""
    browser = page(told_and_not_told())
    chain = browser.run("story.rings.chains[1]")
    browser.point(*browser.middle("[data-key='chain:1'] .chain"))
    own = {f"memory:{access}" for access in chain["accesses"]}
    assert set(lit(browser)) == {"chain:1", "told:1", "message:1", *own} and len(own) > 6
    assert "told by message of vector 1" in tip(browser) and "it tells of 1 other chain, too" in tip(browser)
    assert browser.run("document.querySelectorAll('.link.hit').length") == 1
    for key in ("told:1 path", "message:1 circle"):
        name, shape = key.split()
        browser.point(*browser.middle(f"[data-key='{name}'] {shape}"))
        assert lit(browser) == ["chain:1", "chain:2", "message:1", "told:1"]
    assert "tells of queue 0, buffer" in tip(browser)


def test_a_chain_that_nobody_was_told_of_says_why(page):
    """By its colour, and in words."""
    browser = page(told_and_not_told())
    browser.point(*browser.middle("[data-key='chain:3'] .chain"))
    assert "no notification: not wanted: NO_INTERRUPT" in tip(browser)
    browser.point(*browser.middle("[data-key='chain:4'] .chain"))
    assert "not used until the run ended" in tip(browser)
    colours = browser.run("[...document.querySelectorAll('rect.chain')].map((bar) => bar.getAttribute('class'))")
    assert colours == ["chain told", "chain told", "chain told", "chain unwanted", "chain out"]


def test_pointing_at_an_access_shows_its_chain(page):
    """Each kind has a colour of its own."""
    browser = page(told_and_not_told())
    element = browser.run("story.rings.memory.find((access) => access.kinds[0] === 'used element').i")
    browser.point(*browser.middle(f"[data-key='memory:{element}'] rect"))
    assert lit(browser) == ["chain:0", f"memory:{element}"]
    assert "write: used element" in tip(browser) and "8 bytes" in tip(browser)
    fills = browser.run(
        "Object.fromEntries([...document.querySelectorAll('rect.m')].map((bar) => "
        "[bar.getAttribute('class'), getComputedStyle(bar).fill]))"
    )
    assert len(fills) >= 8 and len(set(fills.values())) == len(fills)


def test_a_thousand_chains_are_drawn_as_density(page):
    """And one by one when near."""
    browser = page(many(1100))
    assert browser.run("document.querySelectorAll('.density.chain').length") > 100
    assert browser.run("document.querySelectorAll('#timeline *').length") < 10_000
    browser.run("show(10000, 10400)")
    browser.settle()
    assert browser.run("document.querySelectorAll('rect.chain').length") > 2
