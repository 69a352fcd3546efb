import { Accordion, Box, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { KeptMail } from "../../../kernel/mail/contract.ts";
import { formatMoment } from "../../lib/format.ts";
import { useMailboxKey } from "../../lib/mailbox-key.ts";
import { statusOf } from "../../lib/problem.ts";
import { mailboxQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Page } from "../../ui/Page.tsx";
import classes from "./Mailbox.module.css";
import { MailContent } from "./MailContent.tsx";

/** The developer's mailbox: what would have been sent, were there a mail server. */
export function MailboxPage() {
  const key = useMailboxKey();
  return (
    <Box component="main" p={{ base: "md", sm: "xl" }}>
      <Page title="Mailbox" description="What Tenon keeps while it has no mail server to send it, newest first.">
        {key === undefined ? <Closed /> : <Mails mailboxKey={key} />}
      </Page>
    </Box>
  );
}

function Mails({ mailboxKey }: { mailboxKey: string }) {
  const mailbox = useQuery(mailboxQuery(mailboxKey));
  const [open, setOpen] = useState<string | null>(null);
  if (statusOf(mailbox.error) === 404) return <Closed />;
  return (
    <Loaded query={mailbox}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title="No mail yet">Mails appear here by themselves, within a few seconds.</EmptyState>
        ) : (
          <Accordion variant="contained" order={2} value={open} onChange={setOpen} transitionDuration={0}>
            {items.map((mail) => (
              <Accordion.Item key={mail.id} value={mail.id}>
                <Accordion.Control>
                  <MailTitle mail={mail} />
                </Accordion.Control>
                <Accordion.Panel>{open === mail.id && <MailContent mail={mail} />}</Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )
      }
    </Loaded>
  );
}

function MailTitle({ mail: { subject, recipient, created_at } }: { mail: KeptMail }) {
  return (
    <span className={classes.title}>
      <Text span fw={600} dir="auto" className={classes.subject}>
        {subject}
      </Text>
      <Text span size="sm" c="dimmed" className={classes.recipient}>
        {recipient}
      </Text>
      <Text component="time" size="sm" c="dimmed" dateTime={created_at} className={classes.time}>
        {formatMoment(created_at)}
      </Text>
    </span>
  );
}

function Closed() {
  return (
    <EmptyState title="This mailbox is closed">
      Open it by the address that is printed when Tenon starts without a mail server. Where a mail server is configured,
      there is no mailbox.
    </EmptyState>
  );
}
