/**
 * Xids and oids, handed out from runs that are reserved durably before they are used, so that none is used twice; a crash
 * skips the rest of a run. Used by transaction-manager.ts only.
 */
import type { Xid } from '../../common/ids.ts';
import { OID_RESERVATION, XID_RESERVATION } from '../../common/limits.ts';
import { FIRST_OBJECT_OID } from '../catalog/bootstrap.ts';
import type { IdentityCounters } from './identity.ts';
import type { LogRecord } from './log-record.ts';
import type { TransactionLog } from './transaction-log.ts';

const FIRST_XID = 1000;

export interface ReservationHost {
  readonly log: TransactionLog;
  readonly identities: IdentityCounters;
  /** Whether a record may be written in the background now. */
  mayAppend(): boolean;
  /** A record was written while nothing else was under way, or not: the newest LSN that is visible moves. */
  visibleAfter(lsn: number): void;
  /** A record is under way; the result is called when it no longer is. */
  enter(): () => void;
}

export class IdReservations {
  nextXid = FIRST_XID;
  xidLimit = FIRST_XID;
  nextObject = FIRST_OBJECT_OID;
  oidLimit = FIRST_OBJECT_OID;
  /** The reservation that is being written. */
  reserving: Promise<unknown> | undefined;

  constructor(private readonly host: ReservationHost) {}

  restore(xid: number, oid: number): void {
    this.nextXid = this.xidLimit = xid;
    this.nextObject = this.oidLimit = oid;
  }
  record(xidLimit: number, oidLimit: number, kind: 'reserve' | 'close'): LogRecord {
    return {
      kind,
      xid: 0,
      database: 0,
      catalog: [],
      slices: [],
      drops: [],
      identities: this.host.identities.takeMoved(),
      xidLimit,
      oidLimit,
    };
  }
  /** The record of a clean end: the limits are exact. */
  closing(): LogRecord {
    return this.record(this.nextXid, this.nextObject, 'close');
  }

  assignXid(): Xid {
    if (this.nextXid >= this.xidLimit) this.reserveNow();
    const xid = this.nextXid++;
    this.reserveAhead();
    return xid;
  }
  nextOid(): number {
    if (this.nextObject >= this.oidLimit) this.reserveNow();
    const oid = this.nextObject++;
    this.reserveAhead();
    return oid;
  }

  reserveNow(): void {
    const xidLimit = this.nextXid + XID_RESERVATION;
    const oidLimit = this.nextObject + OID_RESERVATION;
    this.host.visibleAfter(this.host.log.appendNow(this.record(xidLimit, oidLimit, 'reserve')));
    this.xidLimit = xidLimit;
    this.oidLimit = oidLimit;
  }
  /** Reserves the next run in good time, so that assigning an id rarely waits for the disk. */
  private reserveAhead(): void {
    if (this.reserving !== undefined || !this.host.mayAppend()) return;
    if (this.xidLimit - this.nextXid > XID_RESERVATION / 4 && this.oidLimit - this.nextObject > OID_RESERVATION / 4) {
      return;
    }
    const xidLimit = this.nextXid + XID_RESERVATION;
    const oidLimit = this.nextObject + OID_RESERVATION;
    const leave = this.host.enter();
    this.reserving = this.host.log
      .append(this.record(xidLimit, oidLimit, 'reserve'))
      .then(
        () => {
          this.xidLimit = Math.max(this.xidLimit, xidLimit);
          this.oidLimit = Math.max(this.oidLimit, oidLimit);
        },
        // The next commit meets the same failure and reports it.
        () => undefined,
      )
      .finally(() => {
        this.reserving = undefined;
        leave();
      });
  }
}
