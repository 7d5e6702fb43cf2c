/**
 * BZIP2: blocks are read one by one into lanes, and four of them are put back into their order at a time. The caller has a memory, lays
 * a state out in it and puts a file's bytes there as they come; 256 readable bytes follow them.
 *
 *   state, u32 each:  +0 IN address of the bytes    +4 bytes there    +8 BIT first bit that was not read, from IN on
 *                     +12 level of the member, 0 between members      +16 checksum of the member, so far
 *   a lane:           +0 bytes of the block         +4 POSITION of the last one, then of the next one that is not text yet
 *                     +8 last byte                  +12 how often it came     +16 how often it still comes
 *                     +20 checksum so far           +24 that of the block
 *   areas behind it:  SUMS, FRONT, USED, SELECTORS, LENGTHS, TABLES, LIMITS, SYMBOLS, COUNTS, then of each lane its WORDS, one for each
 *                     byte of a block, and its BYTES
 *
 * A code is looked up by its first ten bits; longer ones, which are rare, are told by where the codes of a length end. A word is
 * the byte that follows in the text and, above it, where that stands: the inverse of the transform in one walk, which waits for
 * memory at every step. So four blocks walk side by side.
 */
const IN: usize = 0;
const LENGTH: usize = 4;
const BIT: usize = 8;
const LEVEL: usize = 12;
const MEMBER_SUM: usize = 16;

const LANES: usize = 32;
const LANE_BYTES: usize = 32;
const LANES_MAX: usize = 4;
const COUNT: usize = 0;
const POSITION: usize = 4;
const LAST: usize = 8;
const CAME: usize = 12;
const COMES: usize = 16;
const SUM: usize = 20;
const BLOCK_SUM: usize = 24;

const GROUPS_MAX: u32 = 6;
const SYMBOLS_MAX: u32 = 258;
const SELECTORS_MAX: u32 = 18002;
/** Symbols that one table codes before the next selector. */
const GROUP: u32 = 50;
const LENGTH_MAX: u32 = 20;
const LOOKUP_BITS: u32 = 10;

const SUMS: usize = LANES + LANES_MAX * LANE_BYTES;
const FRONT: usize = SUMS + 1024;
const USED: usize = FRONT + 256;
const SELECTORS: usize = USED + 256;
const LENGTHS: usize = SELECTORS + 18008;
/** u16 each: symbol and, in the lowest five bits, length; 0: a longer code. */
const TABLES: usize = LENGTHS + 6 * 264;
/** Per table and length: the first code behind those of that length, left-aligned in 20 bits, and what to add to a code for its rank. */
const LIMITS: usize = TABLES + 6 * 2048;
/** Per table: symbols by length, u16. */
const SYMBOLS: usize = LIMITS + 6 * 192;
const COUNTS: usize = SYMBOLS + 6 * 528;
const WORDS: usize = COUNTS + 1024;
const BLOCK_BYTES: usize = 900000;
const BYTES: usize = WORDS + LANES_MAX * BLOCK_BYTES * 4;

/** What bzip2_block says. */
const READY: i32 = 0;
const NEED_INPUT: i32 = 1;
const MEMBER_END: i32 = 2;
const NO_MEMBER: i32 = 3;
const BROKEN: i32 = 4;
const BAD_SUM: i32 = 5;
const OLD: i32 = 6;

// What the running call reads.
let from: usize = 0;
let bit: u32 = 0;
let bitEnd: u32 = 0;

/** 57 bits or more from `bit` on, the first one highest. */
// @ts-ignore: decorator
@inline
function ahead(): u64 {
  return bswap<u64>(load<u64>(from + (bit >> 3))) << <u64>(bit & 7);
}
/** The next bits, up to 32; behind the end whatever is there. */
function take(bits: u32): u32 {
  const value = <u32>(ahead() >> (64 - <u64>bits));
  bit += bits;
  return value;
}

