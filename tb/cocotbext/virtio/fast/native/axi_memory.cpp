// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// The AXI4 slave of tb/cocotbext/virtio/bfm/axi_memory.py, in C++ on the Verilog programming interface: the same
// answers in the same cycles, with the same numbers drawn from the same generator. The functions have the names of that
// file's methods, and do what those do in the same order; what is said there is not repeated here.
//
// It samples when the clock rises, before the design sees the edge, and drives in the read-write phase of that time
// step, as cocotb's tasks do. Python is called only for what it asked to hear of, once a cycle at most.

#include "vpi.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

typedef std::vector<uint8_t> Bytes;

enum Channel { AW, W, AR, R, B, CHANNELS };
enum Response { OKAY, EXOKAY, SLVERR, DECERR };
enum Order { ANY, AW_FIRST, W_FIRST };
enum Moment { ANSWER, ACCEPTED, TORN };  // of visibility and of sampling
constexpr int64_t WITH_ANSWER = int64_t(1) << 62;  // cycle: a write becomes visible when it is answered, whenever that is
const int64_t NEAR = 4;                  // cycles that are stepped through rather than slept over
const int INCR = 1;
const int WORDS = 8;                     // of 32 bits: the widest bus
const int NAMES = 10;                    // most signals of an address channel
const int ID = 4;                        // number of its name
const int VALID = 100, READY = 101, LANE = 102;  // instead of a name's number: what is unknown
enum ActionKind { SAMPLE, TO_MEMORY, TO_MASTER };

}  // namespace

// What Python gives and gets; fast_axi_memory.py has the same structures.
extern "C" {

struct MemorySettings {
    const char *path;      // of the signals, up to the name of the channel
    const char *clock;
    const char *reset;
    int32_t word;          // bytes
    int32_t scramble;
    int64_t most_reads, most_writes;  // outstanding, -1: any number
    int64_t max_beats;
    int64_t answer_limit;  // -1: none
};

struct MemoryTiming {
    int64_t read_least, read_most, write_least, write_most;
    double ar_ready, aw_ready, w_ready, r_valid, b_valid, error_chance, beat_error_chance;
    int64_t outstanding;
    int32_t ready_after_valid, order, reorder, visibility, sampling;
};

enum Kind {
    READ, WRITE,
    ADDRESS, OUTSTANDING, WITHDRAWN, CHANGED, UNKNOWN, DATA, IN_RESET, WAITED,  // methods of AxiMasterRules
    REFUSED                                                                     // the memory has no such bytes
};

struct MemoryRecord {
    int32_t kind, channel, id, response;
    int64_t cycle, issued, accepted;       // cycle: in which it happened, or was answered
    uint64_t address;
    int64_t length, beats, size, extra;    // extra: of READ, beats that were taken; else of the rule
    const uint8_t *data;
    const uint8_t *strobes;                // a bit for each byte of data
    const int64_t *answered;               // of READ: cycle of each beat
    const int32_t *responses;              // the same for its response
};

typedef int32_t (*MemoryAccess)(int32_t write, uint64_t address, int64_t length, uint8_t *data);
typedef void (*Notify)();
}

