import { queryOptions, useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { z } from "zod";
import type { Given } from "../../client/address.ts";
import { type AnswerOf, type Endpoint, endpoint } from "../../kernel/http/endpoint.ts";
import {
  listBenchmarks,
  listSubmissions,
  readBenchmark,
  readLeaderboard,
  type Split,
  type Submission,
} from "../../modules/evaluation/contract.ts";
import { listMembers, type MemberRow } from "../../modules/organizations/contract.ts";
import { call } from "./api.ts";
import { formatOf, type ImportFormat } from "./import.ts";
import { upload } from "./upload.ts";

/** How soon a submission that waits for its scores is looked at again, and everything else. */
const SCORING_AGAIN_MS = 1_000;
const AGAIN_MS = 10_000;
const PLACES_SHOWN = 100;
const SUBMISSIONS_SHOWN = 20;
const MEMBERS_MAX = 200;
const MEDIA_TYPES: Record<ImportFormat, string> = { csv: "text/csv", jsonl: "application/x-ndjson" };
const PARTICIPANTS = "/api/organizations/:organization/evaluation/participants";

/** A benchmark's place: the organization's slug and its own id. */
export type BenchmarkPlace = { organization: string; benchmark: string };

/** Who takes part, as the noun of participants has it. */
const listParticipants = endpoint({
  name: "evaluation.participant.list",
  summary: "Who takes part",
  method: "GET",
  path: PARTICIPANTS,
  access: "evaluation.benchmark.read",
  params: z.object({ organization: z.string() }),
  query: z.object({ benchmark_id: z.uuid(), limit: z.int() }),
  answer: z.object({ items: z.array(z.object({ user_id: z.uuid() })) }),
});
export const addParticipant = endpoint({
  name: "evaluation.participant.create",
  summary: "Let a member take part",
  method: "POST",
  path: PARTICIPANTS,
  access: "evaluation.benchmark.manage",
  params: z.object({ organization: z.string() }),
  body: z.object({ benchmark_id: z.uuid(), user_id: z.uuid() }),
});

export function benchmarksQuery(organization: string) {
  return queryOptions({
    queryKey: [...evaluationKey(organization), "list"],
    queryFn: ({ signal }) => call(listBenchmarks, { params: { organization } }, { signal }),
    refetchInterval: AGAIN_MS,
  });
}

export function benchmarkQuery(place: BenchmarkPlace) {
  return queryOptions({
    queryKey: [...benchmarkKey(place), "one"],
    queryFn: ({ signal }) => call(readBenchmark, { params: place }, { signal }),
  });
}

export function leaderboardQuery(place: BenchmarkPlace, split: Split) {
  return queryOptions({
    queryKey: [...benchmarkKey(place), "leaderboard", split],
    queryFn: ({ signal }) =>
      call(readLeaderboard, { params: place, query: { split, limit: PLACES_SHOWN } }, { signal }),
    refetchInterval: AGAIN_MS,
  });
}

/** What one has handed in, which is looked at often while some of it waits for scores. */
export function submissionsQuery(place: BenchmarkPlace) {
  return queryOptions({
    queryKey: [...benchmarkKey(place), "submissions"],
    queryFn: ({ signal }) => call(listSubmissions, { params: place, query: { limit: SUBMISSIONS_SHOWN } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? SCORING_AGAIN_MS : false),
  });
}

export function participantsQuery({ organization, benchmark }: BenchmarkPlace) {
  return queryOptions({
    queryKey: [...benchmarkKey({ organization, benchmark }), "participants"],
    queryFn: ({ signal }) =>
      call(
        listParticipants,
        { params: { organization }, query: { benchmark_id: benchmark, limit: MEMBERS_MAX } },
        { signal },
      ),
  });
}

/** Members who can be let in. */
export function membersQuery(organization: string) {
  return queryOptions({
    queryKey: ["members", organization],
    queryFn: ({ signal }) =>
      call(listMembers, { params: { organization }, query: { status: "active", limit: MEMBERS_MAX } }, { signal }),
  });
}

/** A member by name and address, and a service, which has no address, by name. */
export function nameOf({ kind, name, email }: Pick<MemberRow, "kind" | "name" | "email">): string {
  return kind === "service" ? `${name} (a service)` : `${name} (${email})`;
}

/** Whether a submission waits for its scores. */
export function isOpen({ status }: Submission): boolean {
  return status === "queued" || status === "processing";
}

/** What every key of benchmarks begins with, and of one. */
export function evaluationKey(organization: string): string[] {
  return ["evaluation", organization];
}
export function benchmarkKey({ organization, benchmark }: BenchmarkPlace): string[] {
  return [...evaluationKey(organization), benchmark];
}

/** Sends a file of rows; `sent` is the share that has left, 0 to 1. */
export function useRowUpload<E extends Endpoint>(to: E, givenOf: (format: ImportFormat, file: File) => Given<E>) {
  const [sent, setSent] = useState(0);
  const controller = useRef(new AbortController());
  const mutation = useMutation({
    mutationFn: (file: File): Promise<AnswerOf<E>> => {
      controller.current.abort();
      controller.current = new AbortController();
      setSent(0);
      const format = formatOf(file.name);
      const { signal } = controller.current;
      return upload(to, givenOf(format, file), { file, mediaType: MEDIA_TYPES[format], signal, onProgress: setSent });
    },
  });
  const cancel = () => {
    mutation.reset();
    controller.current.abort();
  };
  return { ...mutation, sent, cancel };
}