/** Bytes from a state's start to behind its last area. */
export function bzip2_state_bytes(): i32 {
  return <i32>(BYTES + LANES_MAX * BLOCK_BYTES);
}
/** A fresh state: no member has begun. */
export function bzip2_open(state_: i32): void {
  const state = <usize><u32>state_;
  memory.fill(state, 0, SUMS);
  for (let i: u32 = 0; i < 256; i++) {
    let sum = i << 24;
    for (let k = 0; k < 8; k++) sum = (sum << 1) ^ ((sum & 0x80000000) != 0 ? 0x04c11db7 : 0);
    store<u32>(state + SUMS + (i << 2), sum);
  }
}

// @ts-ignore: decorator
@inline
function laneOf(state: usize, lane: i32): usize {
  return state + LANES + <usize>lane * LANE_BYTES;
}
// @ts-ignore: decorator
@inline
function wordsOf(state: usize, lane: i32): usize {
  return state + WORDS + <usize>lane * BLOCK_BYTES * 4;
}
// @ts-ignore: decorator
@inline
function bytesOf(state: usize, lane: i32): usize {
  return state + BYTES + <usize>lane * BLOCK_BYTES;
}

/** Reads on to the next block, which goes into a lane; the state stays where it was when the bytes end before that does. */
export function bzip2_block(state_: i32, lane: i32): i32 {
  const state = <usize><u32>state_;
  from = <usize>load<u32>(state, IN);
  bit = load<u32>(state, BIT);
  bitEnd = load<u32>(state, LENGTH) << 3;
  const began = load<u32>(state, LEVEL);
  const result = began == 0 ? member(state) : block(state, lane);
  // What ends in the middle of a code looks like any other that there is not.
  if (bit > bitEnd || (result == BROKEN && bit + 64 > bitEnd)) return NEED_INPUT;
  if (result == MEMBER_END || result == READY) store<u32>(state, bit, BIT);
  if (result == READY && began == 0) return bzip2_block(state_, lane);
  return result;
}
/** The head of a member. */
function member(state: usize): i32 {
  const head = take(32);
  if (bit > bitEnd) return NEED_INPUT;
  const level = (head & 255) - 48;
  if (head >> 8 != 0x425a68 || level - 1 > 8) return NO_MEMBER;
  store<u32>(state, level, LEVEL);
  store<u32>(state, 0, MEMBER_SUM);
  return READY;
}
function block(state: usize, lane: i32): i32 {
  const high = take(24);
  const low = take(24);
  const sum = take(32);
  if (bit > bitEnd) return NEED_INPUT;
  if (high == 0x177245 && low == 0x385090) {
    if (sum != load<u32>(state, MEMBER_SUM)) return BAD_SUM;
    store<u32>(state, 0, LEVEL);
    bit = (bit + 7) & ~7;
    return MEMBER_END;
  }
  if (high != 0x314159 || low != 0x265359) return BROKEN;
  if (take(1) != 0) return OLD;
  const first = take(24);
  const symbols = usedBytes(state);
  if (symbols == 0) return BROKEN;
  const tables = take(3);
  const selectors = take(15);
  if (bit > bitEnd) return NEED_INPUT;
  if (tables < 2 || tables > GROUPS_MAX || selectors == 0) return BROKEN;
  if (!readSelectors(state, tables, selectors)) return BROKEN;
  for (let t: u32 = 0; t < tables; t++) if (!readTable(state, t, symbols + 2)) return BROKEN;
  if (bit > bitEnd) return NEED_INPUT;
  const bytes = bytesOf(state, lane);
  const count = readSymbols(state, bytes, symbols, min(selectors, SELECTORS_MAX));
  if (bit > bitEnd) return NEED_INPUT;
  if (count < 0 || first >= <u32>count) return BROKEN;
  link(state, bytes, wordsOf(state, lane), <u32>count);
  const to = laneOf(state, lane);
  store<u32>(to, <u32>count, COUNT);
  store<u32>(to, first, POSITION);
  store<u32>(to, 256, LAST);
  store<u32>(to, 0, CAME);
  store<u32>(to, 0, COMES);
  store<u32>(to, 0xffffffff, SUM);
  store<u32>(to, sum, BLOCK_SUM);
  // The block's own is compared when its text is made.
  store<u32>(state, rotl<u32>(load<u32>(state, MEMBER_SUM), 1) ^ sum, MEMBER_SUM);
  return READY;
}
/** Which bytes the block has, in order, at USED; how many. */
function usedBytes(state: usize): u32 {
  const ranges = take(16);
  let n: u32 = 0;
  for (let i: u32 = 0; i < 16; i++) {
    if ((ranges & (0x8000 >> i)) == 0) continue;
    const bytes = take(16);
    for (let k: u32 = 0; k < 16; k++) if ((bytes & (0x8000 >> k)) != 0) store<u8>(state + USED + n++, <u8>((i << 4) | k));
  }
  return n;
}
function readSelectors(state: usize, tables: u32, count: u32): bool {
  // The order of the tables, a byte each, moved to the front as they are named.
  let order: u64 = 0x050403020100;
  for (let i: u32 = 0; i < count; i++) {
    const back = <u32>clz(~ahead());
    if (back >= tables) return bit > bitEnd;
    bit += back + 1;
    if (bit > bitEnd) return true;
    const shift = <u64>back << 3;
    const table = (order >> shift) & 255;
    const below = order & ((<u64>1 << shift) - 1);
    order = (order & ~((<u64>256 << shift) - 1)) | (below << 8) | table;
    if (i < SELECTORS_MAX) store<u8>(state + SELECTORS + i, <u8>table);
  }
  return true;
}
/** Code lengths of one table, each a difference to the one before, and what is looked up by them. */
function readTable(state: usize, table: u32, symbols: u32): bool {
  const lengths = state + LENGTHS + table * 264;
  let length = take(5);
  for (let i: u32 = 0; i < symbols; i++) {
    while (true) {
      if (length - 1 >= LENGTH_MAX) return bit > bitEnd;
      if (bit > bitEnd) return true;
      if (take(1) == 0) break;
      if (take(1) == 0) length++;
      else length--;
    }
    if (bit > bitEnd) return true;
    store<u8>(lengths + i, <u8>length);
  }
  const lookup = state + TABLES + table * 2048;
  const limits = state + LIMITS + table * 192;
  const order = state + SYMBOLS + table * 528;
  memory.fill(lookup, 0, 2048);
  let code: u32 = 0;
  let rank: u32 = 0;
  for (let n: u32 = 1; n <= LENGTH_MAX; n++) {
    store<u32>(limits + (n << 3), rank - code, 4);
    for (let i: u32 = 0; i < symbols; i++) {
      if (load<u8>(lengths + i) != <u8>n) continue;
      store<u16>(order + (rank++ << 1), <u16>i);
      // More codes than there are of their lengths.
      if (code >> n != 0) return false;
      if (n <= LOOKUP_BITS) {
        const first = code << (LOOKUP_BITS - n);
        const last = (code + 1) << (LOOKUP_BITS - n);
        for (let k = first; k < last; k++) store<u16>(lookup + (k << 1), <u16>((i << 5) | n));
      }
      code++;
    }
    store<u32>(limits + (n << 3), code << (LENGTH_MAX - n));
    code <<= 1;
  }
  return true;
}
/** A code of more than ten bits: its symbol and length as in TABLES, 0 when there is none. */
function longCode(state: usize, table: u32, next: u64): u32 {
  const limits = state + LIMITS + table * 192;
  const head = <u32>(next >> 44);
  for (let n: u32 = LOOKUP_BITS + 1; n <= LENGTH_MAX; n++) {
    if (head >= load<u32>(limits + (n << 3))) continue;
    const rank = (head >> (LENGTH_MAX - n)) + load<u32>(limits + (n << 3), 4);
    if (rank >= SYMBOLS_MAX) return 0;
    return (<u32>load<u16>(state + SYMBOLS + table * 528 + (rank << 1)) << 5) | n;
  }
  return 0;
}