namespace {

// The generator of Python's random.Random, with those of its methods that are used.
class Random {
public:
    void set(const uint32_t *state, int position) {
        std::memcpy(state_, state, sizeof(state_));
        position_ = position;
    }
    double random() {  // random
        const uint32_t high = next() >> 5, low = next() >> 6;
        return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
    }
    // getrandbits, into words of 32 bits
    void bits(int count, uint32_t *words) {
        for (; count > 0; count -= 32) *words++ = count < 32 ? next() >> (32 - count) : next();
    }
    uint64_t bits(int count) {
        uint32_t words[2] = {0, 0};
        bits(count, words);
        return words[0] | uint64_t(words[1]) << 32;
    }
    uint64_t below(uint64_t limit) {
        const int count = 64 - __builtin_clzll(limit);
        uint64_t drawn = bits(count);
        while (drawn >= limit) drawn = bits(count);
        return drawn;
    }
    int64_t between(int64_t least, int64_t most) { return least + int64_t(below(uint64_t(most - least) + 1)); }

private:
    uint32_t next() {
        if (position_ >= 624) {
            for (int n = 0; n < 624; ++n) {
                const uint32_t y = (state_[n] & 0x80000000u) | (state_[(n + 1) % 624] & 0x7fffffffu);
                state_[n] = state_[(n + 397) % 624] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
            }
            position_ = 0;
        }
        uint32_t y = state_[position_++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c5680u;
        y ^= y << 15 & 0xefc60000u;
        return y ^ y >> 18;
    }
    uint32_t state_[624];
    int position_ = 624;
};

// A signal of the bus: bits that are known, and bits that are not.
struct Value {
    uint32_t bits[WORDS] = {}, unknown[WORDS] = {};
    bool known() const {
        for (uint32_t word : unknown)
            if (word) return false;
        return true;
    }
    uint64_t number() const { return bits[0] | uint64_t(bits[1]) << 32; }
    bool bit(int index) const { return bits[index / 32] >> index % 32 & 1; }
    uint8_t byte(int index) const { return uint8_t(bits[index / 4] >> 8 * (index % 4)); }
    bool byte_unknown(int index) const { return unknown[index / 4] >> 8 * (index % 4) & 0xff; }
    void forget() { *this = Value(); }
    bool operator==(const Value &other) const {
        return !std::memcmp(bits, other.bits, sizeof(bits)) && !std::memcmp(unknown, other.unknown, sizeof(unknown));
    }
};

class Signal {
public:
    bool open(const std::string &path) {
        handle_ = vpi_handle_by_name(const_cast<char *>(path.c_str()), nullptr);
        if (handle_) size_ = vpi_get(vpiSize, handle_);
        return handle_;
    }
    bool there() const { return handle_; }
    vpiHandle handle() const { return handle_; }
    // '0', '1' or 'x'
    char level() const {
        s_vpi_value value;
        value.format = vpiVectorVal;
        vpi_get_value(handle_, &value);
        const s_vpi_vecval &bit = value.value.vector[0];
        return bit.bval & 1 ? 'x' : bit.aval & 1 ? '1' : '0';
    }
    void read(Value &into) const {
        s_vpi_value value;
        value.format = vpiVectorVal;
        vpi_get_value(handle_, &value);
        for (int word = 0, left = size_; left > 0; ++word, left -= 32) {
            const uint32_t mask = left >= 32 ? ~0u : (1u << left) - 1;
            into.bits[word] = value.value.vector[word].aval & ~value.value.vector[word].bval & mask;
            into.unknown[word] = value.value.vector[word].bval & mask;
        }
    }
    // Drive when flush() is called; returns whether it has to be.
    bool drive(const uint32_t *words) {
        if (!handle_) return false;
        const int count = (size_ + 31) / 32;
        std::memcpy(next_, words, 4 * size_t(count));
        if (size_ % 32) next_[count - 1] &= (1u << size_ % 32) - 1;
        pending_ = !driven_ || std::memcmp(next_, now_, 4 * size_t(count));
        return pending_;
    }
    bool drive(uint32_t word) {
        const uint32_t words[WORDS] = {word};
        return drive(words);
    }
    void flush() {
        if (!pending_) return;
        s_vpi_vecval vector[WORDS];
        for (int word = 0; 32 * word < size_; ++word) vector[word] = {now_[word] = next_[word], 0};
        s_vpi_value value;
        value.format = vpiVectorVal;
        value.value.vector = vector;
        vpi_put_value(handle_, &value, nullptr, vpiNoDelay);
        pending_ = false;
        driven_ = true;
    }

private:
    vpiHandle handle_ = nullptr;
    int size_ = 0;
    uint32_t now_[WORDS] = {}, next_[WORDS] = {};
    bool driven_ = false, pending_ = false;
};

struct Part {
    uint64_t address;
    Bytes data;
    bool in_memory = false, for_master = false, has_overlay = false;
    Bytes overlay;  // what the master reads instead of the memory
};

struct Burst {
    Value payload[NAMES];
    int64_t presented = 0, accepted = 0;
    uint64_t address = 0;
    int64_t beats = 0, size = 0, due = 0, latest = 0, first_data = 0;
    int64_t done = -1;                    // cycle in which it was answered
    int id = 0, response = OKAY, index = 0;
    bool good = true, last = false, has_words = false, has_chunks = false;
    uint64_t base = 0, end = 0;           // address of the first bus word; behind the last byte
    Bytes data;                           // of a read: what is told; of a write: all bytes
    Bytes strobes;                        // one byte for each of data
    std::vector<uint32_t> words;          // of a read: what is driven, WORDS for each beat
    std::vector<Bytes> chunks;            // of a read whose beats have data of their own
    std::vector<int32_t> responses;       // of a read: that of each beat
    std::vector<std::shared_ptr<Part>> parts;
    std::vector<int64_t> answered;
};
typedef std::shared_ptr<Burst> BurstPointer;
typedef std::shared_ptr<Part> PartPointer;

struct Action {
    int kind;
    BurstPointer burst;
    PartPointer part;
    int beat;
};

struct Piece {
    uint64_t base, size;
    uint8_t *data;
};

struct ErrorRange {
    uint64_t first, last;
    int response;
    bool reads, writes;
};

// A transaction or a broken rule that Python has not heard of yet.
struct Record {
    MemoryRecord record = {};
    BurstPointer burst;
};

class AxiMemory {
public:
    MemoryTiming timing = {};
    Random random;
    std::vector<Piece> pieces;
    MemoryAccess access = nullptr;
    Notify notify = nullptr;
    std::vector<ErrorRange> error_ranges;
    bool tell_reads = false, tell_writes = false;
    int64_t cycle = 0;  // edges seen
    int64_t beats = 0;

    // Returns the name of a signal that is missing, or nothing.
    std::string open(const MemorySettings &settings) {
        settings_ = settings;
        word_ = settings.word;
        const std::string path = settings.path;
        static const char *const address[] = {"addr", "len", "size", "burst", "id", "cache", "prot", "lock", "qos", "region"};
        static const char *const data[] = {"data", "strb", "last"};
        static const char *const channels[] = {"aw", "w", "ar"};
        for (int channel : {AW, W, AR}) {
            const std::string prefix = path + channels[channel];
            const int count = channel == W ? 3 : NAMES;
            for (int name = 0; name < count; ++name) {
                const std::string full = prefix + (channel == W ? data : address)[name];
                if (!payload_[channel][name].open(full) && (channel == W || name < ID)) return full;
            }
            if (!valid_[channel].open(prefix + "valid")) return prefix + "valid";
            if (!ready_[channel].open(prefix + "ready")) return prefix + "ready";
        }
        const std::pair<Signal *, const char *> answers[] = {
            {&rvalid_, "rvalid"}, {&rready_, "rready"}, {&rdata_, "rdata"}, {&rresp_, "rresp"}, {&rlast_, "rlast"},
            {&bvalid_, "bvalid"}, {&bready_, "bready"}, {&bresp_, "bresp"}};
        for (const auto &answer : answers)
            if (!answer.first->open(path + answer.second)) return path + answer.second;
        rid_.open(path + "rid");
        bid_.open(path + "bid");
        if (!clock_.open(settings.clock)) return settings.clock;
        if (!reset_.open(settings.reset)) return settings.reset;
        forget();
        clock_time_.type = vpiSuppressTime;
        clock_value_.format = vpiIntVal;
        s_cb_data callback = {cbValueChange, clock_changed, clock_.handle(), &clock_time_, &clock_value_, 0,
                              reinterpret_cast<char *>(this)};
        callback_ = vpi_register_cb(&callback);
        return "";
    }

