import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { revokeShare, type Share } from "../../../modules/studio/outlets-contract.ts";
import { ShareForm } from "../../forms/studio/ShareForm.tsx";
import { call } from "../../lib/api.ts";
import { formatDay } from "../../lib/format.ts";
import { type SessionPlace, sessionKey, sharesQuery } from "../../lib/studio-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { ShareLink } from "./ShareLink.tsx";

/** The public links to a session. */
export function Shares({ place, title }: { place: SessionPlace; title: string }) {
  const queryClient = useQueryClient();
  const shares = useQuery(sharesQuery(place));
  const [token, setToken] = useState<string>();
  const revoking = useMutation({
    mutationFn: (share: string) => call(revokeShare, { params: { ...place, share } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionKey(place.session) }),
  });
  return (
    <Section title="Public links" description="Whoever has a link reads the session without signing in.">
      {token && <ShareLink token={token} onDone={() => setToken(undefined)} />}
      {revoking.error && <ProblemAlert error={revoking.error} />}
      <Loaded query={shares}>
        {(items) =>
          items.length > 0 && (
            <Rows label="Public links">
              {items.map((share) => (
                <Row key={share.id} title={stateOf(share)} about={<AboutShare share={share} />}>
                  {share.is_open && (
                    <ConfirmButton
                      label="Take back"
                      of={`the link to ${title}, ${stateOf(share)}`}
                      question="Take it back for good?"
                      isPending={revoking.isPending && revoking.variables === share.id}
                      onConfirm={() => revoking.mutate(share.id)}
                    />
                  )}
                </Row>
              ))}
            </Rows>
          )
        }
      </Loaded>
      <ShareForm place={place} onMade={setToken} />
    </Section>
  );
}

function stateOf({ is_open, revoked_at, expires_at }: Share): string {
  if (revoked_at) return "Taken back";
  if (!is_open) return "Over";
  return expires_at ? `Open until ${formatDay(expires_at)}` : "Open until it is taken back";
}

function AboutShare({ share: { created_by, last_opened_at } }: { share: Share }) {
  return (
    <>
      Made by {created_by.name} ·{" "}
      {last_opened_at ? (
        <>
          opened <Ago at={last_opened_at} />
        </>
      ) : (
        "not opened yet"
      )}
    </>
  );
}
