import { COMMON_PASSWORDS } from "./common-passwords.ts";

/** Whose password it is: it must not be made of their own name or address. */
export type PasswordOwner = { email: string; name: string };

/** What must be left of a password, in characters, when all that is easily guessed is taken out of it. */
const REST_MIN = 8;
/** With fewer different characters than this, length is no help. */
const DIFFERENT_MIN = 5;
/** A piece that is repeated counts once, and must be long enough by itself. */
const REPEATED_MIN = 12;
/** Shorter words are part of too many others to be taken out. */
const WORD_MIN = 3;
/** So many neighbours in a row are a sequence. */
const RUN_MIN = 4;

const PRODUCT = "tenon";
const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "1234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "yxcvbnm",
  "azertyuiop",
  "qsdfghjklm",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "q1w2e3r4t5y6u7i8o9p0",
  "1q2w3e4r5t6y7u8i9o0p",
  "!@#$%^&*()",
  '!"§$%&/()=',
];
const SEQUENCES = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(""))];
const LOOKALIKES: Record<string, string> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

/** Whether a password that is long enough is nevertheless easily guessed: common, a pattern, or made of its owner's name. */
export function isWeakPassword(password: string, owner?: PasswordOwner): boolean {
  const text = password.toLowerCase();
  const words = [...COMMON_PASSWORDS, PRODUCT, ...(owner ? wordsOf(owner) : [])].toSorted(
    (a, b) => b.length - a.length,
  );
  return (
    isRepetitive(text) || restOf(text, words).length < REST_MIN || restOf(readLookalikes(text), words).length < REST_MIN
  );
}

function isRepetitive(text: string): boolean {
  const characters = [...text];
  if (new Set(characters).size < DIFFERENT_MIN) return true;
  const period = characters.findIndex((_, start) => start > 0 && text.startsWith(characters.slice(start).join("")));
  return period > 0 && period < REPEATED_MIN && period <= characters.length / 2;
}

/** What is left when words and sequences are taken out. What joins the rest keeps new words from arising. */
function restOf(text: string, words: readonly string[]): string[] {
  const rest = words.reduce((left, word) => left.replaceAll(word, " "), text);
  return [...withoutRuns(rest).replaceAll(/\s+/g, "")];
}

function withoutRuns(text: string): string {
  let rest = "";
  for (let start = 0; start < text.length; ) {
    const length = runAt(text, start);
    rest += length >= RUN_MIN ? " " : text.slice(start, start + 1);
    start += length >= RUN_MIN ? length : 1;
  }
  return rest;
}

/** How long the sequence is that begins here. */
function runAt(text: string, start: number): number {
  let length = 1;
  while (start + length < text.length && isSequence(text.slice(start, start + length + 1))) length += 1;
  return length;
}

function isSequence(piece: string): boolean {
  return SEQUENCES.some((row) => row.includes(piece)) || new Set(piece).size === 1;
}

function readLookalikes(text: string): string {
  return [...text].map((character) => LOOKALIKES[character] ?? character).join("");
}

function wordsOf({ email, name }: PasswordOwner): string[] {
  const [local = ""] = email.toLowerCase().split("@");
  const whole = [local, name.toLowerCase().replaceAll(/\s+/g, "")];
  const parts = [local, name.toLowerCase()].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  return [...whole, ...parts].filter((word) => word.length >= WORD_MIN);
}
