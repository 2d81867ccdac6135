/** Time as the relay sees it: a part, so that tests let blobs expire without waiting. */
export interface Clock {
  /** Unix time in seconds. It may jump; storage keeps its own *now* from falling (CUR rule on expiry). */
  now(): number;
  /** Milliseconds that only grow, for rates and timeouts. */
  uptime(): number;
  /** Calls back once after `ms` milliseconds unless the returned function is called first. Never keeps the process alive. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  uptime: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
