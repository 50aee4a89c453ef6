# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""All channels of the endpoint, fed from the record."""

from collections.abc import Callable

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.kinds import Kind
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.recorded_channel import RecordedChannel
from cocotbext.virtio.handles import Dut

# In the order of the bits of WRONG, five for each.
PREFIXES = (
    "s_axil_aw",
    "s_axil_w",
    "s_axil_b",
    "s_axil_ar",
    "s_axil_r",
    "m_axil_aw",
    "m_axil_w",
    "m_axil_b",
    "event_",
    "notify_",
)
_RULES = (
    "valid withdrawn before ready",
    "payload changed while waiting",
    "unknown bits while valid is high",
    "ready is unknown",
    "not accepted in time",
)
_WITHDRAWN = 0
_UNKNOWN = (  # in the order of the bits, the lowest first
    "msi_error_*",
    "device_reset",
    "device_status",
    "driver_features",
    "config_*",
    "config_en",
    "queue_device",
    "queue_driver",
    "queue_desc",
    "queue_ready or queue_num",
    "notify_queue or notify_data",
    "notify_valid",
    "event_ready",
    "irq",
    "m_axil_bready",
    "m_axil_wdata or m_axil_wstrb",
    "m_axil_wvalid",
    "m_axil_awaddr or m_axil_awprot",
    "m_axil_awvalid",
    "s_axil_rdata or s_axil_rresp",
    "s_axil_rvalid",
    "s_axil_arready",
    "s_axil_bresp",
    "s_axil_bvalid",
    "s_axil_wready",
    "s_axil_awready",
)
_WORD = 0xFFFFFFFF


class RecordedChannels:
    """Turns entries into transfers.

    Args:
        stream: the RecordStream.
        dut: the harness.

    Attributes:
        on_stuck: list of functions called with (cycle, direction) when the register bus makes no progress; the
            direction is "s_axil_aw" or "s_axil_ar".
        on_unknown: list of functions called with (cycle, text) when an output is unknown.
    """

    def __init__(self, stream: RecordStream, dut: Dut) -> None:
        self._channels = {
            prefix: RecordedChannel(prefix, stream, dut.fast_event_limit if prefix == "event_" else None)
            for prefix in PREFIXES
        }
        self.on_stuck: list[Callable[[int, str], None]] = []
        self.on_unknown: list[Callable[[int, str], None]] = []
        self._high = 0
        self._aw, self._w, self._b, self._ar, self._r, self._maw, self._mw, self._mb, self._event, self._kick = (
            self._channels.values()
        )
        self._reset_channels = tuple(self._channels.values())
        for kind, handler in {
            Kind.WRITE: self._write,
            Kind.AW: self._aw_taken,
            Kind.W: self._w_taken,
            Kind.B: self._b_presented,
            Kind.AR: self._ar_taken,
            Kind.R: self._r_presented,
            Kind.EVENT: self._event_taken,
            Kind.MESSAGE_HIGH: self._message_high,
            Kind.MESSAGE_W: self._message_w,
            Kind.MESSAGE_AW: self._message_aw,
            Kind.MESSAGE_TAKEN: self._message_taken,
            Kind.MESSAGE_B: self._message_b,
            Kind.HARD_RESET: self._reset,
            Kind.KICK_OFFERED: self._kick_offered,
        }.items():
            stream.on(kind, handler)
        stream.on(Kind.B_TAKEN, lambda cycle, payload: self._b.take(cycle))
        stream.on(Kind.R_TAKEN, lambda cycle, payload: self._r.take(cycle))
        stream.on(Kind.KICK, self._kick_taken, prompt=True)
        stream.on(Kind.WRONG, self._wrong, prompt=True)

    def channel(self, dut: Dut, prefix: str, payload: tuple[str, ...], clock: ClockReset) -> RecordedChannel:
        """The channel of a prefix; called as ChannelMonitor is."""
        return self._channels[prefix]

    def _write(self, cycle: int, payload: int) -> None:
        self._aw.present(cycle, (payload >> 32,))
        self._aw.take(cycle)
        self._w.present(cycle, (payload & _WORD, 0xF))
        self._w.take(cycle)

    def _aw_taken(self, cycle: int, payload: int) -> None:
        self._aw.present(cycle, (payload,))
        self._aw.take(cycle)

    def _w_taken(self, cycle: int, payload: int) -> None:
        self._w.present(cycle, (payload & _WORD, payload >> 32))
        self._w.take(cycle)

    def _b_presented(self, cycle: int, payload: int) -> None:
        self._b.present(cycle, (payload & 3,))
        if payload & 4:
            self._b.take(cycle)

    def _ar_taken(self, cycle: int, payload: int) -> None:
        self._ar.present(cycle, (payload,))
        self._ar.take(cycle)

    def _r_presented(self, cycle: int, payload: int) -> None:
        self._r.present(cycle, (payload & _WORD, payload >> 32 & 3))
        if payload >> 34:
            self._r.take(cycle)

    def _event_taken(self, cycle: int, payload: int) -> None:
        self._event.present(cycle, (payload,))
        self._event.take(cycle)

    def _kick_offered(self, cycle: int, payload: int) -> None:
        self._kick.present(cycle, ())

    def _kick_taken(self, cycle: int, payload: int) -> None:
        self._kick.present(cycle, (payload >> 32, payload & _WORD))
        self._kick.take(cycle)

    def _message_high(self, cycle: int, payload: int) -> None:
        self._high = payload << 32

    def _message_w(self, cycle: int, payload: int) -> None:
        self._mw.present(cycle, (payload & _WORD, 0xF))
        if payload >> 32:
            self._mw.take(cycle)

    def _message_aw(self, cycle: int, payload: int) -> None:
        self._maw.present(cycle, (self._high | payload & _WORD,))
        if payload >> 32:
            self._maw.take(cycle)

    def _message_taken(self, cycle: int, payload: int) -> None:
        if payload & 1:
            self._maw.take(cycle)
        if payload & 2:
            self._mw.take(cycle)

    def _message_b(self, cycle: int, payload: int) -> None:
        self._mb.present(cycle, (payload,))
        self._mb.take(cycle)

    def _reset(self, cycle: int, payload: int) -> None:
        for channel in self._reset_channels:
            channel.forget()

    def _wrong(self, cycle: int, payload: int) -> None:
        what, bits = payload & 0xFF, payload >> 16
        if what < 2:
            bits <<= 32 * what
            for number, prefix in enumerate(PREFIXES):
                for rule, text in enumerate(_RULES):
                    if bits >> 5 * number + rule & 1:
                        if rule == _WITHDRAWN:
                            self._channels[prefix].forget()
                        self._channels[prefix].violate(cycle, text)
        elif what < 4:
            for callback in self.on_stuck:
                callback(cycle, ("s_axil_aw", "s_axil_ar")[what - 2])
        else:
            names = [name for number, name in enumerate(_UNKNOWN) if bits >> number & 1]
            for tell in self.on_unknown:
                tell(cycle, f"unknown: {', '.join(names)}")
