/** Heights of items with their sums, as a Fenwick tree: changing one and finding the item at a row take O(log n). */
export class HeightIndex {
  #heights = new Int32Array(64);
  /** `tree[i]` is the sum of the heights of the `i & -i` items before item `i`; from 1 on. */
  #tree = new Float64Array(65);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get total(): number {
    return this.before(this.#count);
  }

  height(index: number): number {
    return index < this.#count ? (this.#heights[index] ?? 0) : 0;
  }

  append(height: number): void {
    if (this.#count === this.#heights.length) this.#grow();
    const index = this.#count;
    this.#heights[index] = height;
    this.#count += 1;
    const node = index + 1;
    const span = node & -node;
    this.#tree[node] = this.before(index) - this.before(node - span) + height;
  }

  set(index: number, height: number): void {
    const difference = height - this.height(index);
    if (difference === 0) return;
    this.#heights[index] = height;
    for (let node = index + 1; node <= this.#count; node += node & -node) this.#tree[node] = (this.#tree[node] ?? 0) + difference;
  }

  truncate(count: number): void {
    this.#count = Math.min(this.#count, count);
  }

  /** Gives every item a new height, in O(n). */
  replaceAll(height: (index: number) => number): void {
    const tree = this.#tree;
    tree.fill(0);
    for (let index = 0; index < this.#count; index++) {
      const value = height(index);
      this.#heights[index] = value;
      const node = index + 1;
      tree[node] = (tree[node] ?? 0) + value;
      const parent = node + (node & -node);
      if (parent <= this.#count) tree[parent] = (tree[parent] ?? 0) + (tree[node] ?? 0);
    }
  }

  /** The rows of the first `index` items together. */
  before(index: number): number {
    let sum = 0;
    for (let node = index; node > 0; node -= node & -node) sum += this.#tree[node] ?? 0;
    return sum;
  }

  /** The item the row belongs to, and the row within it. Behind the end: the last one. */
  at(row: number): { readonly index: number; readonly row: number } {
    let index = 0;
    let left = Math.max(0, row);
    for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.#count))); step > 0; step >>= 1) {
      const next = index + step;
      if (next <= this.#count && (this.#tree[next] ?? 0) <= left) {
        index = next;
        left -= this.#tree[next] ?? 0;
      }
    }
    if (index < this.#count) return { index, row: left };
    const last = Math.max(0, this.#count - 1);
    return { index: last, row: Math.max(0, this.height(last) - 1) };
  }

  #grow(): void {
    const heights = new Int32Array(this.#heights.length * 2);
    heights.set(this.#heights);
    this.#heights = heights;
    const tree = new Float64Array(heights.length + 1);
    tree.set(this.#tree);
    this.#tree = tree;
  }
}
