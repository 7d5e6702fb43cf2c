/** Packages that bring no types. */
declare module 'bzip2-wasm' {
  export default class BZip2 {
    init(): Promise<void>;
    /** `blockSize`: hundreds of thousands of bytes that are sorted at a time, 1 to 9; `room`: for the member. */
    compress(text: Uint8Array, blockSize: number, room: number): Uint8Array;
  }
}
