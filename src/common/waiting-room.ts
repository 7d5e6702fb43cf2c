/**
 * Connections that have not shown yet who they are or what they want, of which a door admits a limited number. When the
 * room is full the oldest guest of the address with the most guests must go: whoever opens connections and stays silent
 * pushes out his own, and a client that speaks at once gets through. Used by the wire server and the HTTP server.
 */
interface Guest {
  readonly address: string;
  evict(): void;
}

export class WaitingRoom {
  private readonly guests = new Map<string, Set<Guest>>();
  private count = 0;
  constructor(private readonly guestsMax: number) {}

  get size(): number {
    return this.count;
  }

  /** Admits a guest, evicting another when there is no room. Returns what to call when the guest leaves. */
  enter(address: string, evict: () => void): () => void {
    if (this.count >= this.guestsMax) this.evictOne();
    const guest: Guest = { address, evict };
    const beside = this.guests.get(address);
    if (beside === undefined) this.guests.set(address, new Set([guest]));
    else beside.add(guest);
    this.count += 1;
    return () => this.leave(guest);
  }

  private leave(guest: Guest): void {
    const beside = this.guests.get(guest.address);
    if (beside?.delete(guest) !== true) return;
    this.count -= 1;
    if (beside.size === 0) this.guests.delete(guest.address);
  }

  private evictOne(): void {
    let crowd: Set<Guest> | undefined;
    for (const beside of this.guests.values()) if (crowd === undefined || beside.size > crowd.size) crowd = beside;
    const oldest = crowd?.values().next().value;
    if (oldest === undefined) return;
    this.leave(oldest);
    oldest.evict();
  }
}