    // Look at the clock no more; whatever is driven stays.
    void close() {
        if (callback_) vpi_remove_cb(callback_);
        callback_ = nullptr;
    }

    void reset() {
        for (const BurstPointer &burst : answers_) show(*burst);
        if (b_now_) show(*b_now_);
        forget();
    }

    int64_t outstanding() const {
        return int64_t(reads_.size() + open_.size() + answers_.size()) + bool(r_now_) + bool(b_now_) +
               bool(held_[AR]) + bool(held_[AW]);
    }
    int64_t data_ahead() const { return int64_t(data_ahead_.size()); }
    const Burst *data_missing() const { return open_.empty() ? nullptr : open_.front().get(); }

    // Tell of what was accepted and is not answered.
    void tell_unanswered() {
        for (const BurstPointer &burst : reads_) tell(READ, burst);
        if (r_now_) tell(READ, r_now_);
        for (const BurstPointer &burst : answers_) tell(WRITE, burst);
        if (b_now_) tell(WRITE, b_now_);
    }

    // The next record; what it points to is there until the next call.
    bool next(MemoryRecord &into) {
        if (records_.empty()) return false;
        given_ = std::move(records_.front());
        records_.pop_front();
        into = given_.record;
        if (given_.burst) {
            const Burst &burst = *given_.burst;
            into.data = burst.data.data();
            into.extra = int64_t(burst.answered.size());
            into.answered = burst.answered.data();
            into.responses = burst.responses.data();
            packed_.assign((burst.strobes.size() + 7) / 8, 0);
            for (size_t n = 0; n < burst.strobes.size(); ++n)
                packed_[n / 8] = uint8_t(packed_[n / 8] | burst.strobes[n] << n % 8);
            into.strobes = packed_.data();
        }
        return true;
    }

private:
    enum Place { OUTSIDE, IN_RESET_STATE, RUNNING };  // where the Python version waits for the next edge

    // ------------------------------------------------------------------ the simulator

    static int32_t clock_changed(s_cb_data *data) {
        auto *memory = reinterpret_cast<AxiMemory *>(data->user_data);
        if (memory->clock_.level() == '1') memory->edge();
        return 0;
    }

    static int32_t read_write(s_cb_data *data) {
        auto *memory = reinterpret_cast<AxiMemory *>(data->user_data);
        vpi_free_object(memory->flush_callback_);  // its handle would stay for ever
        memory->flush_callback_ = nullptr;
        for (Signal &ready : memory->ready_) ready.flush();
        for (Signal *signal : {&memory->rvalid_, &memory->rdata_, &memory->rresp_, &memory->rlast_, &memory->rid_,
                               &memory->bvalid_, &memory->bresp_, &memory->bid_})
            signal->flush();
        return 0;
    }

    void drive(Signal &signal, uint32_t value) {
        if (signal.drive(value)) ask_flush();
    }

    void ask_flush() {
        if (flush_callback_) return;
        flush_time_ = {};
        flush_time_.type = vpiSimTime;
        s_cb_data callback = {cbReadWriteSynch, read_write, nullptr, &flush_time_, nullptr, 0,
                              reinterpret_cast<char *>(this)};
        flush_callback_ = vpi_register_cb(&callback);
    }

    void edge() {
        ++cycle;
        run();
        if (!records_.empty() && notify) notify();
    }

    void run() {
        if (sleeping_) {
            bool wakes = wake_ >= 0 && cycle >= wake_;
            for (int channel : {AW, W, AR}) wakes = wakes || valid_[channel].level() != slept_[channel];
            if (!wakes) return;
            sleeping_ = false;
        }
        const bool in_reset = reset_.level() != '1';
        if (place_ == RUNNING && in_reset) {
            place_ = OUTSIDE;
            return;
        }
        if (place_ != RUNNING) {
            if (in_reset) {
                if (place_ == IN_RESET_STATE) check_reset();
                place_ = IN_RESET_STATE;
                return;
            }
            check_reset();
            place_ = RUNNING;
        }
        step();
        const int64_t rest = pause();
        if (rest) {
            sleeping_ = true;
            wake_ = rest < 0 ? -1 : cycle + rest;
        }
    }

    // ------------------------------------------------------------------ what Python hears of

    MemoryRecord &rule(Kind kind, int channel) {
        records_.emplace_back();
        MemoryRecord &record = records_.back().record;
        record.kind = kind;
        record.channel = channel;
        record.cycle = cycle;
        return record;
    }

    void tell(Kind kind, const BurstPointer &burst) {
        MemoryRecord &record = rule(kind, kind == READ ? AR : AW);
        record.id = burst->id;
        record.response = burst->done < 0 ? int(OKAY) : kind == READ ? worst(*burst) : burst->response;
        record.issued = kind == READ ? burst->presented : std::max(burst->presented, burst->first_data);
        record.accepted = burst->accepted;
        record.cycle = burst->done;
        record.address = kind == READ ? burst->address : burst->base;
        record.beats = int64_t(burst->end - burst->address);
        record.size = burst->size;
        record.length = int64_t(burst->data.size());
        records_.back().burst = burst;
    }

    bool once(int channel) {
        if (told_[channel]) return false;
        return told_[channel] = true;
    }

    void unknown(int channel, int name) { rule(UNKNOWN, channel).extra = name; }

    void refused(bool write, uint64_t address, size_t length) {
        MemoryRecord &record = rule(REFUSED, write ? W : AR);
        record.address = address;
        record.length = int64_t(length);
    }

    // ------------------------------------------------------------------ the memory

