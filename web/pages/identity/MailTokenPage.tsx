import { Button, Group, Stack, Text } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useMailToken } from "../../lib/token.ts";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

type Props = {
  title: string;
  explanation: string;
  button: string;
  /** Sends the token; the page is left, or shows `done`, when that went well. */
  mutation: UseMutationResult<unknown, Error, string>;
  done?: ReactNode;
  /** Where one gets another mail, if that is not by signing in. */
  again?: ReactNode;
};

/** Where a mail's link leads that asks for one click. It is not sent by itself: programs that look into mail open links too. */
export function MailTokenPage({ title, explanation, button, mutation, done, again }: Props) {
  const token = useMailToken();
  if (token === "")
    return (
      <DoorPage title={title}>
        <Stack gap="md" align="flex-start">
          <Text>Open the link in the mail: it holds what this page needs.</Text>
          <Ways again={again} />
        </Stack>
      </DoorPage>
    );
  return (
    <DoorPage title={title}>
      <Stack gap="md" align="flex-start">
        {mutation.isSuccess && done ? (
          done
        ) : (
          <>
            <Text>{explanation}</Text>
            {mutation.error && <ProblemAlert error={mutation.error} />}
            <Button onClick={() => mutation.mutate(token)} loading={mutation.isPending}>
              {button}
            </Button>
          </>
        )}
        <Ways again={again} />
      </Stack>
    </DoorPage>
  );
}

function Ways({ again }: Pick<Props, "again">) {
  return (
    <Group gap="md">
      <AnchorLink to="/sign-in" size="sm">
        Sign in
      </AnchorLink>
      {again}
    </Group>
  );
}
