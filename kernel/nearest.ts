/**
 * How many letters must be put in, left out or changed to make one word of another; one more than `most` where they are more than that,
 * which is found out soon.
 */
export function editsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [place, letter] of [...one].entries()) {
    row = nextRow(row, place + 1, letter, other);
    if (Math.min(...row) > most) return most + 1;
  }
  return row.at(-1) ?? 0;
}

/** One row of the table of edits (Wagner and Fischer), out of the row before. */
function nextRow(before: readonly number[], first: number, letter: string, other: string): number[] {
  const row = [first];
  for (let place = 1; place < before.length; place++) {
    const change = (before[place - 1] ?? 0) + (other[place - 1] === letter ? 0 : 1);
    row.push(Math.min(change, (before[place] ?? 0) + 1, (row[place - 1] ?? 0) + 1));
  }
  return row;
}
