import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listPermissions } from "../../../modules/organizations/contract.ts";
import { type Key, revokeKey } from "../../../modules/organizations/keys-contract.ts";
import { ChangeKeyForm } from "../../forms/keys/ChangeKeyForm.tsx";
import { RotateKeyForm } from "../../forms/keys/RotateKeyForm.tsx";
import { call } from "../../lib/api.ts";
import { keysKey, permissionsQuery } from "../../lib/key-queries.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { meQuery } from "../../lib/queries.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row } from "../../ui/Row.tsx";
import { KeyToken } from "./KeyToken.tsx";
import { KeyState } from "./key-words.tsx";
import { Scopes } from "./Scopes.tsx";

type Open = "rotation" | "change";
type Props = { apiKey: Key; organization: Organization };

/** One key: whose it is, how it goes with it, what it may do, and a new secret for it. */
export function KeyRow({ apiKey, organization }: Props) {
  const { id, name, scopes, status, member } = apiKey;
  const place = { organization: organization.slug, key: id };
  const queryClient = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const permissions = useQuery({
    ...permissionsQuery(organization.slug),
    enabled: may(organization, listPermissions),
  });
  const [open, setOpen] = useState<Open>();
  const [token, setToken] = useState<string>();
  const revoking = useMutation({
    mutationFn: () => call(revokeKey, { params: place }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey(organization.slug) }),
  });
  const close = () => setOpen(undefined);
  const rotated = (made: string) => {
    setToken(made);
    close();
  };
  // Who rotates a key holds it afterwards, so the server gives nobody another person's.
  const isForMe = member.kind === "service" || member.id === me.user_id;
  const toggle = (part: Open, label: string) => (
    <Button
      variant="default"
      size="xs"
      aria-label={`${label}: ${name}`}
      aria-expanded={open === part}
      onClick={() => setOpen(open === part ? undefined : part)}
    >
      {label}
    </Button>
  );
  const isLive = status === "live" || status === "member_inactive";
  return (
    <Row
      title={name}
      about={<KeyState apiKey={apiKey} me={me.user_id} />}
      below={
        <>
          <Scopes apiKey={apiKey} descriptions={permissions.data ?? {}} />
          {revoking.error && <ProblemAlert error={revoking.error} />}
          {token && (
            <KeyToken
              organization={organization.slug}
              token={token}
              scopes={scopes}
              onDone={() => setToken(undefined)}
            />
          )}
          {open === "rotation" && <RotateKeyForm place={place} onRotated={rotated} />}
          {open === "change" && <ChangeKeyForm place={place} apiKey={apiKey} onDone={close} />}
        </>
      }
    >
      {isLive && (
        <>
          {toggle("change", "Change")}
          {isForMe && status === "live" && toggle("rotation", "Rotate")}
          <ConfirmButton
            label="Revoke"
            of={name}
            question="End it at once?"
            isPending={revoking.isPending}
            onConfirm={() => revoking.mutate()}
          />
        </>
      )}
    </Row>
  );
}
