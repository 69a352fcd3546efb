import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { NO_CURSOR, pageOf, pageQuery } from "../../kernel/http/paging.ts";

const PROJECTS = "/api/organizations/:organization/labeling/customer-projects";
const PROJECT = `${PROJECTS}/:project`;

const InOrganization = z.object({ organization: z.string() });
const InProject = z.object({ organization: z.string(), project: z.uuid() });

/** A project as its customer sees it: how many texts there are, and how many have their approved labels. */
export const CustomerProject = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(["planning", "active", "on_hold", "completed", "cancelled"]),
  created_at: z.string(),
  total: z.int(),
  approved: z.int(),
});
export type CustomerProject = z.infer<typeof CustomerProject>;

/** An approved label; whose it is, is not told. */
export const CustomerResult = z.object({
  label_id: z.uuid(),
  position: z.int(),
  text: z.string(),
  label: z.string(),
});
export type CustomerResult = z.infer<typeof CustomerResult>;

export const listCustomerProjects = endpoint({
  name: "labeling.customer_project.list",
  summary:
    "The labeling projects of the customers that one signs in for, newest first (at most 200); members see what customers would",
  method: "GET",
  path: PROJECTS,
  access: "labeling.result.read",
  params: InOrganization,
  answer: z.object({ items: z.array(CustomerProject) }),
});

export const readCustomerProject = endpoint({
  name: "labeling.customer_project.read",
  summary: "How far a project of one's customer is",
  method: "GET",
  path: PROJECT,
  access: "labeling.result.read",
  params: InProject,
  answer: CustomerProject,
});

export const listCustomerResults = endpoint({
  name: "labeling.customer_result.list",
  summary: "The approved labels of a project of one's customer, in the order of the texts",
  method: "GET",
  path: `${PROJECT}/results`,
  access: "labeling.result.read",
  params: InProject,
  query: z.object(pageQuery(z.string().regex(/^\d{1,15}\.\d{1,5}$/, NO_CURSOR))),
  answer: pageOf(CustomerResult),
});

export const downloadCustomerResults = endpoint({
  name: "labeling.customer_result.export",
  summary: "All approved labels of a project of one's customer, as JSON lines or CSV",
  method: "GET",
  path: `${PROJECT}/results/file`,
  access: "labeling.result.read",
  params: InProject,
  query: z.object({ format: z.enum(["csv", "jsonl"]).default("jsonl") }),
  answerMedia: "stream",
  fileTypes: ["text/csv", "application/jsonl"],
});
