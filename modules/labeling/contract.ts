import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { MadeFile } from "../tasks/outcome-contract.ts";

const ORGANIZATION = "/api/organizations/:organization";
const PROJECTS = `${ORGANIZATION}/labeling/projects`;
const PROJECT = `${PROJECTS}/:project`;

export const LABELS_MAX = 500;
export const LABEL_LENGTH_MAX = 100;
export const REASON_LENGTH_MAX = 2000;

const InOrganization = z.object({ organization: z.string() });
const InProject = z.object({ organization: z.string(), project: z.uuid() });
const OfAssignment = z.object({ organization: z.string(), assignment: z.uuid() });

/** One label that a text can get. `key` is the single key that gives it, where it has one. */
export const Label = z.object({
  name: z.string().trim().min(1).max(LABEL_LENGTH_MAX),
  key: z.string().length(1).optional(),
});
export type Label = z.infer<typeof Label>;

/** What has been done in a project. Rates are null while there is nothing to divide by. */
export const Figures = z.object({
  total: z.int(),
  pending: z.int(),
  in_progress: z.int(),
  submitted: z.int(),
  approved: z.int(),
  rejected: z.int(),
  /** approved / (approved + rejected), over the latest decision of each label; 0 to 1. */
  approved_rate: z.number().nullable(),
  /** Mean number of rejections of the labels that were reviewed. */
  average_rework: z.number().nullable(),
});
export type Figures = z.infer<typeof Figures>;

export const Project = z.object({
  id: z.uuid(),
  name: z.string(),
  instructions: z.string(),
  labels: z.array(Label),
  created_at: z.string(),
  figures: Figures,
});
export type Project = z.infer<typeof Project>;

export const NewProject = z.object({
  name: z.string().trim().min(1).max(200),
  instructions: z.string().max(20_000).default(""),
  labels: z
    .array(Label)
    .min(2, "A label set needs at least two labels.")
    .max(LABELS_MAX)
    .refine(
      (labels) => new Set(labels.map((label) => label.name)).size === labels.length,
      "Two labels have the same name.",
    )
    .refine((labels) => {
      const keys = labels.flatMap((label) => label.key ?? []);
      return new Set(keys).size === keys.length;
    }, "Two labels have the same key."),
});
export type NewProject = z.infer<typeof NewProject>;

/** A text that a labeler holds until `lease_expires_at`. `rejection` is there when a reviewer sent the label back. */
export const Assignment = z.object({
  id: z.uuid(),
  task_id: z.uuid(),
  text: z.string(),
  lease_expires_at: z.string(),
  rejection: z.object({ label_id: z.uuid(), label: z.string(), reason: z.string() }).nullable(),
});
export type Assignment = z.infer<typeof Assignment>;

/** A submitted label that waits for a reviewer; `rework` counts earlier rejections. */
export const LabelToReview = z.object({
  id: z.uuid(),
  text: z.string(),
  label: z.string(),
  labeler: z.string(),
  submitted_at: z.string(),
  rework: z.int(),
});
export type LabelToReview = z.infer<typeof LabelToReview>;

const Share = z.number().nullable();

/** What a labeler did in a project, all days together. Rates are over the latest decision of each label, as those of the project. */
const LabelerMetrics = z.object({
  user_id: z.uuid(),
  name: z.string(),
  submitted: z.int(),
  rework: z.int(),
  /** Tasks done with a label of theirs: those approved. */
  tasks_completed: z.int(),
  approved_rate: Share,
  average_rework: Share,
  lead_time_ms: z.int(),
});

/** What was done on a day (UTC). Rates are over the decisions of that day: rework is rejections by labels decided about for the first time. */
const DayMetrics = z.object({
  day: z.string(),
  submitted: z.int(),
  rework: z.int(),
  tasks_completed: z.int(),
  rejected: z.int(),
  approved_rate: Share,
  average_rework: Share,
  lead_time_ms: z.int(),
});

export const Metrics = z.object({ members: z.array(LabelerMetrics), days: z.array(DayMetrics) });
export type Metrics = z.infer<typeof Metrics>;

/** What an import did, or would do. `rows` counts the rows read, `imported` those stored: all of them, or none. */
export const ImportResult = z.object({
  dry_run: z.boolean(),
  rows: z.int(),
  imported: z.int(),
  /** The bad rows, the first 1,000; `line` is where the row begins in the file, from 1. */
  errors: z.array(z.object({ line: z.int(), column: z.string().nullable(), reason: z.string() })),
  errors_total: z.int(),
  /** The column that holds the text, and the columns there are. */
  text_column: z.string().nullable(),
  columns: z.array(z.string()),
  preview: z.array(z.string()),
});
export type ImportResult = z.infer<typeof ImportResult>;

/** What a task does; its output comes later. */
const AcceptedTask = z.object({ task_id: z.uuid() });

export const listProjects = endpoint({
  name: "labeling.project.list",
  summary: "List the labeling projects, newest first (at most 200)",
  method: "GET",
  path: PROJECTS,
  access: "labeling.project.read",
  params: InOrganization,
  answer: z.object({ items: z.array(Project) }),
});

export const createProject = endpoint({
  name: "labeling.project.create",
  summary: "Create a labeling project with its label set",
  method: "POST",
  path: PROJECTS,
  access: "labeling.project.manage",
  params: InOrganization,
  body: NewProject,
  answer: Project,
  example: { body: { name: "Example", labels: [{ name: "a" }, { name: "b" }] } },
});

export const readProject = endpoint({
  name: "labeling.project.read",
  summary: "One labeling project with its figures",
  method: "GET",
  path: PROJECT,
  access: "labeling.project.read",
  params: InProject,
  answer: Project,
});

