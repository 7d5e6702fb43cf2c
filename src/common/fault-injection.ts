/**
 * Faults on purpose, for tests: a switch that a program hands to startCluster (`faults`) and arms later. Each armed fault
 * goes off once, on one participant, at one point: before a segment that has a step of that kind runs, or inside a slice's
 * commit, rollback, stage, checkpoint, reclaim or vacuum. Nothing that a client, the command line or the environment says
 * reaches it. Without a switch the points cost nothing.
 */
import { assert } from './assert.ts';

export interface InjectedFault {
  /** Slice number; the leader is the number of all slices. */
  readonly participant: number;
  /** Kind of a source, transform or sink (scan, hjoin, aggr, insert ...) or of a storage request (commit ...). */
  readonly at: string;
  readonly kind: 'trap' | 'bounds' | 'assert' | 'range' | 'type';
  /** Passes of the point before the fault. */
  readonly after?: number;
}

const BYTES = 1024;
const IDLE = 0;
const ARMED = 1;

/** (module (memory 1) (func (export "trap") unreachable) (func (export "bounds") (drop (i32.load (i32.const -1))))) */
const MODULE = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 3, 2, 0, 0, 5, 3, 1, 0, 1, 7, 17, 2, 4, 116, 114, 97, 112, 0, 0,
  6, 98, 111, 117, 110, 100, 115, 0, 1, 10, 14, 2, 3, 0, 0, 11, 8, 0, 65, 127, 40, 2, 0, 26, 11,
]);

export class FaultSwitch {
  private readonly state: Int32Array;
  private readonly text: Uint8Array;
  private seen = 0;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.state = new Int32Array(buffer, 0, 2);
    this.text = new Uint8Array(buffer, 8);
  }

  /** The next fault; only one is armed at a time. */
  arm(fault: InjectedFault): void {
    const bytes = new TextEncoder().encode(JSON.stringify(fault));
    assert(bytes.length <= this.text.length, 'fault is too long');
    this.text.fill(0);
    this.text.set(bytes);
    Atomics.store(this.state, 1, bytes.length);
    Atomics.store(this.state, 0, ARMED);
  }
  /** True until the fault went off. */
  get armed(): boolean {
    return Atomics.load(this.state, 0) === ARMED;
  }

  /** Takes back a fault that has not gone off. */
  disarm(): void {
    Atomics.store(this.state, 0, IDLE);
  }

  /** A participant passes points; throws when the armed fault is meant. */
  pass(participant: number, points: readonly string[]): void {
    if (Atomics.load(this.state, 0) !== ARMED) return;
    const length = Atomics.load(this.state, 1);
    const fault = JSON.parse(new TextDecoder().decode(this.text.slice(0, length))) as InjectedFault;
    if (fault.participant !== participant || !points.includes(fault.at)) return;
    if (this.seen++ < (fault.after ?? 0)) return;
    this.seen = 0;
    if (Atomics.compareExchange(this.state, 0, ARMED, IDLE) === ARMED) raise(fault.kind);
  }
}

function raise(kind: InjectedFault['kind']): void {
  switch (kind) {
    case 'trap':
    case 'bounds': {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MODULE));
      (exports[kind] as () => void)();
      return;
    }
    case 'assert':
      return assert(false, 'injected assertion');
    case 'range':
      throw new RangeError('injected range error');
    case 'type':
      throw new TypeError('injected type error');
  }
}
