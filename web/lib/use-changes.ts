import { useDocumentVisibility } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { addressOf } from "../../client/address.ts";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { followChanges } from "../../modules/audit/contract.ts";

/** Events come by the second: those that come together are one reason to look again. */
const GATHER_MS = 100;

/**
 * Looks again at what a key holds whenever a row of such a table changes, as long as the page is seen: a browser has few connections to
 * one server. Whoever may not read all of them hears nothing.
 */
export function useChanges(organization: string, isOf: (table: string) => boolean, key: string): void {
  useEvents(addressOf(followChanges, { params: { organization }, query: {} as never }), isOf, [key, organization]);
}

/** The same by the events at an address. */
export function useEvents(address: string, isOf: (table: string) => boolean, [key, of]: [string, string]): void {
  const isSeen = useDocumentVisibility() === "visible";
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!isSeen) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lookAgain = () => {
      clearTimeout(timer);
      timer = setTimeout(() => queryClient.invalidateQueries({ queryKey: [key, of] }), GATHER_MS);
    };
    const source = new EventSource(address);
    source.addEventListener("reset", lookAgain);
    source.addEventListener("change", ({ data }: MessageEvent<string>) => {
      const { resource } = JSON.parse(data) as AnswerOf<typeof followChanges>;
      if (isOf(resource.type)) lookAgain();
    });
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [address, isOf, key, of, isSeen, queryClient]);
}
