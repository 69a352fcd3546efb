import { Text } from "@mantine/core";
import type { AnswerOf } from "../../../../kernel/http/endpoint.ts";
import { type readFactors, removePasskey, removeTotp } from "../../../../modules/identity/factors-contract.ts";
import { useAccountChange } from "../../../lib/account.ts";
import { call } from "../../../lib/api.ts";
import { formatMoment } from "../../../lib/format.ts";
import { ConfirmButton } from "../../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../../ui/Row.tsx";

type Factors = AnswerOf<typeof readFactors>;
type Factor = Factors["totp"][number];

export function FactorList({ factors: { totp, passkeys } }: { factors: Factors }) {
  const app = useAccountChange((factor: string) => call(removeTotp, { params: { factor } }));
  const passkey = useAccountChange((id: string) => call(removePasskey, { params: { passkey: id } }));
  const error = app.error ?? passkey.error;
  if (totp.length + passkeys.length === 0) return <Text>You have none yet.</Text>;
  const row = (factor: Factor, kind: string, removal: typeof app) => (
    <Row key={factor.id} title={factor.name} about={`${kind}, ${lastUseOf(factor)}`}>
      <ConfirmButton
        label="Remove"
        question="Really remove"
        of={factor.name}
        isPending={removal.isPending && removal.variables === factor.id}
        onConfirm={() => removal.mutate(factor.id)}
      />
    </Row>
  );
  return (
    <>
      {error && <ProblemAlert error={error} />}
      <Rows label="Second factors">
        {totp.map((factor) => row(factor, "Authenticator app", app))}
        {passkeys.map((factor) => row(factor, "Passkey", passkey))}
      </Rows>
    </>
  );
}

function lastUseOf({ created_at, last_used_at }: Factor): string {
  return last_used_at ? `last used ${formatMoment(last_used_at)}` : `added ${formatMoment(created_at)}, not used yet`;
}