    bool reach(bool write, uint64_t address, size_t length, uint8_t *data) {
        for (const Piece &piece : pieces) {
            if (address < piece.base || length > piece.size || address - piece.base > piece.size - length) continue;
            uint8_t *place = piece.data + (address - piece.base);
            if (write) std::memcpy(place, data, length);
            else std::memcpy(data, place, length);
            return true;
        }
        return access && access(write, address, int64_t(length), data);
    }

    // ------------------------------------------------------------------ the slave

    void forget() {
        for (BurstPointer &burst : held_) burst = nullptr;
        reads_.clear();
        open_.clear();
        data_ahead_.clear();
        answers_.clear();
        r_on_ = b_on_ = false;
        r_now_ = b_now_ = nullptr;
        r_since_ = b_since_ = 0;
        agenda_.clear();
        overlays_.clear();
        for (bool &told : told_) told = false;
        busy_ = false;
        for (int channel : {AW, W, AR}) drive_ready(channel, false);
        drive(rvalid_, 0);
        drive(bvalid_, 0);
        junk_r();
        junk_b();
    }

    void drive_ready(int channel, bool level) {
        up_[channel] = level;
        drive(ready_[channel], level);
    }

    void check_reset() {
        for (int channel : {AW, W, AR})
            if (!told_[channel] && valid_[channel].level() != '0' && once(channel)) rule(IN_RESET, channel);
    }

    int64_t pause() {
        if (r_now_ || b_now_ || held_[AW] || held_[W] || held_[AR] || busy_) return 0;
        int64_t first = -1;
        auto consider = [&](int64_t due) { first = first < 0 ? due : std::min(first, due); };
        for (const BurstPointer &burst : reads_) consider(burst->due);
        for (const BurstPointer &burst : answers_) consider(burst->due);
        if (!agenda_.empty()) consider(agenda_.begin()->first.first);
        for (int channel : {AW, W, AR}) slept_[channel] = levels_[channel];
        if (first < 0) return -1;
        const int64_t near = first - cycle - 1;
        return near > NEAR ? near : 0;
    }

    void step() {
        work();
        if (r_on_) {
            const char level = rready_.level();
            if (level == '1') r_taken();
            else not_ready(R, level, r_since_);
        } else if (r_now_ && random.random() < timing.r_valid) {
            r_present();
        }
        if (b_now_) {
            const char level = bready_.level();
            if (level == '1') b_taken();
            else not_ready(B, level, b_since_);
        }
        busy_ = false;
        for (int channel : {AR, AW, W}) {
            const char level = levels_[channel] = valid_[channel].level();
            BurstPointer &burst = held_[channel];
            if (level == '1') {
                busy_ = true;
                if (!burst) {
                    burst = present(channel, cycle);
                } else {
                    Burst now;
                    sample(channel, now);
                    if (differs(channel, *burst, now)) {
                        rule(CHANGED, channel).extra = burst->presented;
                        burst = present(channel, burst->presented);
                    }
                }
                if (up_[channel]) {
                    BurstPointer taken = std::move(burst);
                    burst = nullptr;
                    taken->accepted = cycle;
                    if (channel == AR) read_accepted(taken);
                    else if (channel == AW) write_accepted(taken);
                    else data_ahead_.push_back(taken);
                }
            } else {
                if (level != '0' && once(channel)) unknown(channel, VALID);
                if (burst) {
                    rule(WITHDRAWN, channel).extra = burst->presented;
                    burst = nullptr;
                }
            }
        }
        while (!data_ahead_.empty() && !open_.empty()) {
            const BurstPointer data = data_ahead_.front();
            data_ahead_.pop_front();
            beat(open_.front(), *data);
        }
        work();
        if (!r_now_ && !reads_.empty()) {
            BurstPointer burst = choose(reads_, timing.r_valid);
            if (burst) {
                r_now_ = burst;
                r_present();
            }
        }
        if (!b_now_ && !answers_.empty()) {
            BurstPointer burst = choose(answers_, timing.b_valid);
            if (burst) b_present(burst);
        }
        if (busy_ || !(up_[AW] && up_[W] && up_[AR])) draw_ready();
    }

    void work() {
        while (!agenda_.empty() && agenda_.begin()->first.first <= cycle) {
            const Action action = agenda_.begin()->second;
            agenda_.erase(agenda_.begin());
            if (action.kind == SAMPLE) sample_beat(*action.burst, action.beat);
            else if (action.kind == TO_MEMORY) to_memory(*action.burst, action.part);
            else to_master(action.part);
        }
    }

    void not_ready(int channel, char level, int64_t since) {
        if (level != '0') {
            if (once(channel)) unknown(channel, READY);
        } else if (settings_.answer_limit >= 0 && cycle - since == settings_.answer_limit) {
            rule(WAITED, channel).extra = since;
        }
    }

    bool chance(double probability) { return probability >= 1.0 || random.random() < probability; }

    void draw_ready() {
        const bool late = timing.ready_after_valid;
        const int64_t reads = int64_t(reads_.size()) + bool(r_now_);
        const int64_t writes = int64_t(open_.size() + answers_.size()) + bool(b_now_);
        bool may = reads < timing.outstanding && !(late && !held_[AR]);
        drive_ready(AR, may && chance(timing.ar_ready));
        may = writes < timing.outstanding && !(late && !held_[AW]);
        if (timing.order == W_FIRST) may = may && (held_[W] || !data_ahead_.empty());
        drive_ready(AW, may && chance(timing.aw_ready));
        may = !(late && !held_[W]);
        if (open_.empty())
            may = may && timing.order != AW_FIRST && !(timing.order == W_FIRST && !data_ahead_.empty());
        drive_ready(W, may && chance(timing.w_ready));
    }

    // ------------------------------------------------------------------ addresses and data of the master

