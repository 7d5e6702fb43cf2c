/**
 * Priorities of statements that wait for a service class: the query's own, else its session's, else its user's, else Normal.
 * CHANGE_QUERY_PRIORITY and its like set them; those of users are forgotten when the server ends. One query, session or user
 * may be Critical at a time.
 */
import { invalidParameterValue } from '../../common/errors/catalogue.ts';

export const PRIORITIES = ['Lowest', 'Low', 'Normal', 'High', 'Highest', 'Critical'] as const;
export type Priority = (typeof PRIORITIES)[number];
export const NORMAL: Priority = 'Normal';

export const rankOf = (priority: Priority): number => PRIORITIES.indexOf(priority);
export function priorityNamed(text: string): Priority {
  const name = PRIORITIES.find((p) => p.toLowerCase() === text.trim().toLowerCase());
  if (name === undefined)
    throw invalidParameterValue(`"${text}" is no priority; there are ${PRIORITIES.join(', ').toLowerCase()}`);
  return name;
}

interface Client {
  readonly user: { readonly oid: number };
}
export class Priorities<S extends Client> {
  private readonly users = new Map<number, Priority>();
  private readonly sessions = new WeakMap<S, Priority>();
  /** Whether who was made Critical still is. */
  private critical: () => boolean = () => false;

  of(session: S): Priority {
    return this.sessions.get(session) ?? this.users.get(session.user.oid) ?? NORMAL;
  }
  setSession(session: S, priority: Priority, isOpen: () => boolean): void {
    this.claim(priority, this.sessions.get(session), () => this.sessions.get(session) === 'Critical' && isOpen());
    this.sessions.set(session, priority);
  }
  /** Undefined: as it was before anybody changed it. */
  setUser(user: number, priority: Priority | undefined): void {
    if (priority === undefined) return void this.users.delete(user);
    this.claim(priority, this.users.get(user), () => this.users.get(user) === 'Critical');
    this.users.set(user, priority);
  }
  /** Before somebody's priority changes from `before`. */
  claim(priority: Priority, before: Priority | undefined, holds: () => boolean): void {
    if (priority !== 'Critical' || before === 'Critical') return;
    if (this.critical())
      throw invalidParameterValue('another query, session or user has the priority Critical already');
    this.critical = holds;
  }
}
