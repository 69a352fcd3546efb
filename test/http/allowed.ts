// What each built-in role may ask for: operations by their names, in groups that go together.

const READ = ["labeling.metrics.browse", "labeling.metrics.read", "labeling.project.list", "labeling.project.read"];
const MANAGE = [
  "labeling.export.follow",
  "labeling.export.download",
  "labeling.export.start",
  "labeling.project.create",
  "labeling.result.export",
  "labeling.task.import",
];
const LABEL = ["labeling.label.submit", "labeling.task.claim", "labeling.task.release", "labeling.task.renew"];
const TALK = ["browse", "resolve", "write"].map((verb) => `labeling.comment.${verb}`);
const RESULTS = [
  ...["list", "read"].map((verb) => `labeling.customer_project.${verb}`),
  ...["export", "list"].map((verb) => `labeling.customer_result.${verb}`),
];
const TERMS = ["labeling.terms.read", "labeling.terms.set"];
const SEE_BILLS = [
  "billing.charge.browse",
  ...["browse", "download", "follow_print", "print", "read"].map((verb) => `billing.invoice.${verb}`),
];
const BILL = ["create", "discard", "issue", "settle"].map((verb) => `billing.invoice.${verb}`);
const CLIENTS = ["crm.contact.set_member"];
const MEMBER = ["organizations.key.current"];
const KEYS = ["list", "create", "update", "rotate", "revoke"].map((verb) => `organizations.key.${verb}`);
const SERVICES = ["list", "create", "remove"].map((verb) => `organizations.service.${verb}`);
const SUPPORT = ["list", "allow", "revoke"].map((verb) => `organizations.support.${verb}`);
const TASKS_READ = [
  ...["schedule", "task", "webhook_endpoint", "workflow"].flatMap((noun) => [
    `tasks.${noun}.browse`,
    `tasks.${noun}.read`,
  ]),
  ...["performance.read", "task.follow", "type.list"].map((name) => `tasks.${name}`),
];
const TASKS_WRITE = [
  ...["cancel", "cancel_many", "create", "create_many", "rate", "replay", "update"].map((verb) => `tasks.task.${verb}`),
  ...["cancel", "create"].map((verb) => `tasks.workflow.${verb}`),
  ...["create", "delete", "preview", "update"].map((verb) => `tasks.schedule.${verb}`),
];
const WEBHOOKS = [
  ...["create", "delete", "rotate_secret", "test", "update"].map((verb) => `tasks.webhook_endpoint.${verb}`),
  ...["list", "read", "send_again"].map((verb) => `tasks.webhook_delivery.${verb}`),
];
const WORK = ["browse", "decide", "hand_over", "read", "take"].map((verb) => `tasks.approval.${verb}`);
const IMPORT = [
  "imports.target.list",
  ...["cancel", "dry_run", "errors", "list", "read", "start", "undo"].map((verb) => `imports.import.${verb}`),
];
const STUDIO_READ = [
  ...["browse", "follow", "read"].map((verb) => `studio.session.${verb}`),
  ...["browse", "read"].map((verb) => `studio.version.${verb}`),
  ...["structuring.read", "export.browse", "export.download"].map((name) => `studio.${name}`),
];
const STUDIO_WRITE = [
  ...["change", "duplicate", "put_away", "start", "take_out"].map((verb) => `studio.session.${verb}`),
  ...["list", "make", "revoke"].map((verb) => `studio.share.${verb}`),
  ...["export.start", "person.remove", "person.set", "structuring.save", "version.name", "version.restore"].map(
    (name) => `studio.${name}`,
  ),
];
const STUDIO = [...STUDIO_READ, ...STUDIO_WRITE];
const DEAL = [
  "crm.customer.change_stage",
  ...["book", "reschedule", "set_status"].map((verb) => `calendar.appointment.${verb}`),
];
const PROGRESS = ["projects.project.progress"];
const BOARD = ["projects.task.move", ...PROGRESS];
const FEED = ["make", "read", "remove"].map((verb) => `calendar.feed.${verb}`);
const REVIEW = ["labeling.review.decide", "labeling.review.next"];
const STANDING = [
  ...["download_items", "overview", "show"].map((verb) => `evaluation.benchmark.${verb}`),
  "evaluation.leaderboard.read",
  ...["list_own", "show"].map((verb) => `evaluation.submission.${verb}`),
];
const TAKE_PART = [...STANDING, "evaluation.submission.hand_in"];
const COMPARE = [
  ...TAKE_PART,
  "datasets.gold.upload",
  "evaluation.benchmark.set_status",
  "evaluation.benchmark.set_up",
];
const RECORD = ["audit.entry.export", "audit.entry.list"];
const HOLD = [
  "audit.hold.list",
  "audit.hold.place",
  "audit.hold.release",
  "audit.retention.read",
  "audit.retention.set",
];
const SEE = [
  "audit.change.follow",
  "organizations.member.list",
  "organizations.member.read",
  "organizations.organization.read",
  "organizations.permission.explain",
  "organizations.permission.list",
  "organizations.role.browse",
];
const ADMINISTER = [
  ...RECORD,
  ...HOLD,
  "organizations.member.remove",
  "organizations.member.set_exceptions",
  "organizations.member.set_roles",
  "organizations.member.set_status",
  "organizations.organization.update",
  "organizations.role.create",
  "organizations.role.delete",
  "organizations.role.update",
  "organizations.slug.change",
];
const USAGE = ["credits.usage.read"];
const CREDITS = ["credits.account.browse", "credits.ledger.list"];
const PAY = ["credits.account.create", "credits.adjustment.create", "credits.limits.set", "credits.transfer.create"];
const CONTENT = ["archive", "reopen", "restore_version", "submit"].map((verb) => `content.item.${verb}`);
const PUBLISH = ["approve", "publish", "send_back", "unpublish"].map((verb) => `content.item.${verb}`);
const CHAT = [
  "assistant.model.list",
  ...["change", "list", "open", "read", "send", "stop"].map((verb) => `assistant.own_conversation.${verb}`),
];
const ASSISTANT = [
  ...["connect", "disconnect", "list"].map((verb) => `assistant.provider.${verb}`),
  "assistant.tool.browse",
];
const STORES = [
  ...["connect", "disconnect", "sync"].map((verb) => `commerce.store.${verb}`),
  "content.product_description.write",
];
const DASHBOARD = ["analytics.dashboard.read"];
const EVENTS = ["analytics.event.send"];
const OWN = ["organizations.organization.delete", "organizations.ownership.transfer"];

