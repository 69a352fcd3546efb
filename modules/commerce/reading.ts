import type { Page, Place } from "./connectors/connector.ts";

/**
 * Reads a list ahead of whoever takes it: gives the pages that have come since it was asked last, one at least, and reads no further than `most`. Pages
 * that came before one that could not be read are given before that is thrown. Who stops taking stops the reading.
 */
export async function* readAhead(
  ask: (place: Place) => Promise<Page>,
  from: Place,
  most: number,
): AsyncGenerator<readonly Page[], void, undefined> {
  let come: Page[] = [];
  let next: Place | undefined = from;
  let coming: Promise<void> | undefined;
  let isLeft = false;
  const askOn = (): void => {
    if (coming || !next || isLeft || come.length >= most) return;
    coming = ask(next).then((page) => {
      come.push(page);
      next = page.isLast ? undefined : page.next;
      coming = undefined;
      askOn();
    });
    // It is heard when its turn comes.
    coming.catch(() => undefined);
  };
  try {
    for (askOn(); coming || come.length > 0; askOn()) {
      if (come.length === 0) await coming;
      const pages = come;
      come = [];
      askOn();
      yield pages;
    }
  } finally {
    isLeft = true;
  }
}
