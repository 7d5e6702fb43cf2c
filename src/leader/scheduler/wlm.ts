/**
 * Workload management: who may run on the slices, and with which share of their memory. A statement that runs segments there
 * takes slots of its service class, after its locks and before it runs; everything it runs meanwhile shares them (COPY with
 * its sample and its ANALYZE). Whoever holds slots never waits for a lock: a statement that meets one gives them back. What
 * runs on the leader alone never comes here. Who waits is ordered by priority (priorities.ts).
 *
 *   QueuedWaiting --slots--> Running --slices are done, slots go back--> Returning --client has all--> gone, in STL_WLM_QUERY
 */
import type { Clock } from '../../common/clock.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { QueryId, Xid } from '../../common/ids.ts';
import { WLM_QUEUED_MAX } from '../../common/limits.ts';
import type { History } from '../history/types.ts';
import { Priorities, priorityNamed, rankOf, type Priority } from './priorities.ts';
import { SlotQueue, type ServiceClass } from './slot-queue.ts';

const SUPERUSER: ServiceClass = {
  id: 5,
  name: 'Service class for super user',
  slots: 1,
  condition: '(super user) and (query group: superuser)',
};
const DEFAULT: ServiceClass = { id: 6, name: 'Default queue', slots: 5, condition: '(querytype:any)' };
/** Work in the background that nobody asked for. */
const MAINTENANCE: ServiceClass = {
  id: 15,
  name: 'Service class for maintenance',
  slots: 1,
  condition: '(querytype:maintenance)',
};
export const SERVICE_CLASSES: readonly ServiceClass[] = [SUPERUSER, DEFAULT, MAINTENANCE];
/** Of all classes: a slot stands for this part of the slices' memory. */
export const SLOTS_TOTAL = SERVICE_CLASSES.reduce((sum, c) => sum + c.slots, 0);

/** What WLM asks of a session. */
interface Client {
  readonly pid: number;
  readonly user: { readonly oid: number; readonly superuser: boolean };
  readonly cancelSignal: AbortSignal;
  readonly isBackground?: true;
  setting(name: string): string;
}

function classOf(session: Client): ServiceClass {
  if (session.isBackground === true) return MAINTENANCE;
  const isSuper = session.user.superuser && session.setting('query_group').toLowerCase() === 'superuser';
  return isSuper ? SUPERUSER : DEFAULT;
}

/** What a service class did since the start. */
export interface ClassCounts {
  entered: number;
  executed: number;
  evicted: number;
}
/** A query that waits, runs, or gives its rows. */
export interface WlmQuery {
  readonly serviceClass: ServiceClass;
  readonly task: number;
  readonly query: QueryId;
  readonly xid: Xid;
  readonly userid: number;
  readonly slots: number;
  readonly priority: Priority;
  readonly state: 'QueuedWaiting' | 'Running' | 'Returning';
  readonly startMicros: bigint;
  /** Undefined while it waits. */
  readonly execStartMicros: bigint | undefined;
  readonly execEndMicros: bigint | undefined;
}
/** What the views see. */
export interface WlmQueries {
  /** In the order in which they came. */
  queries(): readonly WlmQuery[];
  countsOf(serviceClass: ServiceClass): Readonly<ClassCounts>;
  /** Node memory that a slot stands for, bytes. */
  readonly slotBytes: number;
}
interface WlmDeps {
  readonly clock: Clock;
  readonly history: Pick<History, 'add'>;
  /** Node memory that queries may take, bytes. */
  readonly nodeBytes: number;
  readonly queuedMax?: number;
}

export class Wlm implements WlmQueries {
  private readonly queues: ReadonlyMap<ServiceClass, SlotQueue>;
  private readonly counts = new Map(SERVICE_CLASSES.map((c) => [c, { entered: 0, executed: 0, evicted: 0 }]));
  private readonly statements = new WeakMap<Client, StatementSlots>();
  private readonly present = new Set<WlmRun>();
  private readonly priorities = new Priorities<Client>();
  private tasks = 0;

