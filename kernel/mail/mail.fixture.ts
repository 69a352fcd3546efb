import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import type pg from "pg";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { adminOf, atEnd, createScratchDatabase, openTestDatabase, testServices } from "../../test/harness.ts";
import type { Login } from "../database/connection.ts";
import type { Database } from "../database/pool.ts";
import { seal } from "../secrets/envelope.ts";
import type { Services } from "../services.ts";
import { CERTIFICATE, KEY } from "./certificate.fixture.ts";
import { MAIL_TOKEN } from "./outbox.ts";
import { type MailServer, parseMailServer } from "./server.ts";
import type { MailTemplate } from "./template.ts";
import { openTransport, type Transport } from "./transport.ts";
import { mailJob } from "./work.ts";

export const FROM = { name: "Tenon", address: "no-reply@tenon.example" };

/** A mail with a link that carries a token, and whose words are mostly its data. */
export const WELCOME: MailTemplate = {
  name: "welcome",
  write: ({ name = "" }) => ({
    subject: `Welcome, ${name}`,
    lines: [`Hello ${name},`, "your account is ready."],
    link: { label: "Confirm the address", path: "/confirm#:token" },
  }),
};

/** What a mail server got, and how it answers. */
export type Inbox = {
  server: SMTPServer;
  mailServer: MailServer;
  received: Email[];
  raw: string[];
  recipients: string[];
  /** Answers to the next recipients, in turn; then all are taken. */
  refusals: { code: number; text: string }[];
};

/** Starts a mail server on loopback that stops after the file's tests. */
export async function openInbox(options: SMTPServerOptions = {}): Promise<Inbox> {
  const [received, raw, recipients, refusals]: [Email[], string[], string[], Inbox["refusals"]] = [[], [], [], []];
  const server = new SMTPServer({
    authOptional: true,
    key: KEY,
    cert: CERTIFICATE,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => {
      const refusal = refusals.shift();
      if (!refusal) recipients.push(address);
      done(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, _session, done) => {
      readMail(stream).then(({ text, mail }) => {
        raw.push(text);
        received.push(mail);
        done();
      }, done);
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => closeInbox(server));
  const { port } = server.server.address() as AddressInfo;
  return { server, mailServer: parseMailServer(`smtp://127.0.0.1:${port}`), received, raw, recipients, refusals };
}

async function closeInbox(server: SMTPServer): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function readMail(stream: AsyncIterable<Buffer>): Promise<{ text: string; mail: Email }> {
  const text = await textOf(stream);
  return { text, mail: await PostalMime.parse(text) };
}

/** A database of its own with an outbox, as what stands in line is for everybody who works. */
export type Outbox = {
  login: Login;
  database: Database;
  admin: pg.Client;
  services: Services;
  /** Queues a mail whose token is `tot_<mail>_<secret>`, and resolves with its id. */
  queue(
    recipient: string,
    data?: Record<string, unknown>,
    options?: { template?: string; secret?: string },
  ): Promise<string>;
  /** Has the task engine send all that is due, over the outbox's own connections or others, or keep it where there is no transport. */
  send(transport: Transport | undefined, templates?: readonly MailTemplate[], by?: Database): Promise<void>;
  rowOf(id: string): Promise<MailRow>;
  /** Makes what waits due now. */
  makeDue(): Promise<void>;
};

export type MailRow = {
  status: string;
  attempts: number;
  sealed_token: Buffer | null;
  data: object;
  last_error: string | null;
  sent_at: Date | null;
  /** Seconds until it is tried again; null when it does not stand in line. */
  waits: number | null;
};

export async function openOutbox(): Promise<Outbox> {
  const login = await createScratchDatabase();
  const database = openTestDatabase(login);
  const admin = await adminOf(database);
  const services = testServices({ publicUrl: "https://tenon.example" });
  const isDone =
    "select not exists (select from tasks.entries where state <> 'later') and not exists (select from tasks.claims) as done";
  return {
    login,
    database,
    admin,
    services,
    queue: async (recipient, data = {}, { template = WELCOME.name, secret } = {}) => {
      const sealed = secret === undefined ? null : seal(services.keyring, secret, MAIL_TOKEN);
      await admin.query("select kernel.queue_mail($1, $2, $3, $4)", [recipient, template, data, sealed]);
      const { rows } = await admin.query("select id from kernel.mails order by created_at desc, id desc limit 1");
      return rows[0].id;
    },
    send: async (transport, templates = [WELCOME], by = database) => {
      const log = { error: ({ err }: { err: unknown }) => Promise.reject(err) };
      const jobs = [mailJob(templates, transport)];
      const worker = startWorker({ database: by, services, kinds: [], jobs, works: [], concurrency: 20, log });
      while (!(await admin.query(isDone)).rows[0].done);
      await worker.stop();
    },
    rowOf: async (id) => {
      const { rows } = await admin.query<MailRow>(
        `select m.*, extract(epoch from e.ready_at - now())::float as waits
         from kernel.mails m left join tasks.entries e on e.task_id = m.id where m.id = $1`,
        [id],
      );
      return rows[0] ?? Promise.reject(new Error(`There is no mail ${id}.`));
    },
    makeDue: async () => {
      await admin.query("update tasks.entries set state = 'ready', ready_at = now() where type = 'mail.send'");
    },
  };
}

/** Opens the way to a mail server and closes it after the file's tests. */
export function openTestTransport(server: MailServer): Transport {
  const transport = openTransport(server, FROM);
  atEnd(async () => transport.close());
  return transport;
}