/** The block's bytes; how many, or -1. What ends before its input does says so by `bit`. */
function readSymbols(state: usize, out: usize, symbols: u32, selectors: u32): i32 {
  const front = state + FRONT;
  const counts = state + COUNTS;
  memory.copy(front, state + USED, symbols);
  memory.fill(counts, 0, 1024);
  const most = load<u32>(state, LEVEL) * 100000;
  const end = symbols + 1;
  let at: u32 = 0;
  let run: u32 = 0;
  let weight: u32 = 1;
  let position = bit;
  for (let group: u32 = 0; group < selectors; group++) {
    if (position > bitEnd) break;
    const table = <u32>load<u8>(state + SELECTORS + group);
    const lookup = state + TABLES + table * 2048;
    let next: u64 = 0;
    let have: i32 = 0;
    for (let k: u32 = 0; k < GROUP; k++) {
      if (have < <i32>LENGTH_MAX) {
        next = bswap<u64>(load<u64>(from + (position >> 3))) << <u64>(position & 7);
        have = 57;
      }
      let entry = <u32>load<u16>(lookup + (<usize>(next >> (64 - LOOKUP_BITS)) << 1));
      if (entry == 0) entry = longCode(state, table, next);
      if (entry == 0) {
        bit = position;
        return -1;
      }
      const bits = entry & 31;
      next <<= <u64>bits;
      have -= <i32>bits;
      position += bits;
      const symbol = entry >> 5;
      if (symbol <= 1) {
        // Runs of the byte in front, their length in digits 1 and 2.
        run += weight << symbol;
        weight <<= 1;
        if (run > most) {
          bit = position;
          return -1;
        }
        continue;
      }
      if (run > 0) {
        const byte = <u32>load<u8>(front);
        if (at + run > most) {
          bit = position;
          return -1;
        }
        store<u32>(counts + (byte << 2), load<u32>(counts + (byte << 2)) + run);
        for (; run > 0; run--) store<u8>(out + at++, <u8>byte);
        weight = 1;
      }
      if (symbol == end) {
        bit = position;
        return <i32>at;
      }
      if (at >= most) {
        bit = position;
        return -1;
      }
      const byte = toFront(front, symbol - 1);
      store<u32>(counts + (byte << 2), load<u32>(counts + (byte << 2)) + 1);
      store<u8>(out + at++, <u8>byte);
    }
  }
  bit = position;
  return -1;
}
/** Moves the byte at `index` to the front, gives it. */
// @ts-ignore: decorator
@inline
function toFront(front: usize, index: u32): u32 {
  const byte = load<u8>(front + index);
  let i = index;
  for (; i >= 8; i -= 8) store<u64>(front + i - 7, load<u64>(front + i - 8));
  for (; i > 0; i--) store<u8>(front + i, load<u8>(front + i - 1));
  store<u8>(front, byte);
  return <u32>byte;
}
/** The words of a block: of what follows in the text, the byte and where it stands. */
function link(state: usize, bytes: usize, words: usize, count: u32): void {
  const counts = state + COUNTS;
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) {
    const n = load<u32>(counts + (i << 2));
    store<u32>(counts + (i << 2), sum);
    sum += n;
  }
  for (let i: u32 = 0; i < count; i++) {
    const byte = <u32>load<u8>(bytes + i);
    const slot = counts + (byte << 2);
    const to = load<u32>(slot);
    store<u32>(slot, to + 1);
    store<u32>(words + (<usize>to << 2), (i << 8) | byte);
  }
}

