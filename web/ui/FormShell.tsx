import { Button, Group, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { toProblem } from "../lib/problem.ts";
import { ProblemAlert } from "./ProblemAlert.tsx";

type Props<Values extends object, Answer> = {
  form: UseFormReturnType<Values>;
  mutation: UseMutationResult<Answer, Error, Values>;
  submitLabel: string;
  submitColor?: string;
  children: ReactNode;
};

/** A form: sends its values, puts the server's complaints at their fields and the rest above the button. */
export function FormShell<Values extends object, Answer>({
  form,
  mutation,
  submitLabel,
  submitColor,
  children,
}: Props<Values, Answer>) {
  const submit = form.onSubmit(
    (values) => {
      if (mutation.isPending) return;
      mutation.mutate(values, { onError: (error) => showFieldErrors(form, error) });
    },
    (errors) => focusFirst(form, errors),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {children}
        {mutation.error && !isToldAtFields(mutation.error) && <ProblemAlert error={mutation.error} />}
        <Group>
          <Button type="submit" {...(submitColor && { color: submitColor })} loading={mutation.isPending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function showFieldErrors<Values extends object>(form: UseFormReturnType<Values>, error: unknown): void {
  const { errors = [] } = toProblem(error);
  const messages = Object.fromEntries(errors.map(({ field, message }) => [field, message]));
  form.setErrors(messages);
  focusFirst(form, messages);
}

function isToldAtFields(error: unknown): boolean {
  const { errors = [], detail } = toProblem(error);
  return errors.length > 0 && !detail;
}

function focusFirst<Values extends object>(form: UseFormReturnType<Values>, errors: Record<string, unknown>): void {
  const [first] = Object.keys(errors);
  if (first) form.getInputNode(first)?.focus();
}
