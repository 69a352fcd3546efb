/** Something to wait for; rung while nobody waits, it keeps the next one from waiting. */
export type Bell = { ring(): void; wait(milliseconds: number): Promise<void> };

export function makeBell(): Bell {
  let isRung = false;
  let answer: (() => void) | undefined;
  return {
    ring: () => {
      isRung = true;
      answer?.();
    },
    wait: async (milliseconds) => {
      if (!isRung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, milliseconds);
        answer = resolve;
        await promise;
        clearTimeout(timer);
        answer = undefined;
      }
      isRung = false;
    },
  };
}
