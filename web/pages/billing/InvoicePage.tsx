import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { addressOf } from "../../../client/address.ts";
import { downloadInvoice, type Invoice, printInvoice, readPrint } from "../../../modules/billing/contract.ts";
import { call } from "../../lib/api.ts";
import { invoiceQuery } from "../../lib/billing-queries.ts";
import { formatCount, formatDay } from "../../lib/format.ts";
import { startTask, useMadeFile } from "../../lib/made-file.ts";
import { formatMoney } from "../../lib/money.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { MadeFileProgress } from "../../ui/MadeFileProgress.tsx";
import { Page } from "../../ui/Page.tsx";
import { Grid } from "../../ui/Part.tsx";
import { Section } from "../../ui/Section.tsx";
import classes from "./Invoice.module.css";
import { InvoiceActions } from "./InvoiceActions.tsx";
import { InvoiceStatus } from "./InvoiceStatus.tsx";
import { dayOf, invoiceName, periodOf } from "./invoice-words.ts";

type Place = { organization: string; invoice: string };

/** An invoice to a customer: what it says, and what comes next. */
export function InvoicePage() {
  const place = useParams({ from: "/$organization/invoices/$invoice" });
  const invoice = useQuery(invoiceQuery(place));
  const above = (
    <AnchorLink to="/$organization/invoices" params={{ organization: place.organization }} size="sm">
      Invoices
    </AnchorLink>
  );
  const title = invoice.data ? `${invoiceName(invoice.data)} to ${invoice.data.customer.name}` : "Invoice";
  return (
    <Page title={title} above={above}>
      <Loaded query={invoice}>{(data) => <Parts place={place} invoice={data} />}</Loaded>
    </Page>
  );
}

function Parts({ place, invoice }: { place: Place; invoice: Invoice }) {
  const { organization } = place;
  const pdf = useMadeFile(
    () => startTask(printInvoice, { params: place }),
    (task, signal) => call(readPrint, { params: { organization, print: task } }, { signal }),
  );
  return (
    <Stack gap="lg">
      <InvoiceActions place={place} invoice={invoice} isPrinting={pdf.isMaking} onPrint={() => pdf.start(undefined)} />
      <MadeFileProgress
        name="The PDF"
        {...pdf}
        addressOfFile={(document) => addressOf(downloadInvoice, { params: { organization, document } })}
        onAgain={() => pdf.start(undefined)}
      />
      <Section title="Details">
        <Facts invoice={invoice} />
      </Section>
      <Section title="Lines">
        <Lines invoice={invoice} />
      </Section>
    </Stack>
  );
}

function Facts({ invoice }: { invoice: Invoice }) {
  const { parties, issued_at, due_at, paid_at } = invoice;
  return (
    <dl className={classes.facts}>
      <Fact name="Status">
        <InvoiceStatus invoice={invoice} />
      </Fact>
      <Fact name="From">{parties.seller.name}</Fact>
      <Fact name="To">{parties.buyer.name}</Fact>
      <Fact name="Period">{periodOf(invoice)}</Fact>
      {issued_at && <Fact name="Issued">{dayOf(issued_at)}</Fact>}
      {due_at && <Fact name="Due">{dayOf(due_at)}</Fact>}
      {paid_at && <Fact name="Paid">{formatDay(paid_at)}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

function Lines({ invoice }: { invoice: Invoice }) {
  const { lines, currency, subtotal_amount, tax_rate, tax_amount, total_amount } = invoice;
  const money = (amount: number) => formatMoney(amount, currency);
  return (
    <Stack gap="md">
      <Grid
        label="Lines"
        heads={["What", "Quantity", "Price", "Amount"]}
        rows={lines.map(({ description, quantity, unit_amount, amount }, index) => ({
          key: String(index),
          cells: [description, formatCount(quantity), money(unit_amount), money(amount)],
        }))}
      />
      <Stack gap={2} align="flex-end">
        <Sum name="Subtotal" amount={money(subtotal_amount)} />
        <Sum name={`Tax ${tax_rate / 100} %`} amount={money(tax_amount)} />
        <Sum name="Total" amount={money(total_amount)} isTotal />
      </Stack>
    </Stack>
  );
}

function Sum({ name, amount, isTotal = false }: { name: string; amount: string; isTotal?: boolean }) {
  return (
    <Group gap="lg" justify="flex-end">
      <Text fw={isTotal ? 700 : 400}>{name}</Text>
      <Text fw={isTotal ? 700 : 400} ta="right" miw={110} style={{ fontVariantNumeric: "tabular-nums" }}>
        {amount}
      </Text>
    </Group>
  );
}