  constructor(private readonly deps: WlmDeps) {
    const waitingMax = deps.queuedMax ?? WLM_QUEUED_MAX;
    this.queues = new Map(SERVICE_CLASSES.map((c) => [c, new SlotQueue(c, waitingMax)]));
  }
  /** What `work` runs on slices takes the session's slots once, and keeps them until it has ended. */
  async statement<T>(session: Client, work: () => Promise<T>): Promise<T> {
    const slots = this.slotsOf(session);
    this.statements.set(session, slots);
    try {
      return await work();
    } finally {
      slots.release();
      if (this.statements.get(session) === slots) this.statements.delete(session);
    }
  }
  private slotsOf(session: Client): StatementSlots {
    return new StatementSlots(
      session,
      () => ++this.tasks,
      (c) => this.queues.get(c)!,
      () => this.priorities.of(session),
    );
  }
  /** A name of a priority as it is shown. */
  readonly priorityNamed = priorityNamed;
  /** The query's priority until now; undefined when no such query waits or runs. */
  changeQueryPriority(query: QueryId, priority: Priority): Priority | undefined {
    const run = [...this.present].find((r) => r.query === query);
    if (run === undefined) return undefined;
    const before = run.priority;
    this.priorities.claim(priority, before, () => this.present.has(run) && run.priority === 'Critical');
    run.changePriority(priority);
    this.reorder();
    return before;
  }
  /** Of all queries of the session but those that have a priority of their own. */
  changeSessionPriority(session: Client, priority: Priority, isOpen: () => boolean): void {
    this.priorities.setSession(session, priority, isOpen);
    this.reorder();
  }
  /** Of all queries of the user's sessions; undefined: as it was before it was changed. */
  changeUserPriority(user: number, priority: Priority | undefined): void {
    this.priorities.setUser(user, priority);
    this.reorder();
  }
  private reorder(): void {
    for (const queue of this.queues.values()) queue.reorder();
  }
  /** The session's statement waits for a lock. */
  pause(session: Client): void {
    this.statements.get(session)?.release();
  }
  /** Before a query runs on the slices; at once when there are slots. */
  begin(session: Client, query: QueryId, xid: Xid): WlmRun | Promise<WlmRun> {
    const known = this.statements.get(session);
    const slots = known ?? this.slotsOf(session);
    const run = new WlmRun(
      slots,
      query,
      xid,
      session.user.oid,
      session.pid,
      this.deps,
      this.counts.get(slots.serviceClass)!,
      () => {
        this.present.delete(run);
        if (known === undefined) slots.release();
      },
    );
    this.present.add(run);
    return run.enter();
  }
  /** Nobody will run any more. */
  stop(error: unknown): void {
    for (const queue of this.queues.values()) queue.stop(error);
  }
  queries(): readonly WlmQuery[] {
    return [...this.present];
  }
  get slotBytes(): number {
    return Math.floor(this.deps.nodeBytes / SLOTS_TOTAL);
  }
  countsOf(serviceClass: ServiceClass): Readonly<ClassCounts> {
    return this.counts.get(serviceClass)!;
  }
}

/** The slots of one statement, shared by its runs. */
class StatementSlots {
  readonly serviceClass: ServiceClass;
  readonly count: number;
  private readonly signal: AbortSignal;
  private readonly queue: SlotQueue;
  private number = 0;
  private isHeld = false;
  private hasRun = false;
  private running = 0;
  private own: Priority | undefined;

