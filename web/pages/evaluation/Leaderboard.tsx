import { SegmentedControl, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Benchmark, Split } from "../../../modules/evaluation/contract.ts";
import { type BenchmarkPlace, leaderboardQuery } from "../../lib/evaluation.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Grid } from "../../ui/Part.tsx";
import { Section } from "../../ui/Section.tsx";
import { formatScore, METRIC_WORDS } from "./words.ts";

type Props = { place: BenchmarkPlace; benchmark: Benchmark };

/** Who stands where: each participant's best. Once the benchmark is closed the private part, which decides, comes first. */
export function Leaderboard({ place, benchmark: { metrics, status, public_percentage } }: Props) {
  const hasPrivate = public_percentage < 100 && (status === "closed" || status === "archived");
  const [chosen, setChosen] = useState<Split>();
  const split = chosen ?? (hasPrivate ? "private" : "public");
  const query = useQuery(leaderboardQuery(place, split));
  return (
    <Section
      title="Leaderboard"
      description={aboutSplit(split, public_percentage, hasPrivate)}
      actions={
        hasPrivate && (
          <SegmentedControl
            aria-label="Part of the items"
            data={[
              { value: "private", label: "Private" },
              { value: "public", label: "Public" },
            ]}
            value={split}
            onChange={(value) => setChosen(value as Split)}
          />
        )
      }
    >
      <Loaded query={query}>
        {({ items, next_cursor: next }) =>
          items.length === 0 ? (
            <Text c="dimmed">Nobody has a score yet.</Text>
          ) : (
            <>
              <Grid
                label="Leaderboard"
                heads={["Rank", "Name", ...metrics.map((metric) => METRIC_WORDS[metric]), "Handed in"]}
                rows={items.map(({ rank, name, is_own, scores, submission_id, submitted_at }) => ({
                  key: submission_id,
                  cells: [
                    <Text key="rank" span size="sm" fw={600}>
                      {rank}
                    </Text>,
                    <Text key="name" span size="sm" fw={is_own ? 600 : undefined} dir="auto">
                      {is_own ? `${name} (you)` : name}
                    </Text>,
                    ...metrics.map((metric) => (
                      <span key={metric} title={scores?.[metric]?.toString()}>
                        {formatScore(scores?.[metric])}
                      </span>
                    )),
                    <Ago key="at" at={submitted_at} />,
                  ],
                }))}
              />
              {next && (
                <Text size="sm" c="dimmed">
                  The first {items.length} are shown.
                </Text>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function aboutSplit(split: Split, percentage: number, isRevealed: boolean): string {
  if (percentage === 100) return "Each participant's best. Equals share a rank.";
  if (split === "private")
    return `Over the ${100 - percentage}% of the items that were private until the benchmark was closed.`;
  return `Over ${percentage}% of the items.${isRevealed ? "" : " The rest decides when the benchmark is closed."}`;
}
