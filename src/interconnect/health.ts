/**
 * Which nodes are in service, as words all threads share. A thread whose memory may be corrupt condemns its node before
 * it does anything else; from that moment the other threads of the node run nothing more, disks opened for the node
 * refuse to write, and the leader forwards no rows that slices made and logs no commit of the node's work, however late
 * the message with the cause comes. A condemned node's threads never come back: `restore` is for those that are started
 * in their place, on fresh memory, when the old ones are gone. Word n: node n; the last: the leader, which nobody restores.
 */
export class Health {
  private readonly words: Int32Array;
  constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }
  static create(nodes: number): Health {
    return new Health(new SharedArrayBuffer((nodes + 1) * 4));
  }
  /** Number of the leader among the nodes. */
  get leader(): number {
    return this.words.length - 1;
  }
  condemn(node: number): void {
    Atomics.store(this.words, node, 1);
  }
  isCondemned(node: number): boolean {
    return Atomics.load(this.words, node) !== 0;
  }
  /** The leader or any compute node. */
  get anyCondemned(): boolean {
    for (let node = 0; node < this.words.length; node++) if (this.isCondemned(node)) return true;
    return false;
  }
  restore(node: number): void {
    Atomics.store(this.words, node, 0);
  }
}