/** Puts the bytes of the first `lanes` lanes into their order. */
export function bzip2_walk(state_: i32, lanes: i32): void {
  const state = <usize><u32>state_;
  let done: u32 = 0;
  if (lanes == <i32>LANES_MAX) {
    done = u32.MAX_VALUE;
    for (let k = 0; k < lanes; k++) done = min(done, load<u32>(laneOf(state, k), COUNT));
    walkFour(state, done);
  }
  for (let k = 0; k < lanes; k++) {
    const lane = laneOf(state, k);
    const words = wordsOf(state, k);
    const bytes = bytesOf(state, k);
    const count = load<u32>(lane, COUNT);
    let position = load<u32>(lane, POSITION);
    for (let i = done; i < count; i++) {
      const word = load<u32>(words + (<usize>position << 2));
      store<u8>(bytes + i, <u8>word);
      position = word >> 8;
    }
    store<u32>(lane, 0, POSITION);
  }
}
/** So many bytes of each. */
function walkFour(state: usize, count: u32): void {
  const a = wordsOf(state, 0), b = wordsOf(state, 1), c = wordsOf(state, 2), d = wordsOf(state, 3);
  let to = bytesOf(state, 0);
  let p = load<u32>(laneOf(state, 0), POSITION);
  let q = load<u32>(laneOf(state, 1), POSITION);
  let r = load<u32>(laneOf(state, 2), POSITION);
  let s = load<u32>(laneOf(state, 3), POSITION);
  for (const end = to + count; to < end; to++) {
    const v = load<u32>(a + (<usize>p << 2));
    const w = load<u32>(b + (<usize>q << 2));
    const x = load<u32>(c + (<usize>r << 2));
    const y = load<u32>(d + (<usize>s << 2));
    store<u8>(to, <u8>v);
    store<u8>(to, <u8>w, BLOCK_BYTES);
    store<u8>(to, <u8>x, 2 * BLOCK_BYTES);
    store<u8>(to, <u8>y, 3 * BLOCK_BYTES);
    p = v >> 8;
    q = w >> 8;
    r = x >> 8;
    s = y >> 8;
  }
  store<u32>(laneOf(state, 0), p, POSITION);
  store<u32>(laneOf(state, 1), q, POSITION);
  store<u32>(laneOf(state, 2), r, POSITION);
  store<u32>(laneOf(state, 3), s, POSITION);
}

