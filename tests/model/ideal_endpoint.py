# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""An endpoint that keeps the contract, as a plain sequential simulation with random legal delays.

It shares no code with cocotbext.virtio.model: it keeps one definite state and carries out one thing after the other.
What it emits
is what the monitors of a real one would see, as calls of EndpointModel in order of their cycles.
"""

import random
from collections import deque
from dataclasses import dataclass, field

from cocotbext.virtio.config import NO_VECTOR, EndpointConfig
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.transactions import (
    ConfigAccess,
    DeviceReset,
    EventAccepted,
    FaultReported,
    KickTaken,
    LineLevel,
    MessageAnswered,
    MessagePresented,
    NeedsResetInput,
    RegisterRead,
)

USED, CONFIG = 0, 1


@dataclass
class Delays:
    """How slow the endpoint is; every delay is drawn from 1 to the limit, or 0 where that is possible."""

    event: int = 4
    write: int = 4
    response: int = 4
    present: int = 4
    prefetch: int = 3
    line: int = 2
    read: int = 4
    walk: int = 3
    data_lag: int = 0  # W behind AW
    bus_wait: int = 3  # AWREADY, WREADY
    answer: int = 6
    kick_wait: int = 5


@dataclass
class InFlight:
    """A message on its way."""

    vector: int
    kinds: set
    pair: tuple
    ready_at: int


@dataclass
class VectorState:
    masked: bool = False
    pair: tuple | None = None
    pending: set = field(default_factory=set)


class IdealEndpoint:
    """One endpoint and the world around it. `step()` runs one cycle; `stream` is what was seen.

    `lose` takes (what, cycle, detail) and returns whether the endpoint wrongly forgets: "event" as it takes effect.
    """

    def __init__(self, config: EndpointConfig, seed: int, delays: Delays | None = None, lose=None):
        self.config = config
        self.random = random.Random(seed)
        self.delays = delays or Delays()
        self.lose = lose or (lambda what, cycle, detail: False)
        self.cycle = 1
        self.stream: list[tuple[int, str, tuple]] = []
        self.writes: deque = deque()  # waiting to be accepted
        self.reads: deque = deque()
        self.events: deque = deque()
        self.fail_next = 0  # answer so many messages with an error
        self._fifo: deque = deque()  # accepted writes: [accepted, effect, address, data, strobe]
        self._answering: deque = deque()  # cycles of responses
        self._last_effect = 0
        self._last_response = 0
        self._event_pipe: deque = deque()  # (effect cycle, index)
        self._read_pipe: list = []
        self._last_read = 0
        self._queue_of_messages: deque[InFlight] = deque()
        self._on_bus = None
        self._unanswered: deque = deque()
        self._faults: list = []
        self._turn = 0
        self._kick_turn = 0
        self._line_seen = 0
        self._line_changes: deque = deque()
        self._line_want = 0
        self.needs_reset_level = 0
        self._level_changed = 0
        self._config_memory: dict[int, int] = {}
        self._presented_kick = None
        self._raw_accepted: dict = {}  # bit -> when the last event that set it was accepted
        self._keep_from = 0  # an acknowledge keeps what was accepted then or later (MMIO-53)
        self._raise = False
        self._drain_since = 0
        self._power_up()

    def _power_up(self):
        self._clear()
        self.status = 0
        self.needs_reset = False
        self._level_counts = True  # needs_reset was low, or Status written, since the last reset
        self.draining = False

    def _clear(self):
        self.sel = dict.fromkeys(("device", "driver", "queue", "vector", "low", "high", "data"), 0)
        self.driver_features = [0, 0]
        self.beyond = False
        self.latched = None
        self.enabled = False
        self.raw = set()
        self.walking = None
        self.vectors = {}
        self.mapping = {}
        self.queues = {}
        self.kick_pending = {}
        self.kick_word = {}
        self._presented_kick = None
        self._queue_of_messages.clear()

    # ------------------------------------------------------------------ one cycle
    def step(self):
        """State as visible in this cycle, then everything that changes it."""
        self._sample_reads()
        self._respond()
        self._present()
        self._answers()
        self._kicks()
        self._line()
        self._take()
        self._convert()
        self._events_take_effect()
        self._writes_take_effect()
        self._accept()
        self._raise_needs_reset()
        self.cycle += 1

    def emit(self, cycle, name, *arguments):
        self.stream.append((cycle, name, arguments))

    def idle(self):
        return not (
            self.writes
            or self.reads
            or self.events
            or self._fifo
            or self._event_pipe
            or self._read_pipe
            or self._queue_of_messages
            or self._on_bus
            or self._unanswered
            or self._answering
            or self.walking is not None
            or self._line_changes
            or self._faults
        )

    def run(self, cycles):
        for _ in range(cycles):
            self.step()

    def settle(self, limit=5000):
        """Run until nothing is left to do but what the driver holds back."""
        quiet = 0
        while quiet < 40 and limit:
            self.step()
            limit -= 1
            quiet = quiet + 1 if self.idle() and not any(self._sendable(v) for v in self.vectors.values()) else 0
            if self._presented_kick or any(self.kick_pending.values()):
                quiet = 0
        assert limit, "the ideal endpoint does not settle"

    def finish(self):
        """Everything seen, in order; the order within a cycle is random."""
        order = list(enumerate(self.stream))
        order.sort(key=lambda item: (item[1][0], self._rank(item[1])))
        return [entry for _, entry in order]

    def _rank(self, entry):
        return self.random.random() + {"message": 1, "answer": 2}.get(entry[1], 0)

    # ------------------------------------------------------------------ writes and reads
    def _accept(self):
        chance = self.random.random()
        if self.writes and len(self._fifo) < 3 and chance < 0.8:
            address, data, strobe = self.writes.popleft()
            effect = max(self.cycle + self.random.randint(1, self.delays.write), self._last_effect + 1)
            self._last_effect = effect
            alone = not self._fifo and not self._answering and not self.draining
            keep_from = self.cycle if alone or self.random.random() < 0.5 else 1 << 40
            self._fifo.append([self.cycle, effect, address, data, strobe, keep_from])
            self.emit(self.cycle, "write_accepted", self.cycle, address, data, strobe)
        if self.reads and len(self._read_pipe) < 3 and self.random.random() < 0.8:
            item = self.reads.popleft()
            sample = max(self.cycle + self.random.randint(0, self.delays.read), self._last_read)
            self._last_read = sample + 1
            self._read_pipe.append([self.cycle, sample + 1, item])
        ready = self.walking is None and not any(bit for bit in self.raw if self.enabled)
        if self.events and ready and self.random.random() < 0.9:
            index = self.events.popleft()
            last = self._event_pipe[-1][0] if self._event_pipe else 0
            self._event_pipe.append(
                (max(self.cycle + self.random.randint(1, self.delays.event), last), index, self.cycle)
            )
            self.emit(self.cycle, "event", EventAccepted(self.cycle, index))

    def _writes_take_effect(self):
        """Visible from the next cycle on."""
        if self._fifo and self._fifo[0][1] <= self.cycle + 1 and not self.draining:
            _, _, address, data, strobe, self._keep_from = self._fifo.popleft()
            if address == Register.STATUS and strobe == 0xF and data & 0xFF == 0:
                self._clear()
                self._level_counts = False
                self.draining = True
                self.emit(self.cycle + 1, "device_reset", DeviceReset(self.cycle + 1))
                self._drain_since = self.cycle + 2
            else:
                self._write(address, data, strobe)
                self._answer_write(self.cycle + 1)
        if (
            self.draining
            and self._on_bus is None
            and not self._unanswered
            and not self._faults
            and self.cycle > self._drain_since
        ):
            self.draining = False
            self.status = 0
            self.needs_reset = self._raise = False
            self._answer_write(self.cycle + 1)

    def _answer_write(self, earliest):
        cycle = max(earliest + self.random.randint(0, self.delays.response), self._last_response + 1)
        self._last_response = cycle
        self._answering.append(cycle)

    def _respond(self):
        while self._answering and self._answering[0] <= self.cycle:
            self._answering.popleft()
            self.emit(self.cycle, "write_responded", self.cycle)

    def _sample_reads(self):
        for entry in self._read_pipe:
            accepted, sample, address = entry[:3]
            if sample == self.cycle and len(entry) == 3:
                entry.append(self._read(address))
        while self._read_pipe and len(self._read_pipe[0]) == 4 and self.cycle > self._read_pipe[0][1]:
            if self.random.random() < 0.5:
                break
            accepted, _, address, data = self._read_pipe.pop(0)
            self.emit(self.cycle, "read", RegisterRead(address, data, accepted, self.cycle))
            break

    def _read(self, address):
        config = self.config
        if address >= 0x100:
            offset = (address & ~3) - 0x100
            if offset >= config.config_bytes:
                return 0
            value = self._config_memory.get(offset, 0)
            self.emit(self.cycle, "config_access", ConfigAccess(self.cycle, offset, 0, value))
            return value
        shown = self._shown()
        queue = self.queues.get(self.sel["queue"], {})
        exists = self.sel["queue"] < config.num_queues
        fixed = {
            0: 0x74726976,
            4: 2,
            8: config.device_id,
            0xC: config.vendor_id,
            0xB0: 0xFFFFFFFF,
            0xB4: 0xFFFFFFFF,
            0xB8: 0xFFFFFFFF,
            0xBC: 0xFFFFFFFF,
        }
        if address in fixed:
            return fixed[address]
        if address == Register.DEVICE_FEATURES:
            sel = self.sel["device"]
            return config.offered_features >> 32 * sel & 0xFFFFFFFF if sel < 2 else 0
        if address == Register.QUEUE_NUM_MAX:
            return config.queue_num_max if exists else 0
        if address == Register.QUEUE_READY:
            return int(queue.get("ready", False))
        if address == Register.INTERRUPT_STATUS:
            return sum(1 << bit for bit in shown)
        if address == Register.STATUS:
            return self.status | (0x40 if self.needs_reset else 0)
        if address == Register.QUEUE_NOTIFY and config.notify_doorbells and self._negotiated(39):
            return config.notify_base | config.notify_multiplier << 16
        if self._msi():
            if address == Register.MSI_VEC_NUM:
                return config.num_vectors
            if address == Register.MSI_STATE:
                return (0x80000001 if self.enabled else 0) | (0x40000002 if config.msi_sharing else 0)
            if address == Register.MSI_VEC_STATE:
                mapped = self._map_of(self.sel["queue"] + 1) if exists else None
                value = (0xFFFF if mapped is None else mapped) << 16
                if self.sel["vector"] < config.num_vectors:
                    vector = self._vector(self.sel["vector"])
                    value |= vector.masked | bool(vector.pending) << 1 | (vector.pair is not None) << 2
                return value
            names = {
                Register.MSI_VEC_SEL: "vector",
                Register.MSI_ADDR_LOW: "low",
                Register.MSI_ADDR_HIGH: "high",
                Register.MSI_DATA: "data",
            }
            if address in names:
                return self.sel[names[address]]
        return 0

    def _negotiated(self, bit):
        return self.latched is not None and bool(self.latched >> bit & 1)

    def _msi(self):
        return self.config.msi_support and self._negotiated(self.config.msi_feature_bit)

    @property
    def driver_ok(self):
        return bool(self.status & 4) and not self.draining

    def _write(self, address, data, strobe):
        config = self.config
        if address >= 0x100:
            offset = (address & ~3) - 0x100
            lanes = [lane for lane in range(4) if strobe >> lane & 1 and offset + lane < config.config_bytes]
            if lanes and offset < config.config_bytes:
                mask = sum(0xFF << 8 * lane for lane in lanes)
                old = self._config_memory.get(offset, 0)
                self._config_memory[offset] = old & ~mask | data & mask
                self.emit(
                    self.cycle,
                    "config_access",
                    ConfigAccess(self.cycle, offset, sum(1 << lane for lane in lanes), data),
                )
            if config.notify_doorbells and self._negotiated(39) and strobe == 0xF and config.notify_multiplier:
                queue, rest = divmod(address - config.notify_base, config.notify_multiplier)
                if rest == 0 and queue >= 0:
                    self._kick(queue, data)
            return
        if strobe != 0xF or address & 3:
            return
        queue = self.sel["queue"]
        exists = queue < config.num_queues
        row = self.queues.setdefault(queue, {"ready": False}) if exists else {"ready": True}
        simple = {
            Register.DEVICE_FEATURES_SEL: "device",
            Register.DRIVER_FEATURES_SEL: "driver",
            Register.QUEUE_SEL: "queue",
        }
        staged = {
            Register.MSI_VEC_SEL: "vector",
            Register.MSI_ADDR_LOW: "low",
            Register.MSI_ADDR_HIGH: "high",
            Register.MSI_DATA: "data",
        }
        if address in simple:
            self.sel[simple[address]] = data
        elif address in staged:
            if self._msi():
                self.sel[staged[address]] = data
        elif address == Register.DRIVER_FEATURES and self.latched is None:
            if self.sel["driver"] < 2:
                self.driver_features[self.sel["driver"]] = data
            else:
                self.beyond |= data != 0
        elif address == Register.STATUS:
            value = data & 0xBF
            if value & 8 and self.latched is None:
                wanted = self.driver_features[0] | self.driver_features[1] << 32
                if wanted & ~config.offered_features or self.beyond or not wanted >> 32 & 1:
                    value &= ~8
                else:
                    self.latched = wanted
            rises = value & 4 and not self.status & 4
            self.status = value
            self._level_counts = True
            if rises and self.latched is None and config.require_features_ok:
                self._raise = True
            if rises:
                for number, kicked in self.queues.items():
                    if kicked["ready"]:
                        self.kick_pending[number] = True
            if not value & 4:
                self.kick_pending.clear()
                self._revoke(lambda message: True)
        elif address == Register.QUEUE_NUM:
            if not row["ready"]:
                row["num"] = data
        elif address == Register.QUEUE_READY and exists:
            if data == 0:
                row["ready"] = False
                self.kick_pending.pop(queue, None)
                if self._presented_kick and self._presented_kick[0] == queue:
                    self._presented_kick = None
            else:
                num = row.get("num", 0)
                if num == 0 or num > config.queue_num_max or (num & num - 1 and not self._negotiated(34)):
                    self._raise = True
                else:
                    row["ready"] = True
        elif address == Register.QUEUE_NOTIFY:
            self._kick(data & 0xFFFF if self._negotiated(38) else data, data)
        elif address == Register.INTERRUPT_ACK:
            if self.driver_ok and not self.enabled:
                self.raw -= {
                    bit
                    for bit in (USED, CONFIG)
                    if data >> bit & 1 and self._raw_accepted.get(bit, -1) < self._keep_from
                }
        elif address == Register.MSI_CMD and self._msi():
            self._command(data)

    def _kick(self, queue, data):
        if self.driver_ok and queue < self.config.num_queues and self.queues.get(queue, {}).get("ready"):
            self.kick_pending[queue] = True
            self.kick_word[queue] = data

    # ------------------------------------------------------------------ MSI
    def _vector(self, number) -> VectorState:
        return self.vectors.setdefault(number, VectorState())

    def _map_of(self, source):
        if source in self.mapping:
            return self.mapping[source]
        return None if self.config.msi_sharing or source >= self.config.num_vectors else source

    def _command(self, code):
        selected = self.sel["vector"]
        exists = selected < self.config.num_vectors
        if code == MsiCommand.ENABLE:
            self.enabled = True
        elif code == MsiCommand.DISABLE and self.enabled:
            self._revoke(lambda message: True)
            self.enabled = False
            for vector in self.vectors.values():
                self.raw |= vector.pending
                vector.pending = set()
            if self.walking is not None:
                self.raw.add(USED)
            self.walking = None
        elif code == MsiCommand.CONFIGURE and exists:
            address = self.sel["high"] << 32 | self.sel["low"] & ~3
            self._vector(selected).pair = (address, self.sel["data"]) if address else None
        elif code == MsiCommand.MASK and exists:
            self._revoke(lambda message: message.vector == selected)
            self._vector(selected).masked = True
        elif code == MsiCommand.UNMASK and exists:
            self._vector(selected).masked = False
        elif code in (MsiCommand.MAP_CONFIG, MsiCommand.MAP_QUEUE):
            source = 0 if code == MsiCommand.MAP_CONFIG else self.sel["queue"] + 1
            if source > self.config.num_queues:
                return
            if selected == NO_VECTOR:
                self.mapping[source] = None
            elif exists and (self.config.msi_sharing or selected == source):
                old = self._map_of(source)
                self.mapping[source] = selected
                if old is not None and old != selected:
                    self._vector(selected).pending |= self._vector(old).pending

    def _revoke(self, which):
        kept = deque()
        for message in self._queue_of_messages:
            if which(message):
                self._vector(message.vector).pending |= message.kinds
            else:
                kept.append(message)
        self._queue_of_messages = kept

    def _sendable(self, vector):
        return self.enabled and self.driver_ok and vector.pair and not vector.masked and vector.pending

    def _take(self):
        if len(self._queue_of_messages) > self.random.randint(0, self.delays.prefetch):
            return
        if self._on_bus and not self.delays.prefetch:
            return
        ready = sorted(number for number, vector in self.vectors.items() if self._sendable(vector))
        if not ready or len(self._unanswered) >= 8:
            return
        number = next((n for n in ready if n > self._turn), ready[0])
        self._turn = number
        vector = self.vectors[number]
        earliest = self.cycle + self.random.randint(1, self.delays.present)
        self._queue_of_messages.append(InFlight(number, vector.pending, vector.pair, earliest))
        vector.pending = set()

    def _present(self):
        if self._on_bus is not None and self.cycle > max(self._on_bus[1:3]):
            self._on_bus = None
        if self._on_bus is None and self._queue_of_messages and self._queue_of_messages[0].ready_at <= self.cycle:
            message = self._queue_of_messages.popleft()
            taken = self.cycle + self.random.randint(0, self.delays.bus_wait)
            w_taken = self.cycle + self.random.randint(0, self.delays.bus_wait) + self.delays.data_lag
            self._on_bus = (message, taken, w_taken)
            address, data = message.pair
            self.emit(self.cycle, "message_started", self.cycle, address, None if self.delays.data_lag else data)
            done = max(taken, w_taken)
            self.emit(done, "message", MessagePresented(self.cycle, taken, w_taken, address, data))
            answer = max(
                done + self.random.randint(1, self.delays.answer),
                self._unanswered[-1][0] + 1 if self._unanswered else 0,
            )
            response = 0
            if self.fail_next:
                self.fail_next -= 1
                response = self.random.choice((2, 3))
            self._unanswered.append((answer, response, message.vector))

    def _answers(self):
        while self._unanswered and self._unanswered[0][0] == self.cycle:
            _, response, vector = self._unanswered.popleft()
            self.emit(self.cycle, "answer", MessageAnswered(self.cycle, response))
            if response:
                self._faults.append((self.cycle + 1, vector))
        while self._faults and self._faults[0][0] == self.cycle:
            _, vector = self._faults.pop(0)
            self.emit(self.cycle, "fault", FaultReported(self.cycle, vector))
            self._raise = True

    def _raise_needs_reset(self):
        self._level_counts = self._level_counts or not self.needs_reset_level
        level = self.needs_reset_level and self._level_counts
        if (self._raise or level) and not self.needs_reset and not self.draining:
            self.needs_reset = True
            if self.driver_ok:
                self._event_pipe.append(
                    (max(self.cycle + 1, self._event_pipe[-1][0] if self._event_pipe else 0), 0, self.cycle)
                )
        self._raise = False

    def set_needs_reset(self, level):
        if level != self.needs_reset_level and self._level_changed < self.cycle:
            self._level_changed = self.cycle
            self.needs_reset_level = level
            self.emit(self.cycle, "needs_reset_input", NeedsResetInput(self.cycle, level))

    # ------------------------------------------------------------------ events
    def _events_take_effect(self):
        while self._event_pipe and self._event_pipe[0][0] <= self.cycle + 1:
            _, index, accepted = self._event_pipe.popleft()
            if self.draining or self.lose("event", accepted, index):
                continue
            self._event(index, accepted)

    def _event(self, index, accepted):
        kind = CONFIG if index == 0 else USED
        if index and not self.queues.get(index - 1, {}).get("ready"):
            return
        if not self.enabled:
            self.raw.add(kind)
            self._raw_accepted[kind] = accepted
            return
        vector = self._map_of(index)
        if vector is not None:
            self._vector(vector).pending.add(kind)

    def _convert(self):
        """ENABLE's conversion: the configuration change, then one queue a cycle."""
        if not self.enabled:
            return
        if CONFIG in self.raw:
            self.raw.discard(CONFIG)
            vector = self._map_of(0)
            if vector is not None:
                self._vector(vector).pending.add(CONFIG)
        elif USED in self.raw:
            self.raw.discard(USED)
            self.walking = -self.random.randint(0, self.delays.walk)
        elif self.walking is not None:
            queue = self.walking
            self.walking += 1
            if queue >= 0 and self.queues.get(queue, {}).get("ready"):
                vector = self._map_of(queue + 1)
                if vector is not None:
                    self._vector(vector).pending.add(USED)
            if self.walking >= self.config.num_queues:
                self.walking = None

    def _shown(self):
        return self.raw if self.driver_ok and not self.enabled else set()

    def _line(self):
        level = int(bool(self._shown()))
        if level != self._line_want:
            self._line_want = level
            at = self.cycle + self.random.randint(0, self.delays.line)
            if self._line_changes:
                at = max(at, self._line_changes[-1][0] + 1)
            self._line_changes.append((at, level))
        while self._line_changes and self._line_changes[0][0] <= self.cycle:
            _, level = self._line_changes.popleft()
            if level != self._line_seen:
                self._line_seen = level
                self.emit(self.cycle, "line", LineLevel(self.cycle, level))

    # ------------------------------------------------------------------ kicks
    def _kicks(self):
        if self._presented_kick is not None:
            queue, word, at = self._presented_kick
            if at <= self.cycle:
                self.emit(self.cycle, "kick", KickTaken(self.cycle, queue, word))
                self._presented_kick = None
        if self._presented_kick is None:
            waiting = sorted(queue for queue, pending in self.kick_pending.items() if pending)
            if waiting:
                queue = next((q for q in waiting if q > self._kick_turn), waiting[0])
                self._kick_turn = queue
                self.kick_pending[queue] = False
                self._presented_kick = (
                    queue,
                    self.kick_word.get(queue, queue),
                    self.cycle + 1 + self.random.randint(0, self.delays.kick_wait),
                )
