/** One event of a stream, with its data as text. */
export type TextEvent = { id: string | undefined; event: string; data: string };

/** Reads the events out of a stream (WHATWG HTML, "Server-sent events"). What is not ended by an empty line did not come whole and is left out. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<TextEvent> {
  let id: string | undefined;
  let event = "message";
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0) yield { id, event, data: data.join("\n") };
      event = "message";
      data = [];
      continue;
    }
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "id") id = value;
    else if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    // Whoever leaves the loop hangs up.
    await reader.cancel().catch(() => undefined);
  }
}
