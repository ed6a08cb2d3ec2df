/** What will happen when, in order of time: a binary heap. The same agenda plays days of history at once and then goes on live. */
export class Agenda {
  private readonly heap: { at: number; n: number; run: (at: number) => void }[] = [];
  private count = 0;

  /** `at` in ms since the epoch; things of the same moment happen in the order they were put. */
  put(at: number, run: (at: number) => void): void {
    const heap = this.heap;
    heap.push({ at, n: this.count++, run });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.before(child, parent)) break;
      this.swap(child, parent);
      child = parent;
    }
  }

  /** Lets happen all that is due by then. */
  playUntil(now: number): void {
    for (let first = this.heap[0]; first && first.at <= now; first = this.heap[0]) {
      this.take();
      first.run(first.at);
    }
  }

  private take(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    for (let parent = 0; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2])
        if (child < heap.length && this.before(child, least)) least = child;
      if (least === parent) return;
      this.swap(parent, least);
      parent = least;
    }
  }
  private before(a: number, b: number): boolean {
    const [one, other] = [this.heap[a], this.heap[b]];
    return !!one && !!other && (one.at < other.at || (one.at === other.at && one.n < other.n));
  }
  private swap(a: number, b: number): void {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one && other) [this.heap[a], this.heap[b]] = [other, one];
  }
}
