import { Button, Group, Kbd, Stack } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import {
  type Approval,
  decideApproval,
  REASON_LENGTH_MAX,
  takeApproval,
} from "../../../modules/tasks/people-contract.ts";
import { RejectionForm } from "../../forms/RejectionForm.tsx";
import { type Filled, FormFields, givenOf, initialOf } from "../../forms/tasks/FormFields.tsx";
import { call } from "../../lib/api.ts";
import { isHeldButton, isPlainKey, isTyping } from "../../lib/keyboard.ts";
import { toProblem } from "../../lib/problem.ts";
import { type ApprovalPlace, approvalQuery, approvalsKey } from "../../lib/queries.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

type Given = { decision: "approved" | "rejected" | "done"; answer?: Filled; reason?: string };

/** The form of an approval and its buttons: A approves, R asks for the reason of a rejection, T takes what is a role's. */
export function Decision({ place, approval }: { place: ApprovalPlace; approval: Approval }) {
  const [filled, setFilled] = useState<Filled>(() => initialOf(approval.form));
  const [isRejecting, setRejecting] = useState(false);
  const { decision, taking } = useDeciding(place);
  const isWork = approval.kind === "work";
  const isFree = approval.assigned_to === null;
  const errors = fieldErrorsOf(decision.error);
  const accept = () => {
    if (!decision.isPending)
      decision.mutate({ decision: isWork ? "done" : "approved", answer: givenOf(approval.form, filled) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept();
  };
  useWindowEvent("keydown", (event) => {
    if (isHeldButton(event)) event.preventDefault();
    if (!isPlainKey(event) || isTyping(event)) return;
    const action = { a: accept, r: () => setRejecting(true), t: isFree ? () => taking.mutate() : undefined }[
      event.key.toLowerCase()
    ];
    if (!action) return;
    event.preventDefault();
    action();
  });
  return (
    <Stack gap="md">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <FormFields form={approval.form} filled={filled} errors={errors} onChange={setFilled} />
          {decision.error && Object.keys(errors).length === 0 && <ProblemAlert error={decision.error} />}
          {taking.error && <ProblemAlert error={taking.error} />}
          <Group gap="sm">
            <Button
              type="submit"
              color="teal.9"
              aria-keyshortcuts="a"
              loading={decision.isPending && !isRejecting}
              rightSection={<Kbd size="xs">A</Kbd>}
            >
              {isWork ? "Done" : "Approve"}
            </Button>
            <Button
              variant="default"
              aria-keyshortcuts="r"
              aria-expanded={isRejecting}
              onClick={() => setRejecting(true)}
              rightSection={<Kbd size="xs">R</Kbd>}
            >
              Reject
            </Button>
            {isFree && (
              <Button
                variant="default"
                aria-keyshortcuts="t"
                loading={taking.isPending}
                onClick={() => taking.mutate()}
                rightSection={<Kbd size="xs">T</Kbd>}
              >
                Take it
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      {isRejecting && (
        <RejectionForm
          reader="Whoever asked"
          maxLength={REASON_LENGTH_MAX}
          isSending={decision.isPending}
          onCancel={() => setRejecting(false)}
          onSend={(reason) => decision.mutate({ decision: "rejected", reason })}
        />
      )}
    </Stack>
  );
}

function useDeciding(place: ApprovalPlace) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: approvalsKey(place.organization) }),
      queryClient.invalidateQueries({ queryKey: approvalQuery(place).queryKey }),
    ]);
  const decision = useMutation({
    mutationFn: (body: Given) => call(decideApproval, { params: place, body }),
    onSuccess: async () => {
      await navigate({ to: "/$organization/approvals", params: { organization: place.organization }, search: {} });
      await refresh();
    },
  });
  const taking = useMutation({ mutationFn: () => call(takeApproval, { params: place }), onSettled: refresh });
  return { decision, taking };
}

/** The server's complaints by the names of the form's fields. */
function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!error) return {};
  const faults = (toProblem(error).errors ?? []).filter(({ field }) => field.startsWith("answer."));
  return Object.fromEntries(faults.map(({ field, message }) => [field.split(".")[1] ?? "", message]));
}
