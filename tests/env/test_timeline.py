"""Observations are delivered by cycle, and within a cycle in the documented order."""

from functools import partial

from cocotbext.virtio.env.timeline import Order, Timeline


def test_order_within_a_cycle_is_not_that_of_arrival():
    delivered = []
    timeline = Timeline()
    for order in (Order.EVENT_ACCEPTED, Order.WRITE_RESPONDED, Order.MESSAGE_STARTED, Order.WRITE_ACCEPTED):
        timeline.put(7, order, partial(delivered.append, order))
    assert not delivered, "delivered before the cycle was over"
    timeline.put(8, Order.KICK_TAKEN, partial(delivered.append, "next"))
    assert delivered == [Order.MESSAGE_STARTED, Order.WRITE_RESPONDED, Order.EVENT_ACCEPTED, Order.WRITE_ACCEPTED]
    timeline.flush()
    assert delivered[-1] == "next"


def test_equal_kinds_keep_the_order_of_arrival():
    delivered = []
    timeline = Timeline()
    for number in range(5):
        timeline.put(1, Order.EVENT_ACCEPTED, partial(delivered.append, number))
    timeline.flush()
    assert delivered == [0, 1, 2, 3, 4]
