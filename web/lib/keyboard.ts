const NOT_TYPED_INTO = ["radio", "checkbox", "button", "submit", "file"];

/** A key by itself, meant for the page: no shortcut of the browser, no part of a composed character, nothing held down. */
export function isPlainKey(event: KeyboardEvent): boolean {
  const { ctrlKey, metaKey, altKey, isComposing, defaultPrevented, repeat } = event;
  return !(ctrlKey || metaKey || altKey || isComposing || defaultPrevented || repeat || isInPopup(event.target));
}

/** Whether the key goes into a field. */
export function isTyping({ target }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) return !NOT_TYPED_INTO.includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether a button is held down by its key, which would press it again and again. */
export function isHeldButton({ repeat, target }: KeyboardEvent): boolean {
  return repeat && target instanceof HTMLButtonElement;
}

function isInPopup(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=menu], [role=dialog]") !== null;
}
