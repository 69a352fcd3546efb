import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { ICalCalendar, ICalEventStatus } from "ical-generator";
import { Problem } from "../../kernel/errors.ts";
import type { Download, JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { tokenForm } from "../../kernel/tenancy/credential.ts";
import { askPublic, type Caller } from "../../kernel/tenancy/gate.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { newSecret } from "../identity/public.ts";
import type { AppointmentStatus } from "./contract.ts";

/** How often programs are asked to look again. */
const LOOK_AGAIN_SECONDS = 900;
const FILE = /^(.+)\.ics$/;
/** Tenon calendar feed. */
const FORM = tokenForm("tcf");

/** What is to come and not agreed upon yet is tentative. */
const STATUS: Record<AppointmentStatus, ICalEventStatus> = {
  scheduled: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  no_show: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
};

type Feed = { name: string; timezone: string; appointments: FeedAppointment[] };
type FeedAppointment = {
  id: string;
  title: string;
  description: string;
  location: string | null;
  meeting_url: string | null;
  status: AppointmentStatus;
  start_time: string;
  end_time: string;
  version: number;
  created_at: string;
  updated_at: string;
  customer: string | null;
};

/** Since when one's own feed has its address: `{ made_at }` as JSON. */
export async function readFeedState(context: Context): Promise<JsonText> {
  return askJson(context, "select calendar.read_own_feed()");
}

/** Gives one's own feed a new address, which is shown once: `{ url }`. */
export async function makeFeed(context: Context): Promise<{ url: string }> {
  const { text: secret, hash } = newSecret();
  const id = await queryText(context, { text: "select calendar.make_feed($1)", values: [hash], fixed: true });
  const token = `tcf_${context.organization.id}_${id}_${secret}`;
  return { url: `${context.services.publicUrl}/api/calendar/feeds/${token}.ics` };
}

/** Takes the address of one's own feed back. */
export async function removeFeed(context: Context): Promise<undefined> {
  return tell(context, "select calendar.remove_feed()", []);
}

/** The calendar of whose feed it is, for whoever has its address. Throws not_found. */
export async function readFeed(caller: Caller, { feed }: { feed: string }): Promise<Download> {
  const [, token = ""] = FILE.exec(feed) ?? [];
  const [, organization, id, secret] = FORM.exec(token) ?? [];
  const json = organization ? await askPublic(caller, "calendar.read_feed", [organization, id, secret]) : null;
  if (json === null) throw new Problem("not_found");
  const tag = createHash("sha256").update(json).digest("base64url");
  const text = calendarOf(JSON.parse(json) as Feed).toString();
  return {
    stream: Readable.from([text]),
    mediaType: "text/calendar; charset=utf-8",
    fileName: "appointments.ics",
    tag,
  };
}

/** Times are told in UTC, so that no program needs to know a time zone; the name of the member's is told beside. */
function calendarOf({ name, timezone, appointments }: Feed): ICalCalendar {
  const calendar = new ICalCalendar({
    name,
    prodId: { company: "Tenon", product: "Calendar", language: "EN" },
    ttl: LOOK_AGAIN_SECONDS,
    x: { "X-WR-TIMEZONE": timezone },
  });
  for (const each of appointments) {
    calendar.createEvent({
      id: each.id,
      // Each change is a revision, so that programs take it over.
      sequence: each.version - 1,
      stamp: new Date(each.updated_at),
      created: new Date(each.created_at),
      lastModified: new Date(each.updated_at),
      start: new Date(each.start_time),
      end: new Date(each.end_time),
      summary: each.customer ? `${each.title} (${each.customer})` : each.title,
      description: each.description || null,
      location: each.location,
      url: each.meeting_url,
      status: STATUS[each.status],
    });
  }
  return calendar;
}