/**
 * Writes on with the text of a lane that has been walked, at most `room` bytes; how many, 0 when all of it was written and its
 * checksum is right, -1 when that is another. Four alike are followed by how many more there are.
 */
export function bzip2_text(state_: i32, lane_: i32, to: i32, room: i32): i32 {
  const state = <usize><u32>state_;
  const lane = laneOf(state, lane_);
  const sums = state + SUMS;
  const count = load<u32>(lane, COUNT);
  let position = load<u32>(lane, POSITION);
  let last = load<u32>(lane, LAST);
  let came = load<u32>(lane, CAME);
  let comes = load<u32>(lane, COMES);
  let sum = load<u32>(lane, SUM);
  let out = <usize><u32>to;
  const end = out + <u32>room;
  while (out < end) {
    for (; comes > 0 && out < end; comes--) {
      store<u8>(out++, <u8>last);
      sum = (sum << 8) ^ load<u32>(sums + (<usize>((sum >> 24) ^ last) << 2));
    }
    if (position == count || out == end) break;
    const byte = <u32>load<u8>(bytesOf(state, lane_) + position++);
    if (came == 4) {
      comes = byte;
      came = 0;
      continue;
    }
    came = byte == last ? came + 1 : 1;
    last = byte;
    store<u8>(out++, <u8>byte);
    sum = (sum << 8) ^ load<u32>(sums + (<usize>((sum >> 24) ^ byte) << 2));
  }
  store<u32>(lane, position, POSITION);
  store<u32>(lane, last, LAST);
  store<u32>(lane, came, CAME);
  store<u32>(lane, comes, COMES);
  store<u32>(lane, sum, SUM);
  const made = <i32>(out - <usize><u32>to);
  return made > 0 ? made : ~sum == load<u32>(lane, BLOCK_SUM) ? 0 : -1;
}
