import { Button, NumberInput, Popover, Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createInvoice, type Unbilled } from "../../../modules/billing/contract.ts";
import { call } from "../../lib/api.ts";
import { invoiceQuery, invoicesKey } from "../../lib/billing-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const MONTH = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" });
const PERCENT = 100;

type Props = { organization: string; due: Unbilled };

/** Drafts an invoice to a customer, of what was approved until the end of a month. */
export function InvoiceForm({ organization, due: { customer, months } }: Props) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { month: months[0] ?? "", tax_rate: 0 as number | "" },
  });
  const creation = useMutation({
    mutationFn: ({ month, tax_rate }: typeof form.values) =>
      call(createInvoice, {
        params: { organization },
        body: { customer_id: customer.id, month, tax_rate: Math.round((tax_rate || 0) * PERCENT) },
      }),
    onSuccess: async (invoice) => {
      const params = { organization, invoice: invoice.id };
      queryClient.setQueryData(invoiceQuery(params).queryKey, invoice);
      await navigate({ to: "/$organization/invoices/$invoice", params });
      return queryClient.invalidateQueries({ queryKey: invoicesKey(organization) });
    },
  });
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withArrow shadow="md" width={320}>
      <Popover.Target>
        <Button size="xs" aria-label={`Make an invoice to ${customer.name}`} onClick={() => setOpen(!isOpen)}>
          Make an invoice
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Invoice to ${customer.name}`}>
        <FormShell form={form} mutation={creation} submitLabel="Draft it">
          <Stack gap="sm">
            <Select
              label="Until the end of"
              data={months.map((month) => ({ value: month, label: MONTH.format(new Date(`${month}-01T00:00:00Z`)) }))}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              key={form.key("month")}
              {...form.getInputProps("month")}
            />
            <NumberInput
              label="Tax"
              suffix=" %"
              min={0}
              max={100}
              decimalScale={2}
              hideControls
              allowNegative={false}
              key={form.key("tax_rate")}
              {...form.getInputProps("tax_rate")}
            />
          </Stack>
        </FormShell>
      </Popover.Dropdown>
    </Popover>
  );
}
