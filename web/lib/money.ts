/** An amount in minor units as people read it, such as "€12.50". */
export function formatMoney(minorUnits: number, currency: string): string {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(fromMinorUnits(minorUnits, currency));
}

/** The same in short, for the side of a chart: "€1.3K". */
export function formatMoneyShort(minorUnits: number, currency: string): string {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency, notation: "compact" });
  return format.format(fromMinorUnits(minorUnits, currency));
}

/** An amount as it is typed, such as 0.12, in minor units. */
export function toMinorUnits(amount: number, currency: string): number {
  return Math.round(amount * 10 ** digitsOf(currency));
}

export function fromMinorUnits(minorUnits: number, currency: string): number {
  return minorUnits / 10 ** digitsOf(currency);
}

/** How many decimals a currency has. */
export function digitsOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
