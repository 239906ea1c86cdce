/** Stops this thread for some ms: between two attempts at a descriptor that does not block. */
export function pauseThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