    void sample(int channel, Burst &into) {
        const int count = channel == W ? 3 : NAMES;
        for (int name = 0; name < count; ++name)
            if (payload_[channel][name].there()) payload_[channel][name].read(into.payload[name]);
    }

    bool differs(int channel, const Burst &before, const Burst &now) {
        const int count = channel == W ? 3 : NAMES;
        for (int name = channel == W ? 1 : 0; name < count; ++name)
            if (!(before.payload[name] == now.payload[name])) return true;
        if (channel != W || before.payload[0] == now.payload[0]) return false;
        if (!before.payload[0].known() || !now.payload[0].known() || !now.payload[1].known()) return true;
        for (int lane = 0; lane < word_; ++lane)  // bytes without strobe do not count
            if (now.payload[1].bit(lane) && before.payload[0].byte(lane) != now.payload[0].byte(lane)) return true;
        return false;
    }

    BurstPointer present(int channel, int64_t since) {
        BurstPointer burst = std::make_shared<Burst>();
        burst->presented = since;
        sample(channel, *burst);
        Value *payload = burst->payload;
        if (channel == W) {
            burst->last = payload[2].bits[0] & 1;
            if (!payload[0].known() || !payload[1].known() || !payload[2].known()) check_data(payload);
            return burst;
        }
        bool known = true;
        for (int name = 0; name < NAMES; ++name) known = known && payload[name].known();
        if (known) {
            burst->address = payload[0].number();
            burst->beats = int64_t(payload[1].number()) + 1;
            burst->size = int64_t(1) << payload[2].number();
        } else {
            for (int name = 0; name < NAMES; ++name)
                if (!payload[name].known()) {
                    unknown(channel, name);
                    payload[name].forget();
                }
            burst->good = false;
            burst->beats = int64_t(payload[1].number()) + 1;
            burst->size = std::min<int64_t>(int64_t(1) << payload[2].number(), word_);
        }
        const int kind = known ? int(payload[3].number()) : INCR;
        burst->id = int(payload[ID].number());
        burst->good = address(channel, *burst, kind) && burst->good;
        burst->size = std::min<int64_t>(burst->size, word_);
        burst->end = aligned(burst->address, burst->size) + uint64_t(burst->beats * burst->size);
        if (!known)  // as it was sampled: what follows is compared with it
            sample(channel, *burst);
        return burst;
    }

    bool address(int channel, const Burst &burst, int kind) {
        const uint64_t last = aligned(burst.address, burst.size) + uint64_t(burst.beats * burst.size) - 1;
        const bool wide = burst.size > word_;
        if (kind != INCR || wide || burst.beats > settings_.max_beats || burst.address / 4096 != last / 4096) {
            MemoryRecord &record = rule(ADDRESS, channel);
            record.address = burst.address;
            record.beats = burst.beats;
            record.size = burst.size;
            record.extra = kind;
        }
        return (kind == INCR || burst.beats == 1) && !wide;
    }

    void check_data(const Value *payload) {
        for (int name : {1, 2})
            if (!payload[name].known()) unknown(W, name);
        if (!payload[1].known()) return;
        for (int lane = 0; lane < word_; ++lane)
            if (payload[1].bit(lane) && payload[0].byte_unknown(lane)) {
                MemoryRecord &record = rule(UNKNOWN, W);
                record.extra = LANE;
                record.length = lane;
                break;
            }
    }

    int outcome_of_write(const Burst &burst) {
        if (!burst.good) return SLVERR;
        const int response = by_range(burst.address, burst.end, true);
        return response ? response : by_chance(timing.error_chance);
    }

    void outcome_of_read(Burst &burst) {
        burst.responses.assign(size_t(burst.beats), burst.good ? OKAY : SLVERR);
        if (!burst.good) return;
        bool any = false;
        for (int64_t beat = 0; beat < burst.beats && !error_ranges.empty(); ++beat) {
            const int response = by_range(first_of(burst, beat), behind(burst, beat), false);
            burst.responses[size_t(beat)] = response;
            any = any || response;
        }
        if (!any)
            if (const int response = by_chance(timing.error_chance))
                burst.responses.assign(size_t(burst.beats), response);
        if (timing.beat_error_chance > 0)
            for (int32_t &response : burst.responses)
                if (!response) response = by_chance(timing.beat_error_chance);
    }

    int by_range(uint64_t address, uint64_t end, bool write) const {
        for (const ErrorRange &range : error_ranges)
            if (address < range.last && range.first < end && (write ? range.writes : range.reads))
                return range.response;
        return OKAY;
    }

    int by_chance(double chance) {
        if (chance > 0 && random.random() < chance) return random.below(2) ? DECERR : SLVERR;
        return OKAY;
    }

    static uint64_t first_of(const Burst &burst, int64_t beat) {
        return beat ? aligned(burst.address, burst.size) + uint64_t(beat * burst.size) : burst.address;
    }
    static uint64_t behind(const Burst &burst, int64_t beat) {
        return aligned(burst.address, burst.size) + uint64_t((beat + 1) * burst.size);
    }
    static int worst(const Burst &burst) { return *std::max_element(burst.responses.begin(), burst.responses.end()); }
    static bool all_fail(const Burst &burst) {
        return std::find(burst.responses.begin(), burst.responses.end(), int32_t(OKAY)) == burst.responses.end();
    }

    int64_t latency(int64_t least, int64_t most) { return least == most ? least : random.between(least, most); }

