"""Transactions are delivered by cycle, and within a cycle in the documented order."""

from functools import partial

from cocotbext.virtio.scoreboard.cycle_order import CycleOrder, Order


def test_order_within_a_cycle_is_not_that_of_arrival():
    delivered = []
    order = CycleOrder()
    for place in (Order.EVENT_ACCEPTED, Order.WRITE_RESPONDED, Order.MESSAGE_STARTED, Order.WRITE_ACCEPTED):
        order.put(7, place, partial(delivered.append, place))
    assert not delivered, "delivered before the cycle was over"
    order.put(8, Order.KICK_TAKEN, partial(delivered.append, "next"))
    assert delivered == [Order.MESSAGE_STARTED, Order.WRITE_RESPONDED, Order.EVENT_ACCEPTED, Order.WRITE_ACCEPTED]
    order.flush()
    assert delivered[-1] == "next"


def test_equal_kinds_keep_the_order_of_arrival():
    delivered = []
    order = CycleOrder()
    for number in range(5):
        order.put(1, Order.EVENT_ACCEPTED, partial(delivered.append, number))
    order.flush()
    assert delivered == [0, 1, 2, 3, 4]
