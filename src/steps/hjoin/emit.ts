/**
 * Probe of a hash table (and, without keys, the nested loop: one bucket holds every inner row). A stage of its own: it
 * reads its input row set and appends (base row, tuple addresses) to its output row set until that is full; RESUME,
 * CHAIN and MATCHED in the state bring it back into the middle of a chain.
 *
 * right and full joins mark matched inner tuples in bit 0 of their chain pointer; when all input is consumed the drain
 * stage gives the unmatched ones with the outer side NULL.
 */
import { pushRowsMax } from '../source-code.ts';
import { BATCH_ROWS } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileCondition, compileExpr } from '../../expressions/compile.ts';
import { TUPLE_HASH, TUPLE_NEXT } from '../../types/tuple-layout.ts';
import { anyNull } from '../../expressions/compile-literal.ts';
import { BOOL } from '../../types/sql-type.ts';
import type { Label } from '../../wasm/assembler.ts';
import { CTX } from '../../wasm/memory-map.ts';
import { forBatch, forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import type { RowShape } from '../spec.ts';
import { STORE, storeLocal, tableLocals, type TableLocals } from '../tuple-code.ts';
import { localHash, pushSameKept } from '../value-code.ts';
import { asksMembers } from './dense-key.ts';
import { denseLocals, findDense, findMember, type DenseLocals } from './lookup.ts';

/** Chain steps of one stage call: a cancel must be seen in the middle of an exploding join. */
const CHAIN_STEPS_MAX = 65_536;

export interface JoinCode {
  readonly store: number;
  readonly joinType: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'anti-null-aware';
  readonly shape: RowShape;
  readonly outerKeys: readonly BoundExpr[];
  /** Fields of the tuple that hold the inner keys, in the order of outerKeys. */
  readonly keyFields: readonly number[];
  readonly residual: readonly BoundExpr[];
  /** Outer tuples come once for each block of the table; a mark in them says that one of the blocks before had a match. */
  readonly blocks: boolean;
  /** The table may be one by the key itself (lookup.ts). */
  readonly dense: boolean;
  readonly input: RowSet;
  readonly output: RowSet;
  /** Tuple slots of the input that the output repeats; the inner tuple comes behind them. */
  readonly outerSlots: number;
  /** State offsets (i32 each). */
  readonly resume: number;
  readonly chain: number;
  readonly matched: number;
  readonly step: number;
}

/** Slot of the inner tuple in the output row set. */
const innerSlot = (j: JoinCode): number => j.outerSlots;
const keepsInner = (j: JoinCode): boolean => !['semi', 'anti', 'anti-null-aware'].includes(j.joinType);
const keepsUnmatchedOuter = (j: JoinCode): boolean => j.joinType === 'left' || j.joinType === 'full';
export const marksInner = (j: Pick<JoinCode, 'joinType'>): boolean => j.joinType === 'right' || j.joinType === 'full';

export function emitProbe(env: StageEnv, j: JoinCode): void {
  const { fb } = env;
  const store = storeLocal(env, j.store);
  const table = tableLocals(env, store);
  const dense = j.dense ? denseLocals(env, store) : undefined;
  const out = fb.local('i32');
  const p = fb.local('i32');
  const matched = fb.local('i32');
  const resuming = fb.local('i32');
  const hash = fb.local('i32');
  const fuel = fb.local('i32');
  pushRowsMax(env, CHAIN_STEPS_MAX);
  fb.set(fuel);
  fb.i32_const(0);
  fb.set(out);
  env.getState(j.resume);
  fb.set(resuming);
  env.setState(j.output.cursor, () => fb.i32_const(0));
  // What follows the join (filters, deletes) runs on every batch of output, also on one that ends in the middle.
  fb.block((leave) =>
    forRows(env, j.input, (loop) => {
      const full = (): void => {
        // No room for another row, or worked long enough: come back to this row and this tuple.
        fb.get(out);
        fb.i32_const(BATCH_ROWS);
        fb.do('i32_ge_u');
        fb.get(fuel);
        fb.i32_const(1);
        fb.do('i32_sub');
        fb.tee(fuel);
        fb.i32_const(0);
        fb.do('i32_lt_s', 'i32_or');
        fb.if_(() => {
          loop.save();
          env.setState(j.resume, () => fb.i32_const(1));
          env.setState(j.chain, () => fb.get(p));
          env.setState(j.matched, () => fb.get(matched));
          fb.br(leave);
        });
      };
      const keys = j.outerKeys.map((k) => env.settle(compileExpr(env, k)));
      const isNull = anyNull(env, keys);
      if (keys.length > 0) {
        unlessDense(env, dense, () => {
          const present = keys.map((k) => ({ ...k, pushNull: undefined }));
          fb.get(localHash(env, present));
          fb.set(hash);
        });
      }
      const find = (): void => {
        if (!dense) return findBucket(env, table, hash, p);
        fb.get(dense.on);
        fb.if_(
          () => (asksMembers(j) ? findMember(env, dense, keys[0]!, p) : findDense(env, table, dense, keys[0]!, p)),
          () => findBucket(env, table, hash, p),
        );
      };
      fb.get(resuming);
      fb.if_(
        () => {
          env.getState(j.chain);
          fb.set(p);
          env.getState(j.matched);
          fb.set(matched);
          fb.i32_const(0);
          fb.set(resuming);
          env.setState(j.resume, () => fb.i32_const(0));
        },
        () => {
          fb.i32_const(0);
          fb.set(matched);
          fb.i32_const(0);
          fb.set(p);
          begin(env, j, isNull, matched, find);
        },
      );
      if (j.joinType === 'anti-null-aware' && keys.length > 0) nullAware(env, store, isNull, () => loop.next());
      walkChain(env, j, p, hash, dense, keys, matched, full, out);
      afterChain(env, j, matched, store, full, out);
    }),
  );
  finish(env, j, out);
}

/** Looks for the row's first tuple, unless it has none or the blocks before have decided about the row. */
function begin(
  env: StageEnv,
  j: JoinCode,
  isNull: (() => void) | undefined,
  matched: number,
  find: () => void,
): void {
  const { fb } = env;
  if (remembers(j) && j.joinType !== 'semi') {
    pushMark(env);
    fb.set(matched);
  }
  const reasons = [
    ...(isNull ? [isNull] : []),
    ...(remembers(j) && !keepsUnmatchedOuter(j) ? [() => pushMark(env)] : []),
  ];
  if (reasons.length === 0) return find();
  for (const [i, push] of reasons.entries()) {
    push();
    if (i > 0) fb.do('i32_or');
  }
  fb.do('i32_eqz');
  fb.if_(find);
}
/** Whether a match in one block changes what the next ones give. */
const remembers = (j: JoinCode): boolean => j.blocks && j.joinType !== 'inner' && j.joinType !== 'right';
function pushMark(env: StageEnv): void {
  env.fb.get(env.tupleLocal(0));
  env.fb.mem('i32_load', TUPLE_NEXT);
}
function mark(env: StageEnv): void {
  const { fb } = env;
  fb.get(env.tupleLocal(0));
  fb.i32_const(1);
  fb.mem('i32_store', TUPLE_NEXT);
}

function finish(env: StageEnv, j: JoinCode, out: number): void {
  env.setState(j.output.count, () => env.fb.get(out));
  env.count(j.step, () => env.fb.get(out));
}

/** Without keys the hash is 0 and the one bucket holds every row. */
function findBucket(env: StageEnv, table: TableLocals, hash: number, p: number): void {
  const { fb } = env;
  fb.get(table.heads);
  fb.get(hash);
  fb.get(table.mask);
  fb.do('i32_and');
  fb.i32_const(2);
  fb.do('i32_shl', 'i32_add');
  fb.mem('i32_load', 0);
  fb.set(p);
}

/** NOT IN: nothing passes when the inner side holds NULL; a NULL outer key passes only an empty inner side. */
function nullAware(env: StageEnv, store: number, isNull: (() => void) | undefined, skip: () => void): void {
  const { fb } = env;
  fb.get(store);
  fb.mem('i32_load', STORE.NULL_KEYS);
  fb.if_(skip);
  if (!isNull) return;
  isNull();
  fb.get(store);
  fb.mem('i32_load', STORE.TOTAL);
  fb.do('i32_and');
  fb.if_(skip);
}

function walkChain(
  env: StageEnv,
  j: JoinCode,
  p: number,
  hash: number,
  dense: DenseLocals | undefined,
  keys: readonly TypedValue[],
  matched: number,
  full: () => void,
  out: number,
): void {
  const { fb } = env;
  const marking = marksInner(j);
  const floor = env.scratchMark();
  fb.block((done) => {
    fb.loop((again) => {
      fb.get(p);
      fb.do('i32_eqz');
      fb.br_if(done);
      full();
      const pair = (next: Label): void => {
        env.enter();
        // A chain of a dense table has one key.
        if (keys.length > 0) unlessDense(env, dense, () => compareKeys(env, j, p, hash, keys, next));
        env.addTuple(p);
        for (const r of conditionsOf(j)) {
          compileCondition(env, r);
          fb.do('i32_eqz');
          fb.br_if(next);
        }
        env.leave();
        fb.i32_const(1);
        fb.set(matched);
        if (!keepsInner(j)) fb.br(done);
        else {
          appendRow(env, j, out, p);
          if (marking) markTuple(env, p);
        }
      };
      // What a pair's conditions took goes with the pair; the outer row's keys stay.
      env.inPair = true;
      env.givingBack(floor, () => fb.block(pair));
      env.inPair = false;
      env.endLong(CTX.LONG_PAIR);
      fb.get(p);
      fb.mem('i32_load', TUPLE_NEXT);
      if (marking) {
        fb.i32_const(-2);
        fb.do('i32_and');
      }
      fb.set(p);
      fb.br(again);
    });
  });
}

function unlessDense(env: StageEnv, dense: DenseLocals | undefined, body: () => void): void {
  if (!dense) return body();
  env.fb.get(dense.on);
  env.fb.do('i32_eqz');
  env.fb.if_(body);
}
/** Leaves for the next tuple when the keys are not equal. */
function compareKeys(
  env: StageEnv,
  j: JoinCode,
  p: number,
  hash: number,
  keys: readonly TypedValue[],
  next: Label,
): void {
  const { fb } = env;
  fb.get(p);
  fb.mem('i32_load', TUPLE_HASH);
  fb.get(hash);
  fb.do('i32_ne');
  fb.br_if(next);
  for (const [i, key] of keys.entries()) {
    const inner = env.keptField(p, j.shape.layout.fields[j.keyFields[i]!]!);
    if (inner.pushNull) {
      inner.pushNull();
      fb.br_if(next);
    }
    pushSameKept(env, inner, key);
    fb.do('i32_eqz');
    fb.br_if(next);
  }
}

/** NOT IN as a nested loop: a pair counts as a match unless the condition is FALSE. */
function conditionsOf(j: JoinCode): readonly BoundExpr[] {
  if (j.joinType !== 'anti-null-aware' || j.outerKeys.length > 0 || j.residual.length === 0) return j.residual;
  const arg: BoundExpr = j.residual.length === 1 ? j.residual[0]! : { kind: 'and', type: BOOL, args: j.residual };
  return [{ kind: 'istest', type: BOOL, arg, test: 'false', negated: true }];
}

function markTuple(env: StageEnv, p: number): void {
  const { fb } = env;
  fb.get(p);
  fb.get(p);
  fb.mem('i32_load', TUPLE_NEXT);
  fb.i32_const(1);
  fb.do('i32_or');
  fb.mem('i32_store', TUPLE_NEXT);
}

function afterChain(env: StageEnv, j: JoinCode, matched: number, store: number, full: () => void, out: number): void {
  const { fb } = env;
  if (j.joinType === 'inner' || j.joinType === 'right') return;
  fb.get(matched);
  if (j.joinType !== 'semi') fb.do('i32_eqz');
  // That a row has no match at all is known behind the last block.
  if (remembers(j) && j.joinType !== 'semi') {
    fb.get(store);
    fb.mem('i32_load', STORE.LAST_BLOCK);
    fb.do('i32_and');
  }
  fb.if_(() => {
    full();
    if (keepsUnmatchedOuter(j)) {
      const nullTuple = fb.local('i32');
      fb.get(store);
      fb.mem('i32_load', STORE.NULL_TUPLE);
      fb.set(nullTuple);
      appendRow(env, j, out, nullTuple);
    } else appendRow(env, j, out, -1);
    if (remembers(j) && j.joinType === 'semi') mark(env);
  });
  if (!remembers(j) || j.joinType === 'semi') return;
  fb.get(matched);
  fb.if_(() => mark(env));
}
/** output[out++] = this input row plus the inner tuple (when kept). */
function appendRow(env: StageEnv, j: JoinCode, out: number, tuple: number): void {
  const { fb } = env;
  if (j.output.selection >= 0) {
    env.element(out);
    fb.get(env.row);
    fb.mem('i32_store', j.output.selection);
  }
  // Slots behind the inner tuple belong to steps that follow the join.
  const own = keepsInner(j) ? innerSlot(j) + 1 : j.outerSlots;
  for (const [s, offset] of j.output.tuples.slice(0, own).entries()) {
    env.element(out);
    if (s === innerSlot(j)) fb.get(tuple);
    else fb.get(env.tupleLocal(s));
    fb.mem('i32_store', offset);
  }
  fb.get(out);
  fb.i32_const(1);
  fb.do('i32_add');
  fb.set(out);
}

/**
 * Drain of a right or full join: the host (env.next_unmatched) writes up to BATCH_ROWS addresses of unmatched inner
 * tuples into the inner tuple's array of the output; the outer side reads row BATCH_ROWS of the base vectors and the outer
 * stores' null tuples, which are NULL throughout. Gives DONE (0) when nothing is left.
 */
export function emitDrain(env: StageEnv, j: JoinCode, outerStores: readonly number[]): void {
  const { fb } = env;
  const store = storeLocal(env, j.store);
  const n = fb.local('i32');
  fb.get(env.ctx);
  fb.get(store);
  fb.get(env.ctx);
  fb.i32_const(j.output.tuples[innerSlot(j)]!);
  fb.do('i32_add');
  fb.i32_const(BATCH_ROWS);
  fb.call(env.mb.import('env', 'next_unmatched', ['i32', 'i32', 'i32', 'i32'], ['i32']));
  fb.tee(n);
  fb.do('i32_eqz');
  fb.if_(() => {
    fb.i32_const(0);
    fb.return_();
  });
  const nullTuples = outerStores.map((s) => {
    const local = fb.local('i32');
    fb.get(storeLocal(env, s));
    fb.mem('i32_load', STORE.NULL_TUPLE);
    fb.set(local);
    return local;
  });
  forBatch(env, n, (i) => {
    if (j.output.selection >= 0) {
      env.element(i);
      fb.i32_const(BATCH_ROWS);
      fb.mem('i32_store', j.output.selection);
    }
    for (const [s, local] of nullTuples.entries()) {
      env.element(i);
      fb.get(local);
      fb.mem('i32_store', j.output.tuples[s]!);
    }
  });
  env.setState(j.output.cursor, () => fb.i32_const(0));
  finish(env, j, n);
}
