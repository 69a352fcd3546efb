/** The same bytes in chunks of exactly `size` bytes, the last one shorter: what follows does not depend on the network. */
export async function* rechunk(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of body) {
    if (chunk.length === 0) continue;
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < size) continue;
    const bytes = held.length === 1 ? chunk : Buffer.concat(held);
    const end = heldBytes - (heldBytes % size);
    for (let start = 0; start < end; start += size) yield bytes.subarray(start, start + size);
    held = end < heldBytes ? [bytes.subarray(end)] : [];
    heldBytes -= end;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
