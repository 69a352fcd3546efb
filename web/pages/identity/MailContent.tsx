import { Tabs } from "@mantine/core";
import type { KeptMail } from "../../../kernel/mail/contract.ts";
import classes from "./Mailbox.module.css";

/** What a frame with a mail may do: open its links in a window of their own, and nothing else. */
const SANDBOX = "allow-popups allow-popups-to-escape-sandbox";

/** A mail as its reader would see it, and as plain text. */
export function MailContent({ mail: { subject, html, text } }: { mail: KeptMail }) {
  return (
    <Tabs defaultValue="html" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="html">Mail</Tabs.Tab>
        <Tabs.Tab value="text">Plain text</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="html">
        <iframe className={classes.frame} title={subject} sandbox={SANDBOX} srcDoc={html} />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        <pre className={classes.text} dir="auto">
          {text}
        </pre>
      </Tabs.Panel>
    </Tabs>
  );
}
