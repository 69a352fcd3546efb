import { Alert, Code, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Approval } from "../../../modules/tasks/people-contract.ts";
import { formatMoment } from "../../lib/format.ts";
import { type ApprovalPlace, approvalQuery } from "../../lib/queries.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ApprovalMarks } from "./ApprovalList.tsx";
import { Decision } from "./Decision.tsx";

const WORDS = {
  pending: "It waits",
  approved: "Approved",
  rejected: "Rejected",
  done: "Done",
  expired: "Nobody answered in time",
  cancelled: "Not needed any more",
};

/** One approval: what it is about, its form, and what can be decided. */
export function ApprovalPage({ place }: { place: ApprovalPlace }) {
  const approval = useQuery(approvalQuery(place));
  const above = (
    <AnchorLink to="/$organization/approvals" params={{ organization: place.organization }} search={{}} size="sm">
      Approvals
    </AnchorLink>
  );
  return (
    <Page title={approval.data?.title ?? "Approval"} above={above}>
      <Loaded query={approval}>
        {(data) => (
          <Stack gap="lg">
            <About approval={data} />
            {data.status === "pending" ? <Decision place={place} approval={data} /> : <Over approval={data} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function About({ approval }: { approval: Approval }) {
  const { task, details, input, error, role, assigned_to } = approval;
  const message = (error as { message?: string } | null)?.message;
  return (
    <Stack gap="sm">
      <ApprovalMarks item={approval} />
      <Text size="sm" c="dimmed" dir="auto" style={{ overflowWrap: "anywhere" }}>
        Task “{task.name}” ({task.type}), {assigned_to ? `for ${assigned_to.name}` : `for any ${role?.name}`}
      </Text>
      {message && (
        <Alert color="yellow" title="It failed">
          {message}
        </Alert>
      )}
      {details && (
        <Text dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} maw={720}>
          {details}
        </Text>
      )}
      {isWorthShowing(input) && (
        <Code block aria-label="What it works on">
          {JSON.stringify(input, undefined, 2)}
        </Code>
      )}
    </Stack>
  );
}

function isWorthShowing(input: unknown): boolean {
  return typeof input === "object" && input !== null && Object.keys(input).length > 0;
}

function Over({ approval: { status, decided_by, decided_at, reason } }: { approval: Approval }) {
  const who = [decided_by?.name && `by ${decided_by.name}`, decided_at && formatMoment(decided_at)].filter(Boolean);
  return (
    <Alert color="gray" title={WORDS[status]}>
      <Text size="sm">{who.join(", ")}</Text>
      {reason && (
        <Text size="sm" dir="auto">
          {reason}
        </Text>
      )}
    </Alert>
  );
}
