/** What a mail says. Lines are paragraphs of plain text; the link stands below them. */
export type MailWords = {
  subject: string;
  lines: string[];
  /** `path` is an address on this installation, such as `/reset-password#:token`; the token takes the place of `:token`. */
  link?: { label: string; path: string };
  /** Why the mail came, as its last words. Left out, it says that the address is used at this installation. */
  reason?: string;
};

/** One kind of mail: `kernel.queue_mail` names it and gives the data that it is written from. */
export type MailTemplate = { name: string; write(data: Record<string, string>): MailWords };