const ADMIT = [
  "organizations.domain.create",
  "organizations.domain.delete",
  "organizations.domain.browse",
  "organizations.domain.update",
  "organizations.domain.verify",
  "organizations.invitation.create",
  "organizations.invitation.list",
  "organizations.invitation.resend",
  "organizations.invitation.revoke",
  "organizations.join_request.decide",
  "organizations.join_request.browse",
];

/** What the built-in roles may ask for, and nothing else. */
export const ALLOWED: Record<string, string[]> = {
  owner: [
    ...OWN,
    ...ADMIT,
    ...ADMINISTER,
    ...SEE,
    ...READ,
    ...MANAGE,
    ...LABEL,
    ...REVIEW,
    ...TALK,
    ...TERMS,
    ...SEE_BILLS,
    ...BILL,
    ...CLIENTS,
    ...MEMBER,
    ...KEYS,
    ...SERVICES,
    ...SUPPORT,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WEBHOOKS,
    ...WORK,
    ...STUDIO,
    ...IMPORT,
    ...USAGE,
    ...CREDITS,
    ...PAY,
    ...RESULTS,
    ...DEAL,
    ...BOARD,
    ...FEED,
    ...COMPARE,
    ...CONTENT,
    ...PUBLISH,
    ...CHAT,
    ...ASSISTANT,
    ...STORES,
    ...DASHBOARD,
    ...EVENTS,
  ],
  admin: [
    ...ADMIT,
    ...ADMINISTER,
    ...SEE,
    ...READ,
    ...MANAGE,
    ...LABEL,
    ...REVIEW,
    ...TALK,
    ...TERMS,
    ...SEE_BILLS,
    ...BILL,
    ...CLIENTS,
    ...MEMBER,
    ...KEYS,
    ...SERVICES,
    ...SUPPORT,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WEBHOOKS,
    ...WORK,
    ...STUDIO,
    ...IMPORT,
    ...USAGE,
    ...CREDITS,
    ...DEAL,
    ...BOARD,
    ...FEED,
    ...COMPARE,
    ...CONTENT,
    ...PUBLISH,
    ...CHAT,
    ...ASSISTANT,
    ...STORES,
    ...DASHBOARD,
    ...EVENTS,
  ],
  billing_admin: [...SEE_BILLS, ...BILL, ...SEE, ...MEMBER, ...KEYS, ...USAGE, ...CREDITS, ...PAY],
  task_admin: [
    ...USAGE,
    ...SEE,
    ...READ,
    ...MANAGE,
    ...LABEL,
    ...REVIEW,
    ...TALK,
    ...MEMBER,
    ...KEYS,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WORK,
    ...STUDIO,
    ...BOARD,
    ...CHAT,
    ...COMPARE,
  ],
  reviewer: [...SEE, ...READ, ...REVIEW, ...TALK, ...MEMBER, ...KEYS, ...WORK, ...STANDING],
  labeler: [...SEE, ...READ, ...LABEL, ...TALK, ...MEMBER, ...WORK, ...TAKE_PART],
  member: [
    ...SEE,
    ...MEMBER,
    ...KEYS,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WORK,
    ...IMPORT,
    ...STUDIO,
    ...DEAL,
    ...BOARD,
    ...FEED,
    ...CONTENT,
    ...CHAT,
    ...TAKE_PART,
    ...STORES,
    ...DASHBOARD,
    ...EVENTS,
  ],
  moderator: [
    ...SEE,
    ...TALK,
    ...MEMBER,
    ...KEYS,
    ...TASKS_READ,
    ...CONTENT,
    ...PUBLISH,
    ...PROGRESS,
    ...FEED,
    ...STANDING,
  ],
  viewer: [...SEE, ...READ, ...MEMBER, ...TASKS_READ, ...STUDIO_READ, ...PROGRESS, ...FEED, ...STANDING, ...DASHBOARD],
  client: [
    ...SEE.filter((name) => name !== "organizations.organization.read"),
    ...TALK,
    ...RESULTS,
    ...STUDIO_READ,
    ...PROGRESS,
    ...FEED,
  ],
  participant: [...SEE, ...MEMBER, ...TAKE_PART],
};

/** Of the members they find themselves, and nobody else. */
export const SEES_ONLY_THEMSELVES = ["labeler", "participant", "client"];

/** Endpoints about things of one's own: who may use them is let in, and does not find those of others. */
export const OF_ONES_OWN = [
  ...["organizations.key.update", "organizations.key.rotate", "organizations.key.revoke"],
  ...WORK.filter((name) => name !== "tasks.approval.browse"),
  ...TALK,
  ...CHAT,
  ...STUDIO.filter((name) => !["studio.session.browse", "studio.session.start"].includes(name)),
  ...TAKE_PART,
];
