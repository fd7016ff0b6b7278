/**
 * Runs `work` on each item, at most `bound` at a time. After a failure no further item is begun; rejects with the first failure
 * once nothing runs any more.
 */
export async function eachAtMost<T>(bound: number, items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      const index = next++;
      try {
        // oxlint-disable-next-line no-await-in-loop -- each worker takes one item after the other
        await work(items[index] as T, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
}