export const importTexts = endpoint({
  name: "labeling.task.import",
  summary: "Import texts from CSV or JSON lines: all rows or none; dry_run only looks; more than 1 MB becomes a task",
  method: "POST",
  path: `${PROJECT}/imports`,
  access: "labeling.project.manage",
  params: InProject,
  query: z.object({
    format: z.enum(["csv", "jsonl"]),
    text_column: z.string().max(200).optional(),
    dry_run: z.stringbool().default(false),
    /** `true`: a task does it, `false`: the answer waits for it. Without it, the file's size decides. */
    background: z.stringbool().optional(),
  }),
  bodyMedia: "stream",
  answer: ImportResult,
  accepted: AcceptedTask,
  example: { text: "text\nhello\n", query: { format: "csv" } },
});

export const claimNext = endpoint({
  name: "labeling.task.claim",
  summary: "Get the next text to label: a rejected one of one's own first, else one that nobody holds",
  method: "POST",
  path: `${PROJECT}/next`,
  access: "labeling.label.write",
  params: InProject,
  answer: z.object({ assignment: Assignment.nullable() }),
});

export const renewLease = endpoint({
  name: "labeling.task.renew",
  summary: "Go on holding a text",
  method: "POST",
  path: `${ORGANIZATION}/labeling/assignments/:assignment/renewal`,
  access: "labeling.label.write",
  params: OfAssignment,
  answer: z.object({ lease_expires_at: z.string() }),
});

export const releaseTask = endpoint({
  name: "labeling.task.release",
  summary: "Give a text back without a label",
  method: "DELETE",
  path: `${ORGANIZATION}/labeling/assignments/:assignment/lease`,
  access: "labeling.label.write",
  params: OfAssignment,
});

export const submitLabel = endpoint({
  name: "labeling.label.submit",
  summary: "Label a text that one holds, and get the next one",
  method: "POST",
  path: `${ORGANIZATION}/labeling/assignments/:assignment/label`,
  access: "labeling.label.write",
  params: OfAssignment,
  body: z.object({ label: z.string().max(LABEL_LENGTH_MAX), lead_time_ms: z.int().min(0).max(86_400_000).optional() }),
  answer: z.object({ next: Assignment.nullable() }),
  example: { body: { label: "good" } },
});

export const nextReview = endpoint({
  name: "labeling.review.next",
  summary: "The labels that wait longest for a review, not one's own (at most 20)",
  method: "GET",
  path: `${PROJECT}/reviews`,
  access: "labeling.review.write",
  params: InProject,
  answer: z.object({ items: z.array(LabelToReview) }),
});

export const reviewLabel = endpoint({
  name: "labeling.review.decide",
  summary: "Approve a label, or reject it with a reason",
  method: "POST",
  path: `${ORGANIZATION}/labeling/labels/:label/reviews`,
  access: "labeling.review.write",
  params: z.object({ organization: z.string(), label: z.uuid() }),
  body: z.discriminatedUnion("decision", [
    z.object({ decision: z.literal("approved") }),
    z.object({
      decision: z.literal("rejected"),
      reason: z.string().trim().min(1, "Say why, so that the labeler can mend it.").max(REASON_LENGTH_MAX),
    }),
  ]),
  answer: z.object({ status: z.enum(["approved", "rejected"]) }),
  example: { body: { decision: "approved" } },
});

export const readFigures = endpoint({
  name: "labeling.metrics.read",
  summary: "What has been done in a project",
  method: "GET",
  path: `${PROJECT}/figures`,
  access: "labeling.project.read",
  params: InProject,
  answer: Figures,
});

export const listMetrics = endpoint({
  name: "labeling.metrics.browse",
  summary: "What each labeler did in a project (at most 200), and what was done on each of its last days",
  method: "GET",
  path: `${PROJECT}/metrics`,
  access: "labeling.metric.read",
  params: InProject,
  query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
  answer: Metrics,
});

export const downloadResults = endpoint({
  name: "labeling.result.export",
  summary: "The approved labels with their texts, as JSON lines or CSV",
  method: "GET",
  path: `${PROJECT}/results`,
  access: "labeling.project.manage",
  params: InProject,
  query: z.object({ format: z.enum(["csv", "jsonl"]).default("jsonl") }),
  answerMedia: "stream",
  fileTypes: ["text/csv", "application/jsonl"],
});

export const startExport = endpoint({
  name: "labeling.export.start",
  summary: "Have a file of the approved labels made by a task, whose output names it",
  method: "POST",
  path: `${PROJECT}/exports`,
  access: "labeling.project.manage",
  params: InProject,
  body: z.object({ format: z.enum(["csv", "jsonl"]).default("jsonl") }),
  accepted: AcceptedTask,
  example: { body: { format: "csv" } },
});

export const readExport = endpoint({
  name: "labeling.export.follow",
  summary: "How far the task of an export is, and the file that it has made",
  method: "GET",
  path: `${ORGANIZATION}/labeling/exports-under-way/:run`,
  access: "labeling.project.manage",
  params: z.object({ organization: z.string(), run: z.uuid() }),
  answer: MadeFile,
});

export const downloadFile = endpoint({
  name: "labeling.export.download",
  summary: "A file that an export has made, for a day",
  method: "GET",
  path: `${ORGANIZATION}/labeling/files/:file`,
  access: "labeling.project.manage",
  params: z.object({ organization: z.string(), file: z.uuid() }),
  answerMedia: "stream",
  fileTypes: ["text/csv", "application/jsonl"],
});
