import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { discardInvoice, type Invoice, issueInvoice, settleInvoice } from "../../../modules/billing/contract.ts";
import { call } from "../../lib/api.ts";
import { invoiceQuery, invoicesKey } from "../../lib/billing-queries.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { invoiceName } from "./invoice-words.ts";

const DUE_DAYS = 14;

type Place = { organization: string; invoice: string };
type Props = { place: Place; invoice: Invoice; isPrinting: boolean; onPrint: () => void };

/** What can be done with an invoice as it stands. */
export function InvoiceActions({ place, invoice, isPrinting, onPrint }: Props) {
  const organization = useOrganization();
  const { change, discard } = useChanges(place);
  const { status } = invoice;
  const of = invoiceName(invoice);
  const mayBill = may(organization, issueInvoice);
  const isIssued = status === "open" || status === "uncollectible";
  const isBusy = change.isPending || discard.isPending;
  return (
    <Stack gap="sm">
      {[change.error, discard.error].map((error) => error && <ProblemAlert key={error.message} error={error} />)}
      <Group gap="sm">
        {mayBill && status === "draft" && (
          <>
            <Button size="xs" onClick={() => change.mutate("open")} loading={change.isPending}>
              Issue it
            </Button>
            <ConfirmButton
              label="Discard"
              of={of}
              question="Discard it?"
              isPending={isBusy}
              onConfirm={() => discard.mutate()}
            />
          </>
        )}
        {mayBill && isIssued && (
          <Button size="xs" onClick={() => change.mutate("paid")} loading={change.isPending}>
            Mark as paid
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onPrint} loading={isPrinting}>
          Make a PDF
        </Button>
        {mayBill && isIssued && (
          <ConfirmButton
            label="Void"
            of={of}
            question="Void it for good?"
            isPending={isBusy}
            onConfirm={() => change.mutate("void")}
          />
        )}
        {mayBill && status === "open" && (
          <ConfirmButton
            label="Uncollectible"
            of={of}
            question="Give it up?"
            isPending={isBusy}
            onConfirm={() => change.mutate("uncollectible")}
          />
        )}
      </Group>
    </Stack>
  );
}

function useChanges(place: Place) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { organization } = place;
  const change = useMutation({
    mutationFn: (status: "open" | "paid" | "void" | "uncollectible") =>
      status === "open"
        ? call(issueInvoice, { params: place, body: { due_days: DUE_DAYS } })
        : call(settleInvoice, { params: place, body: { status } }),
    onSuccess: (changed) => {
      queryClient.setQueryData(invoiceQuery(place).queryKey, changed);
      return queryClient.invalidateQueries({ queryKey: invoicesKey(organization) });
    },
  });
  const discard = useMutation({
    mutationFn: () => call(discardInvoice, { params: place }),
    onSuccess: async () => {
      await navigate({ to: "/$organization/invoices", params: { organization } });
      queryClient.removeQueries({ queryKey: invoiceQuery(place).queryKey });
      return queryClient.invalidateQueries({ queryKey: invoicesKey(organization) });
    },
  });
  return { change, discard };
}