    BurstPointer choose(std::vector<BurstPointer> &waiting, double probability) {
        size_t chosen = waiting.size();
        if (!timing.reorder) {
            if (waiting[0]->due <= cycle + 1) chosen = 0;
        } else {
            due_.clear();
            ids_.clear();
            for (size_t n = 0; n < waiting.size(); ++n) {  // the oldest of each ID
                if (std::find(ids_.begin(), ids_.end(), waiting[n]->id) != ids_.end()) continue;
                ids_.push_back(waiting[n]->id);
                if (waiting[n]->due <= cycle + 1) due_.push_back(n);
            }
            if (!due_.empty()) chosen = due_[random.below(due_.size())];
        }
        if (chosen == waiting.size() || (probability < 1.0 && random.random() >= probability)) return nullptr;
        BurstPointer burst = waiting[chosen];
        waiting.erase(waiting.begin() + ptrdiff_t(chosen));
        return burst;
    }

    // ------------------------------------------------------------------ reads

    void read_accepted(const BurstPointer &burst) {
        outcome_of_read(*burst);
        burst->due = cycle + latency(timing.read_least, timing.read_most);
        reads_.push_back(burst);
        limit(AR, int64_t(reads_.size()) + bool(r_now_), settings_.most_reads);
        if (all_fail(*burst)) return;
        if (timing.sampling == ACCEPTED) {
            sample_burst(*burst);
        } else if (timing.sampling == TORN) {
            by_beats(*burst);
            for (int beat = 0; beat < burst->beats; ++beat)
                if (burst->responses[size_t(beat)] == OKAY)
                    plan(random.between(cycle, burst->due - 1), {SAMPLE, burst, nullptr, beat});
        }
    }

    void by_beats(Burst &burst) {
        burst.has_words = burst.has_chunks = true;
        burst.words.assign(size_t(burst.beats) * WORDS, 0);
        burst.chunks.resize(size_t(burst.beats));
    }

    void limit(int channel, int64_t count, int64_t most) {
        if (most >= 0 && count > most) rule(OUTSTANDING, channel).extra = count;
    }

    void sample_burst(Burst &burst) {
        Bytes data(size_t(burst.end - burst.address));
        if (worst(burst) != OKAY || !look(burst.address, data)) {
            by_beats(burst);
            for (int beat = 0; beat < burst.beats; ++beat)
                if (burst.responses[size_t(beat)] == OKAY) sample_beat(burst, beat);
            return;
        }
        burst.data = std::move(data);
        burst.has_words = true;
        burst.words.assign(size_t(burst.beats) * WORDS, 0);
        uint64_t address = burst.address;
        size_t position = 0;
        for (int64_t beat = 0; beat < burst.beats; ++beat) {
            const uint64_t end = aligned(address, burst.size) + uint64_t(burst.size);
            on_lanes(&burst.words[size_t(beat) * WORDS], address, &burst.data[position], size_t(end - address));
            position += size_t(end - address);
            address = end;
        }
    }

    // A bus word with bytes at their place, junk beside them.
    void on_lanes(uint32_t *words, uint64_t address, const uint8_t *data, size_t length) {
        auto *bytes = reinterpret_cast<uint8_t *>(words);
        if (length != size_t(word_) && settings_.scramble) random.bits(8 * word_, words);
        std::memcpy(bytes + address % uint64_t(word_), data, length);
    }

    void sample_beat(Burst &burst, int beat) {
        const uint64_t address = first_of(burst, beat);
        Bytes &chunk = burst.chunks[size_t(beat)];
        chunk.resize(size_t(behind(burst, beat) - address));
        if (!look(address, chunk)) {
            refused(false, address, chunk.size());
            burst.responses[size_t(beat)] = DECERR;
            return;
        }
        on_lanes(&burst.words[size_t(beat) * WORDS], address, chunk.data(), chunk.size());
    }

    bool look(uint64_t address, Bytes &data) {
        if (!reach(false, address, data.size(), data.data())) return false;
        for (const PartPointer &part : overlays_) {
            const uint64_t first = std::max(part->address, address);
            const uint64_t last = std::min(part->address + part->overlay.size(), address + data.size());
            if (first < last)
                std::memcpy(&data[size_t(first - address)], &part->overlay[size_t(first - part->address)],
                            size_t(last - first));
        }
        return true;
    }

    void r_present() {
        Burst &burst = *r_now_;
        if (burst.index == 0) {
            if (!burst.has_words && !all_fail(burst)) sample_burst(burst);
            if (worst(burst) != OKAY) fill_errored(burst);
            if (burst.has_chunks) {
                burst.data.clear();
                for (const Bytes &chunk : burst.chunks) burst.data.insert(burst.data.end(), chunk.begin(), chunk.end());
            }
        }
        r_since_ = cycle + 1;
        r_word(burst);
        drive(rresp_, uint32_t(burst.responses[size_t(burst.index)]));
        drive(rlast_, burst.index == burst.beats - 1);
        if (rid_.there()) drive(rid_, uint32_t(burst.id));
        drive(rvalid_, 1);
        r_on_ = true;
    }

    void fill_errored(Burst &burst) {
        if (!burst.has_words) by_beats(burst);
        for (int64_t beat = 0; beat < burst.beats; ++beat) {
            if (burst.responses[size_t(beat)] == OKAY) continue;
            uint32_t *words = &burst.words[size_t(beat) * WORDS];
            random.bits(8 * word_, words);
            const uint64_t address = first_of(burst, beat);
            const uint8_t *bytes = reinterpret_cast<uint8_t *>(words) + address % uint64_t(word_);
            burst.chunks[size_t(beat)].assign(bytes, bytes + (behind(burst, beat) - address));
        }
    }

    void r_word(const Burst &burst) {
        if (rdata_.drive(&burst.words[size_t(burst.index) * WORDS])) ask_flush();
    }