  constructor(
    session: Client,
    private readonly nextTask: () => number,
    queueOf: (c: ServiceClass) => SlotQueue,
    private readonly inherited: () => Priority,
  ) {
    this.serviceClass = classOf(session);
    this.count = Math.min(Number(session.setting('wlm_query_slot_count')), this.serviceClass.slots);
    this.signal = session.cancelSignal;
    this.queue = queueOf(this.serviceClass);
  }
  get isCancelled(): boolean {
    return this.signal.aborted;
  }
  get priority(): Priority {
    return this.own ?? this.inherited();
  }
  set priority(priority: Priority) {
    this.own = priority;
  }
  get task(): number {
    return (this.number ||= this.nextTask());
  }
  /** Undefined: the run may begin. */
  enter(): Promise<void> | undefined {
    if (this.isHeld) return this.entered();
    const want = { slots: this.count, goesOn: this.hasRun, rank: () => rankOf(this.priority) };
    return this.queue.take(want, this.signal)?.then(() => this.entered()) ?? this.entered();
  }
  private entered(): undefined {
    this.isHeld = true;
    this.hasRun = true;
    this.running++;
    return undefined;
  }
  leave(): void {
    this.running--;
  }
  /** Given back unless something runs: the next run takes them again. */
  release(): void {
    if (!this.isHeld || this.running > 0) return;
    this.isHeld = false;
    this.queue.give(this.count);
  }
}

/** One query on the slices. */
export class WlmRun implements WlmQuery {
  readonly task: number;
  readonly startMicros: bigint;
  execStartMicros: bigint | undefined;
  execEndMicros: bigint | undefined;

  constructor(
    private readonly statement: StatementSlots,
    readonly query: QueryId,
    readonly xid: Xid,
    readonly userid: number,
    readonly pid: number,
    private readonly deps: WlmDeps,
    private readonly counts: ClassCounts,
    private readonly gone: () => void,
  ) {
    this.task = statement.task;
    this.startMicros = deps.clock.nowMicros();
    counts.entered++;
  }
  get serviceClass(): ServiceClass {
    return this.statement.serviceClass;
  }
  get slots(): number {
    return this.statement.count;
  }
  get priority(): Priority {
    return this.statement.priority;
  }
  changePriority(priority: Priority): void {
    this.statement.priority = priority;
  }
  get state(): WlmQuery['state'] {
    if (this.execStartMicros === undefined) return 'QueuedWaiting';
    return this.execEndMicros === undefined ? 'Running' : 'Returning';
  }
  enter(): this | Promise<this> {
    try {
      const wait = this.statement.enter();
      if (wait === undefined) return this.begun();
      return wait.then(
        () => this.begun(),
        (error: unknown) => this.refused(error),
      );
    } catch (error) {
      return this.refused(error);
    }
  }
  private begun(): this {
    this.execStartMicros = this.deps.clock.nowMicros();
    return this;
  }
  private refused(error: unknown): never {
    if (error instanceof SqlError && !this.statement.isCancelled) {
      const { userid, pid } = this;
      const timeMicros = this.deps.clock.nowMicros();
      this.deps.history.add('wlmErrors', { userid, pid, timeMicros, error: error.message });
    }
    this.counts.evicted++;
    this.record('Evicted');
    this.gone();
    throw error;
  }
  /** The slices are done. `last`: so is the statement, but for the rows that its client has not taken yet. */
  executed(last: boolean): void {
    if (this.execEndMicros !== undefined) return;
    this.execEndMicros = this.deps.clock.nowMicros();
    this.counts.executed++;
    this.statement.leave();
    if (last) this.statement.release();
  }
  end(): void {
    this.executed(false);
    this.record('Completed');
    this.gone();
  }
  private record(state: 'Completed' | 'Evicted'): void {
    const endMicros = this.deps.clock.nowMicros();
    const execStart = this.execStartMicros ?? endMicros;
    const { task, query, xid, userid, startMicros } = this;
    this.deps.history.add('wlmQueries', {
      userid,
      xid,
      task,
      query,
      serviceClass: this.serviceClass.id,
      slotCount: this.slots,
      startMicros,
      queueMicros: Number(execStart - startMicros),
      execMicros: Number((this.execEndMicros ?? endMicros) - execStart),
      endMicros,
      state,
      priority: this.priority,
    });
  }
}
