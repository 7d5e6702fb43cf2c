/**
 * Which nodes are in service, as words all threads share. A thread whose memory may be corrupt condemns its node before
 * it does anything else; from that moment the other threads of the node run nothing more, disks opened for the node
 * refuse to write, and the leader forwards no rows and logs no commit, however late the message with the cause comes.
 * A node never comes back: the server restarts on fresh memory. Word 0: any; word 1 + n: node n; the last: the leader.
 */
export class Health {
  private readonly words: Int32Array;
  constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }
  static create(nodes: number): Health {
    return new Health(new SharedArrayBuffer((nodes + 2) * 4));
  }
  /** Number of the leader among the nodes. */
  get leader(): number {
    return this.words.length - 2;
  }
  condemn(node: number): void {
    Atomics.store(this.words, node + 1, 1);
    Atomics.store(this.words, 0, 1);
  }
  isCondemned(node: number): boolean {
    return Atomics.load(this.words, node + 1) !== 0;
  }
  get anyCondemned(): boolean {
    return Atomics.load(this.words, 0) !== 0;
  }
}
