import type { Endpoint } from "../../../kernel/http/endpoint.ts";
import { holdsForAll, type Organization } from "../../lib/organization.ts";

/** A part of an organization that has pages: who holds one of the permissions is led there. */
type Place = {
  label: string;
  to: `/$organization/${string}`;
  /** What one does there, in a sentence. */
  about: string;
  opens: readonly Endpoint["access"][];
  /** Whether the page is of all rows: who sees only their own is not led there. */
  ofAll?: true;
  /** Who holds this sees the same and more elsewhere. */
  unless?: Endpoint["access"];
};

type Area = { name: string; places: readonly Place[] };

/** The whole of an organization, as the navigation and the home page show it. */
const AREAS = [
  {
    name: "Label and score",
    places: [
      {
        label: "Labeling",
        to: "/$organization/labeling",
        about: "Give texts a label by single keys, review what others gave, take out what is approved.",
        opens: ["labeling.project.read"],
      },
      {
        label: "Results",
        to: "/$organization/results",
        about: "How far the labeling of your texts is, and the labels that were approved.",
        opens: ["labeling.result.read"],
        unless: "labeling.project.read",
      },
      {
        label: "Benchmarks",
        to: "/$organization/benchmarks",
        about: "Hand in predictions, have them scored against answers that nobody sees, and be ranked.",
        opens: ["evaluation.leaderboard.read"],
      },
    ],
  },
  {
    name: "Customers",
    places: [
      {
        label: "Customers",
        to: "/$organization/customers",
        about: "Who you sell to and work for, from the first contact on.",
        opens: ["crm.customer.read"],
      },
      {
        label: "Projects",
        to: "/$organization/projects",
        about: "Boards of what is to be done for whom, and how far it is.",
        opens: ["projects.project.read"],
      },
      {
        label: "Calendar",
        to: "/$organization/calendar",
        about: "Appointments that nobody has twice, with reminders, in your own calendar too.",
        opens: ["calendar.appointment.read"],
      },
      {
        label: "Studio",
        to: "/$organization/studio",
        about: "Work a solution out with a customer, section by section, and share it by a link.",
        opens: ["studio.session.read"],
      },
      {
        label: "Invoices",
        to: "/$organization/invoices",
        about: "Bill customers for the labels that were approved.",
        opens: ["billing.invoice.manage", "billing.account.read"],
      },
    ],
  },
  {
    name: "Write and ask",
    places: [
      {
        label: "Content",
        to: "/$organization/content",
        about: "Write pages in Markdown, have them reviewed, and publish them.",
        opens: ["content.item.read"],
      },
      {
        label: "Assistant",
        to: "/$organization/assistant",
        about: "Ask a model that sees your customers, projects and tasks as far as you do.",
        opens: ["assistant.conversation.write"],
      },
    ],
  },
  {
    name: "Sell",
    places: [
      {
        label: "Stores",
        to: "/$organization/stores",
        about: "Products and orders of your shops, kept as they are there.",
        opens: ["commerce.store.read"],
        ofAll: true,
      },
      {
        label: "Dashboard",
        to: "/$organization/dashboard",
        about: "Revenue, orders, events and work of the last days.",
        opens: ["analytics.dashboard.read"],
      },
    ],
  },
  {
    name: "Work",
    places: [
      {
        label: "Approvals",
        to: "/$organization/approvals",
        about: "What waits for a decision of yours.",
        opens: ["tasks.task.work"],
      },
      {
        label: "Tasks",
        to: "/$organization/tasks",
        about: "Everything that runs behind the pages, with its progress and its failures.",
        opens: ["tasks.task.read"],
      },
      {
        label: "Import",
        to: "/$organization/import",
        about: "Take in rows from a file, after a look at what they would become.",
        opens: ["imports.import.read"],
      },
    ],
  },
  {
    name: "Organization",
    places: [
      {
        label: "Credits and usage",
        to: "/$organization/usage",
        about: "What there is, what was used, and by whom.",
        opens: ["credits.account.read", "credits.usage.read"],
      },
      {
        label: "Webhooks",
        to: "/$organization/webhooks",
        about: "Tell programs of your own what changes here.",
        opens: ["tasks.webhook.manage"],
      },
      {
        label: "API keys",
        to: "/$organization/keys",
        about: "Let programs of your own ask and change what you choose.",
        opens: ["key.create"],
      },
      {
        label: "Record",
        to: "/$organization/record",
        about: "Who did what, when, and from where.",
        opens: ["audit.read"],
      },
    ],
  },
] as const satisfies readonly Area[];

/** The parts that a person may see, area by area; an area with none is left out. */
export function placesOf(organization: Organization) {
  const holds = (permission: Endpoint["access"]) => organization.permissions.includes(permission);
  const isOpen = ({ opens, unless, ofAll }: Place) =>
    opens.some((permission) => (ofAll ? holdsForAll(organization, permission) : holds(permission))) &&
    !(unless && holds(unless));
  return AREAS.map(({ name, places }) => ({ name, places: [...places].filter(isOpen) })).filter(
    ({ places }) => places.length > 0,
  );
}