    void r_taken() {
        const BurstPointer burst = r_now_;
        ++beats;
        burst->answered.push_back(cycle);
        ++burst->index;
        if (burst->index < burst->beats) {
            if (timing.r_valid >= 1.0) {
                r_word(*burst);
                drive(rresp_, uint32_t(burst->responses[size_t(burst->index)]));
                if (burst->index == burst->beats - 1) drive(rlast_, 1);
                r_since_ = cycle + 1;
            } else {
                r_off();
            }
            return;
        }
        r_now_ = nullptr;
        burst->done = cycle;
        if (tell_reads) tell(READ, burst);
        BurstPointer following = reads_.empty() ? nullptr : choose(reads_, timing.r_valid);
        if (following) {
            r_now_ = following;
            r_present();
        } else {
            r_off();
        }
    }

    void r_off() {
        drive(rvalid_, 0);
        junk_r();
    }

    void junk_r() {
        r_on_ = false;
        if (!settings_.scramble) return;
        uint32_t words[WORDS] = {};
        random.bits(8 * word_, words);
        if (rdata_.drive(words)) ask_flush();
        drive(rresp_, uint32_t(random.bits(2)));
        drive(rlast_, uint32_t(random.bits(1)));
    }

    // ------------------------------------------------------------------ writes

    void write_accepted(const BurstPointer &burst) {
        const uint64_t word = uint64_t(word_);
        burst->base = burst->address / word * word;
        const size_t length = size_t((burst->end - burst->base + word - 1) / word * word);
        burst->data.assign(length, 0);
        burst->strobes.assign(length, 0);
        burst->response = outcome_of_write(*burst);
        open_.push_back(burst);
        limit(AW, int64_t(open_.size() + answers_.size()) + bool(b_now_), settings_.most_writes);
    }

    void beat(const BurstPointer burst, const Burst &data) {
        const Value &bytes = data.payload[0], &strobes = data.payload[1];
        check_beat(*burst, strobes, data.last);
        const uint64_t word = uint64_t(word_);
        const uint64_t address = aligned(burst->address, burst->size) + uint64_t(burst->index * burst->size);
        const size_t place = size_t(address / word * word - burst->base);
        for (int lane = 0; lane < word_; ++lane) {
            const bool strobe = strobes.bit(lane);
            if (strobe || burst->size == word_) burst->data[place + size_t(lane)] = bytes.byte(lane);
            if (strobe) burst->strobes[place + size_t(lane)] = 1;
        }
        ++beats;
        if (burst->index == 0) burst->first_data = data.presented;
        if (++burst->index < burst->beats) return;
        open_.pop_front();
        burst->accepted = cycle;
        burst->due = cycle + latency(timing.write_least, timing.write_most);
        plan_write(burst);
        answers_.push_back(burst);
    }

    void check_beat(const Burst &burst, const Value &strobes, bool last) {
        const uint64_t base = aligned(burst.address, burst.size);
        const uint64_t start = burst.index == 0 ? burst.address : base + uint64_t(burst.index * burst.size);
        const uint64_t first = start % uint64_t(word_);
        const uint64_t end = first + (base + uint64_t((burst.index + 1) * burst.size) - start);
        bool outside = false;
        for (int lane = 0; lane < word_; ++lane)
            outside = outside || (strobes.bit(lane) && (uint64_t(lane) < first || uint64_t(lane) >= end));
        if (!outside && last == (burst.index == burst.beats - 1)) return;
        MemoryRecord &record = rule(DATA, W);
        record.address = burst.address;
        record.beats = burst.beats;
        record.size = burst.size;
        record.extra = burst.index;
        record.length = last;
        record.issued = int64_t(strobes.number());
    }

    void plan(int64_t moment, const Action &action) { agenda_.emplace(std::make_pair(moment, sequence_++), action); }

    void plan_write(const BurstPointer &burst) {
        burst->latest = cycle;
        if (burst->response != OKAY) return;
        int visibility = timing.visibility;
        int64_t earliest = cycle;
        if (visibility != ANSWER) {  // no write overtakes an earlier one of its ID at the same place
            int64_t before = -1;
            for (const BurstPointer &other : answers_)
                if (other->id == burst->id && other->base < burst->base + burst->data.size() &&
                    burst->base < other->base + other->data.size())
                    before = std::max(before, other->latest);
            earliest = std::max(cycle, before);
            if (before == WITH_ANSWER || (visibility == ACCEPTED && before >= cycle))
                visibility = ANSWER;  // the timing has changed since
        }
        const bool torn = visibility == TORN;
        const size_t word = size_t(word_);
        for (size_t start = 0; start < burst->data.size();) {  // a run of bytes with strobes, or a word's part of it
            if (!burst->strobes[start]) {
                ++start;
                continue;
            }
            size_t end = start;
            while (end < burst->data.size() && burst->strobes[end] && !(torn && end > start && end % word == 0)) ++end;
            PartPointer part = std::make_shared<Part>();
            part->address = burst->base + start;
            part->data.assign(burst->data.begin() + ptrdiff_t(start), burst->data.begin() + ptrdiff_t(end));
            burst->parts.push_back(part);
            start = end;
        }
        if (!torn) {
            if (visibility == ACCEPTED) show(*burst);
            else burst->latest = WITH_ANSWER;
            return;
        }
        burst->due = std::max(burst->due, earliest + 1);
        for (const PartPointer &part : burst->parts)
            for (int kind : {TO_MEMORY, TO_MASTER}) {
                const int64_t moment = random.between(earliest, burst->due - 1);
                burst->latest = std::max(burst->latest, moment);
                plan(moment, {kind, burst, part, 0});
            }
    }

    void remove_overlay(const PartPointer &part) {
        overlays_.erase(std::find(overlays_.begin(), overlays_.end(), part));
        part->has_overlay = false;
    }

    void add_overlay(const PartPointer &part, const Bytes &content) {
        part->overlay = content;
        part->has_overlay = true;
        overlays_.push_back(part);
    }

