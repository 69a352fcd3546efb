import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";

const STORED_AS = "tenon.mailbox-key";

/** The key in the address's fragment, kept while the window is open: whoever comes back without it still gets in. */
export function useMailboxKey(): string | undefined {
  const given = useLocation({ select: ({ hash }) => hash });
  useEffect(() => {
    if (given) sessionStorage.setItem(STORED_AS, given);
  }, [given]);
  return given || (sessionStorage.getItem(STORED_AS) ?? undefined);
}
