import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import * as contract from "../../../modules/content/contract.ts";
import type { Item } from "../../../modules/content/items-contract.ts";
import { call } from "../../lib/api.ts";
import { contentKey, type Live } from "../../lib/content-queries.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { ItemStatus } from "./words.tsx";

type Step =
  | typeof contract.submitForReview
  | typeof contract.approve
  | typeof contract.publish
  | typeof contract.unpublish;
type Props = { organization: Organization; item: Item; live: Live | undefined; isDirty: boolean };

/** Where content stands, what readers see of it, and what can be done next by whoever looks. */
export function Steps({ organization, item, live, isDirty }: Props) {
  const queryClient = useQueryClient();
  const [isReturning, setReturning] = useState(false);
  const params = { organization: organization.slug, item: item.id };
  // What is judged is what was read: another version is refused.
  const options = { ifMatch: `"${item.version}"` };
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: contentKey(organization.slug) });
  const step = useMutation({ mutationFn: (endpoint: Step) => call(endpoint, { params }, options), onSuccess });
  const sendingBack = useMutation({
    mutationFn: (reason: string) => call(contract.sendBack, { params, body: { reason } }, options),
    onSuccess: () => {
      setReturning(false);
      return onSuccess();
    },
  });
  const take = (endpoint: Step, label: string, isMain = false) =>
    may(organization, endpoint) && (
      <Button
        key={label}
        variant={isMain ? "filled" : "default"}
        size="sm"
        onClick={() => step.mutate(endpoint)}
        loading={step.isPending && step.variables === endpoint}
        disabled={isDirty}
      >
        {label}
      </Button>
    );
  const { status } = item;
  const isJudged = status === "review" || status === "approved";
  const isOpen = status === "draft" || status === "in_progress";
  const error = step.error ?? sendingBack.error;
  return (
    <Paper withBorder p="md" component="section" aria-label="Where it stands">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Group gap="sm" miw={0}>
            <ItemStatus status={status} />
            <Readers organization={organization} item={item} live={live} />
          </Group>
          <Group gap="xs">
            {isOpen && take(contract.submitForReview, "Send to review", true)}
            {status === "review" && take(contract.approve, "Approve")}
            {isJudged && may(organization, contract.sendBack) && (
              <Button variant="default" size="sm" onClick={() => setReturning(true)} disabled={isDirty || isReturning}>
                Send back
              </Button>
            )}
            {isJudged && take(contract.publish, "Publish", true)}
            {live && may(organization, contract.unpublish) && (
              <ConfirmButton
                label="Take off the web"
                of={item.name}
                question="Take it off for all readers?"
                isPending={step.isPending && step.variables === contract.unpublish}
                onConfirm={() => step.mutate(contract.unpublish)}
              />
            )}
            {!live && status !== "archived" && take(contract.archive, "Archive")}
            {status === "archived" && take(contract.reopen, "Take out of the archive", true)}
          </Group>
        </Group>
        {isJudged && isReturning && (
          <SendBack
            onSend={(reason) => sendingBack.mutate(reason)}
            isPending={sendingBack.isPending}
            onClose={() => setReturning(false)}
          />
        )}
        {error && <ProblemAlert error={error} />}
      </Stack>
    </Paper>
  );
}

/** What readers see, which may be an earlier version. */
function Readers({ organization, item, live }: Omit<Props, "isDirty">) {
  if (!live)
    return (
      <Text size="sm" c="dimmed">
        Readers do not see it.
      </Text>
    );
  return (
    <Text size="sm" c="dimmed">
      {item.status === "published" ? "Everybody can " : "Readers see an earlier version until this is published: "}
      <a href={`/p/${organization.slug}/${live.slug}`} target="_blank" rel="noreferrer">
        read it at /p/{organization.slug}/{live.slug}
      </a>
    </Text>
  );
}

function SendBack({
  onSend,
  isPending,
  onClose,
}: {
  onSend: (reason: string) => void;
  isPending: boolean;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const isGiven = reason.trim() !== "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isGiven) onSend(reason.trim());
      }}
    >
      <Stack gap="xs" maw={560}>
        <Textarea
          label="Why does it go back?"
          description="The author reads this."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={contract.REASON_LENGTH_MAX}
          autoFocus
          dir="auto"
        />
        <Group gap="sm">
          <Button type="submit" size="sm" loading={isPending} disabled={!isGiven}>
            Send back with this
          </Button>
          <Button variant="default" size="sm" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
