/** What a heap holds. `heapIndex` is the heap's own note of where the entry sits; -1 when it holds it no more. */
export interface HeapEntry {
  dueMs: number;
  heapIndex: number;
}

/** A binary heap by due time. An entry that knows its place can be taken out of the middle, so cancelling leaves nothing behind. */
export class DueHeap<Entry extends HeapEntry> {
  private readonly entries: Entry[] = [];

  get size(): number {
    return this.entries.length;
  }

  /** The entry that is due first, left where it is. */
  peek(): Entry | undefined {
    return this.entries[0];
  }

  push(entry: Entry): void {
    this.riseFrom(this.entries.length, entry);
  }

  pop(): Entry | undefined {
    const first = this.entries[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(entry: Entry): void {
    const index = entry.heapIndex;
    if (this.entries[index] !== entry) return;
    entry.heapIndex = -1;
    const last = this.entries.pop();
    if (last === undefined || last === entry) return;
    this.sinkFrom(index, last);
    this.riseFrom(last.heapIndex, last);
  }

  private place(index: number, entry: Entry): void {
    this.entries[index] = entry;
    entry.heapIndex = index;
  }

  private riseFrom(start: number, entry: Entry): void {
    let index = start;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.entries[parentIndex];
      if (parent === undefined || parent.dueMs <= entry.dueMs) break;
      this.place(index, parent);
      index = parentIndex;
    }
    this.place(index, entry);
  }

  private sinkFrom(start: number, entry: Entry): void {
    let index = start;
    for (;;) {
      const left = this.entries[2 * index + 1];
      const right = this.entries[2 * index + 2];
      const child = right !== undefined && left !== undefined && right.dueMs < left.dueMs ? right : left;
      if (child === undefined || child.dueMs >= entry.dueMs) break;
      const childIndex = child === right ? 2 * index + 2 : 2 * index + 1;
      this.place(index, child);
      index = childIndex;
    }
    this.place(index, entry);
  }
}
