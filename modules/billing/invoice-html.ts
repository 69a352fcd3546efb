import { escapeHtml } from "../../kernel/mail/html.ts";
import type { Invoice } from "./contract.ts";

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const COUNT = new Intl.NumberFormat("en-GB");
const DAY_MS = 86_400_000;

const STYLE = `
  body { font: 10pt/1.45 "Helvetica Neue", Arial, "Liberation Sans", "Noto Sans", sans-serif; color: #1a1b1e; margin: 0; }
  h1 { font-size: 20pt; margin: 0 0 2mm; }
  .state { color: #868e96; margin: 0; }
  .parties { display: flex; justify-content: space-between; gap: 12mm; margin: 10mm 0; }
  .parties > div { flex: 1; overflow-wrap: anywhere; }
  h2 { font-size: 8pt; text-transform: uppercase; letter-spacing: 0.06em; color: #495057; margin: 0 0 1mm; }
  p { margin: 0; }
  dl { display: grid; grid-template-columns: max-content auto; gap: 1mm 6mm; margin: 0 0 8mm; }
  dt { color: #495057; }
  dd { margin: 0; }
  table { width: 100%; border-collapse: collapse; }
  th { text-align: left; font-weight: 600; border-bottom: 0.4mm solid #1a1b1e; padding: 1.5mm 2mm 1.5mm 0; }
  td { border-bottom: 0.2mm solid #ced4da; padding: 1.5mm 2mm 1.5mm 0; vertical-align: top; overflow-wrap: anywhere; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-right: 0; padding-left: 4mm; }
  tfoot td { border: 0; }
  tfoot tr:last-child td { font-weight: 700; border-top: 0.4mm solid #1a1b1e; }
  .due { margin-top: 10mm; }`;

/** What an invoice is called: by its number once it has one. */
export function invoiceTitle({ number }: Pick<Invoice, "number">): string {
  return number === null ? "Draft of an invoice" : `Invoice ${number}`;
}

/** An invoice as a whole HTML document, to be printed. */
export function invoiceHtml(invoice: Invoice): string {
  const { parties, lines, currency } = invoice;
  const title = escapeHtml(invoiceTitle(invoice));
  const money = moneyOf(currency);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
${STATES[invoice.status] ? `<p class="state">${STATES[invoice.status]}</p>` : ""}
<div class="parties">
${partyHtml("From", parties.seller)}
${partyHtml("To", parties.buyer)}
</div>
<dl>${factsOf(invoice)
    .map(([term, told]) => `<dt>${term}</dt><dd>${told}</dd>`)
    .join("")}</dl>
<table>
<thead><tr><th>What</th><th class="number">Quantity</th><th class="number">Price</th><th class="number">Amount</th></tr></thead>
<tbody>
${lines
  .map(
    (
      line,
    ) => `<tr><td dir="auto">${escapeHtml(line.description)}</td><td class="number">${COUNT.format(line.quantity)}</td>
<td class="number">${money(line.unit_amount)}</td><td class="number">${money(line.amount)}</td></tr>`,
  )
  .join("\n")}
</tbody>
<tfoot>
${sumHtml("Subtotal", money(invoice.subtotal_amount))}
${sumHtml(`Tax ${invoice.tax_rate / 100} %`, money(invoice.tax_amount))}
${sumHtml("Total", money(invoice.total_amount))}
</tfoot>
</table>
${invoice.status === "open" && invoice.due_at ? `<p class="due">Please pay ${money(invoice.total_amount)} by ${day(invoice.due_at)}.</p>` : ""}
</body>
</html>`;
}

const STATES: Partial<Record<Invoice["status"], string>> = {
  draft: "Not issued: this is no invoice yet.",
  paid: "Paid",
  void: "Void: nothing is to be paid.",
};

function factsOf({ number, issued_at, due_at, period_start, period_end }: Invoice): [string, string][] {
  const lastDay = new Date(new Date(period_end).getTime() - DAY_MS).toISOString();
  return [
    ...(number === null ? [] : [["Number", String(number)] as [string, string]]),
    ...(issued_at ? [["Issued", day(issued_at)] as [string, string]] : []),
    ...(due_at ? [["Due", day(due_at)] as [string, string]] : []),
    ["Period", `${day(period_start)} to ${day(lastDay)}`],
  ];
}

function partyHtml(heading: string, { name, email, address, tax_id }: Invoice["parties"]["seller"]): string {
  const lines = [name, ...addressLines(address), email ?? "", tax_id ? `Tax number ${tax_id}` : ""].filter(Boolean);
  return `<div><h2>${heading}</h2>${lines.map((line) => `<p dir="auto">${escapeHtml(line)}</p>`).join("")}</div>`;
}

const PLACE = ["postal_code", "zip", "city"];

/** The lines of an address, in the order in which it has them; what names the place stands in one. */
function addressLines(address: Record<string, unknown>): string[] {
  const text = (key: string) => (typeof address[key] === "string" ? address[key].trim() : "");
  const place = PLACE.map(text).filter(Boolean).join(" ");
  const keys = Object.keys(address).filter((key) => !PLACE.includes(key) && key !== "country");
  return [...keys.map(text), place, text("country")].filter(Boolean);
}

function sumHtml(name: string, amount: string): string {
  return `<tr><td colspan="3" class="number">${name}</td><td class="number">${amount}</td></tr>`;
}

function moneyOf(currency: string): (minorUnits: number) => string {
  const format = new Intl.NumberFormat("en-GB", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return (minorUnits) => escapeHtml(format.format(minorUnits / 10 ** digits));
}

function day(timestamp: string): string {
  return DAY.format(new Date(timestamp));
}