    void to_memory(Burst &burst, const PartPointer &part) {
        if (part->in_memory) return;
        part->in_memory = true;
        Bytes before(part->data.size());
        const bool keep = !part->for_master;
        bool done = !keep || reach(false, part->address, before.size(), before.data());
        done = done && reach(true, part->address, part->data.size(), part->data.data());
        if (!done) {
            refused(true, part->address, part->data.size());
            burst.response = DECERR;
        }
        if (part->has_overlay) remove_overlay(part);
        else if (done && keep) add_overlay(part, before);
    }

    void to_master(const PartPointer &part) {
        if (part->for_master) return;
        part->for_master = true;
        if (part->has_overlay) remove_overlay(part);
        else if (!part->in_memory) add_overlay(part, part->data);
    }

    void show(Burst &burst) {
        for (const PartPointer &part : burst.parts) {
            if (part->in_memory) {
                to_master(part);
            } else {
                part->for_master = true;
                to_memory(burst, part);
            }
        }
    }

    void b_present(const BurstPointer &burst) {
        show(*burst);
        b_now_ = burst;
        b_since_ = cycle + 1;
        drive(bresp_, uint32_t(burst->response));
        if (bid_.there()) drive(bid_, uint32_t(burst->id));
        drive(bvalid_, 1);
        b_on_ = true;
    }

    void b_taken() {
        const BurstPointer burst = std::move(b_now_);
        b_now_ = nullptr;
        burst->done = cycle;
        if (tell_writes) tell(WRITE, burst);
        BurstPointer following = answers_.empty() ? nullptr : choose(answers_, timing.b_valid);
        if (following) {
            b_present(following);
        } else {
            drive(bvalid_, 0);
            junk_b();
        }
    }

    void junk_b() {
        b_on_ = false;
        if (settings_.scramble) drive(bresp_, uint32_t(random.bits(2)));
    }

    static uint64_t aligned(uint64_t address, int64_t size) { return address / uint64_t(size) * uint64_t(size); }

    MemorySettings settings_ = {};
    int word_ = 0;
    Signal valid_[3], ready_[3], payload_[3][NAMES];  // AW, W, AR
    Signal rvalid_, rready_, rdata_, rresp_, rlast_, rid_, bvalid_, bready_, bresp_, bid_, clock_, reset_;
    s_vpi_time clock_time_ = {}, flush_time_ = {};
    s_vpi_value clock_value_ = {};
    vpiHandle callback_ = nullptr;
    vpiHandle flush_callback_ = nullptr;  // asked for and not come yet

    Place place_ = OUTSIDE;
    bool sleeping_ = false;
    int64_t wake_ = 0;
    char slept_[3] = {'0', '0', '0'}, levels_[3] = {'0', '0', '0'};

    BurstPointer held_[3];
    bool up_[3] = {};
    std::vector<BurstPointer> reads_, answers_;      // accepted reads; writes that wait for B
    std::deque<BurstPointer> open_, data_ahead_;     // writes whose data is not complete; beats ahead of their address
    bool r_on_ = false, b_on_ = false, busy_ = false;
    BurstPointer r_now_, b_now_;
    int64_t r_since_ = 0, b_since_ = 0;
    std::map<std::pair<int64_t, int64_t>, Action> agenda_;
    int64_t sequence_ = 0;
    std::vector<PartPointer> overlays_;
    bool told_[CHANNELS] = {};
    std::vector<size_t> due_;
    std::vector<int> ids_;

    std::deque<Record> records_;
    Record given_;
    Bytes packed_;
};

}  // namespace

extern "C" {

// Returns the memory, or null; then `missing` has the name of a signal.
void *memory_open(const MemorySettings *settings, const uint32_t *state, int32_t position, char *missing, int32_t room) {
    auto *memory = new AxiMemory;
    memory->random.set(state, position);
    const std::string name = memory->open(*settings);
    if (name.empty()) return memory;
    std::strncpy(missing, name.c_str(), size_t(room));
    delete memory;
    return nullptr;
}

void memory_time(AxiMemory *memory, const MemoryTiming *timing) { memory->timing = *timing; }

void memory_piece(AxiMemory *memory, uint64_t base, uint64_t size, uint8_t *data) {
    memory->pieces.push_back({base, size, data});
}

void memory_call(AxiMemory *memory, MemoryAccess access, Notify notify) {
    memory->access = access;
    memory->notify = notify;
}

void memory_tell(AxiMemory *memory, int32_t reads, int32_t writes) {
    memory->tell_reads = reads;
    memory->tell_writes = writes;
}

void memory_fail(AxiMemory *memory, uint64_t first, uint64_t last, int32_t response, int32_t reads, int32_t writes) {
    memory->error_ranges.push_back({first, last, response, reads != 0, writes != 0});
}

void memory_clear_errors(AxiMemory *memory) { memory->error_ranges.clear(); }

void memory_close(AxiMemory *memory) { memory->close(); }

void memory_reset(AxiMemory *memory) { memory->reset(); }

int64_t memory_cycle(const AxiMemory *memory) { return memory->cycle; }

int64_t memory_beats(const AxiMemory *memory) { return memory->beats; }

int64_t memory_outstanding(const AxiMemory *memory) { return memory->outstanding(); }

int64_t memory_data_ahead(const AxiMemory *memory) { return memory->data_ahead(); }

// Whether data of a write is missing, and of which.
int32_t memory_data_missing(const AxiMemory *memory, uint64_t *address) {
    const Burst *burst = memory->data_missing();
    if (burst) *address = burst->address;
    return burst != nullptr;
}

void memory_tell_unanswered(AxiMemory *memory) { memory->tell_unanswered(); }

// Whether there is another record.
int32_t memory_next(AxiMemory *memory, MemoryRecord *record) { return memory->next(*record); }

}  // extern "C"
