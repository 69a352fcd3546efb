import type { ServerEvent } from "../../kernel/http/route.ts";

/** Where a reply tells how it goes on; whoever listens may leave, and the reply does not notice. */
export type Channel = {
  tell(event: ServerEvent): void;
  /** Nothing more comes; with an error, the listener's stream breaks off with it. */
  end(error?: unknown): void;
  events: AsyncIterable<ServerEvent>;
};

/** A channel for one listener. A sign of life is told where nothing else is for so long, so that proxies keep the line open. */
export function openChannel(heartbeatMs: number): Channel {
  let waiting: ServerEvent[] = [];
  let bell = Promise.withResolvers<void>();
  let isOver = false;
  let hasListener = true;
  let failure: unknown;
  const timer = setInterval(() => tell("heartbeat"), heartbeatMs).unref();
  const tell = (event: ServerEvent) => {
    if (!hasListener) return;
    waiting.push(event);
    bell.resolve();
  };
  async function* listen(): AsyncGenerator<ServerEvent> {
    try {
      for (;;) {
        await bell.promise;
        bell = Promise.withResolvers();
        const told = waiting;
        waiting = [];
        yield* told;
        if (isOver && waiting.length === 0) break;
      }
      if (failure !== undefined) throw failure;
    } finally {
      hasListener = false;
      clearInterval(timer);
    }
  }
  return {
    tell,
    end: (error) => {
      isOver = true;
      failure = error;
      clearInterval(timer);
      bell.resolve();
    },
    events: listen(),
  };
}
