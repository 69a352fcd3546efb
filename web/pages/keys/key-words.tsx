import { Fragment, type ReactNode } from "react";
import type { Key } from "../../../modules/organizations/keys-contract.ts";
import { formatDay, formatMoment } from "../../lib/format.ts";
import { Ago } from "../../ui/Ago.tsx";

/** Whose a key is and how it goes with it, in a line; `me` is who looks. */
export function KeyState({ apiKey, me }: { apiKey: Key; me: string }) {
  const { member, status, created_by, secret_prefix, last_used_at, allowed_addresses, old_secret_until } = apiKey;
  const facts: ReactNode[] = [
    whoseOf(apiKey, me),
    <Status key="status" apiKey={apiKey} />,
    last_used_at ? <Used key="used" at={last_used_at} /> : "never used",
    `secret begins with ${secret_prefix}`,
    created_by.id !== member.id && `made by ${created_by.id === me ? "you" : created_by.name}`,
    allowed_addresses.length > 0 && `only from ${allowed_addresses.join(", ")}`,
    status === "live" && old_secret_until && `old secret good until ${formatMoment(old_secret_until)}`,
  ].filter(Boolean);
  return facts.map((fact, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a fact has no name but its place.
    <Fragment key={place}>
      {place > 0 && " · "}
      {fact}
    </Fragment>
  ));
}

function whoseOf({ member }: Key, me: string): string {
  if (member.kind === "service") return `${member.name}, a service`;
  return member.id === me ? "Yours" : member.name;
}

function Status({ apiKey: { status, expires_at, revoked_at } }: { apiKey: Key }) {
  if (status === "revoked")
    return (
      <>
        revoked <Ago at={revoked_at ?? expires_at} />
      </>
    );
  if (status === "expired") return <>expired on {formatDay(expires_at)}</>;
  if (status === "member_inactive") return <>does not work, for its member is suspended or gone</>;
  return <>live until {formatDay(expires_at)}</>;
}

function Used({ at }: { at: string }) {
  return (
    <>
      last used <Ago at={at} />
    </>
  );
}
