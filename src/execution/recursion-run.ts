/**
 * A recursion on one participant. Its segments run as any others do; when all of them have ended, the participant tells the others
 * how many rows they left for the next round (interconnect/round-tally.ts), and when all have told, either the segments
 * begin again, over those rows, or no participant has any and the recursion is over.
 *
 *   seeding -> running -> told -> running ... -> over
 *
 * What a round leaves behind goes with it: the stores its segments filled, and their rings, of which each edge has two, so
 * that nobody writes to a ring that its reader still uses. Tables that stay the same are kept until the recursion is over.
 */
import { recursionRows } from '../common/errors/catalogue.ts';
import { resetRings } from '../interconnect/ring.ts';
import { RoundTally } from '../interconnect/round-tally.ts';
import { SaveBreaker } from '../steps/save/save-breaker.ts';
import type { RecursionStart } from './messages.ts';
import type { QueryRun } from './query-run.ts';
import type { SegmentRun } from './segment-run.ts';
import { storesRead } from './tables.ts';

export class RecursionRun {
  /** Counts the rounds from 0. */
  round = 0;
  private state: 'seeding' | 'running' | 'told' | 'over' = 'seeding';
  private readonly tally: RoundTally;
  /** Of all participants, in the rounds that all have ended. */
  private rows = 0;

  constructor(
    private readonly run: QueryRun,
    readonly start: RecursionStart,
    private readonly participants: number,
  ) {
    this.tally = new RoundTally(start.tally, participants);
    for (const store of [start.spec.next, start.spec.result]) this.openStore(store);
  }
  private openStore(store: number): void {
    this.run.openBreaker(store, () => new SaveBreaker(this.run, this.start.spec.layout));
  }
  get isOver(): boolean {
    return this.state === 'over';
  }
  private get segments(): readonly SegmentRun[] {
    const { recursion } = this.start.spec;
    return this.run.segments.filter((s) => s.fragment.spec.recursion === recursion);
  }
  /** Its segments have something to read. */
  get isSeeded(): boolean {
    return this.state !== 'seeding';
  }
  /** Whether the segments are done that fill the first round's store. */
  private get seedIsDone(): boolean {
    const { recursion, next } = this.start.spec;
    return this.run.segments.every(({ phase, fragment: { spec } }) => {
      return phase === 'done' || spec.recursion === recursion || !('store' in spec.sink) || spec.sink.store !== next;
    });
  }
  /** True when something was done. */
  tick(): boolean {
    if (this.state === 'over') return false;
    if (this.state === 'seeding') {
      if (!this.seedIsDone) return false;
      this.turnOver();
      this.state = 'running';
      return true;
    }
    if (this.state === 'running') {
      const { segments } = this;
      const made = this.madeBy(segments);
      if (this.rows + made > this.start.rowsMax) throw recursionRows(this.run.start.query);
      if (segments.some((s) => s.phase !== 'done')) return false;
      this.state = 'told';
      if (this.tally.arrive(made)) this.wakeAll();
      return true;
    }
    const rows = this.tally.next();
    if (rows === undefined) return false;
    this.rows += rows;
    if (this.rows > this.start.rowsMax) throw recursionRows(this.run.start.query);
    if (rows === 0) this.end();
    else this.beginRound();
    return true;
  }
  private wakeAll(): void {
    const { doorbells, participant } = this.run.surroundings;
    if (this.participants === 1) doorbells.ring(participant);
    else for (let slice = 0; slice < this.participants; slice++) doorbells.ring(slice);
  }
  /** The store is filled once, and read in each round. */
  keeps(store: number): boolean {
    const { segments } = this;
    const { working } = this.start.spec;
    if (store === working || !segments.some((s) => s.reads.includes(store))) return false;
    return !segments.some(({ fragment: { spec } }) => 'store' in spec.sink && spec.sink.store === store);
  }
  /** Rows that the round's segments have left for the next one so far. */
  private madeBy(segments: readonly SegmentRun[]): number {
    return segments.reduce((sum, s) => {
      const { sink, transforms } = s.fragment.spec;
      const isLast = sink.kind === 'save' && sink.store === this.start.spec.next;
      return isLast ? sum + s.counter(transforms.length + 1) : sum;
    }, 0);
  }
  private beginRound(): void {
    const { run } = this;
    const { recursion, working, next, result } = this.start.spec;
    const { segments } = this;
    run.countPast(segments);
    const filled = segments.flatMap(({ fragment: { spec } }) => ('store' in spec.sink ? [spec.sink.store] : []));
    for (const store of new Set([...filled, working])) if (store !== next && store !== result) run.dropBreaker(store);
    const { participant } = run.surroundings;
    for (const { spec, other, buffer } of run.start.edges) {
      if (spec.recursion === recursion && other !== undefined)
        resetRings(this.round % 2 === 0 ? buffer : other, participant);
    }
    this.round++;
    this.turnOver();
    run.beginAgain(recursion);
    this.state = 'running';
  }
  /** What the last round left is what this one reads. */
  private turnOver(): void {
    const { working, next } = this.start.spec;
    this.run.renameBreaker(next, working);
    this.openStore(next);
  }
  private end(): void {
    const { next } = this.start.spec;
    this.state = 'over';
    this.run.dropBreaker(next);
    for (const store of new Set(this.segments.flatMap((s) => storesRead(s.fragment.spec))))
      this.run.freeIfRead(store);
  }
}
