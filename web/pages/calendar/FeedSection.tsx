import { Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { makeFeed, readFeedState, removeFeed } from "../../../modules/calendar/contract.ts";
import { call } from "../../lib/api.ts";
import { formatMoment } from "../../lib/format.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { Told } from "../../ui/Told.tsx";

function feedQuery(organization: string) {
  return queryOptions({
    queryKey: ["feed", organization],
    queryFn: ({ signal }) => call(readFeedState, { params: { organization } }, { signal }),
  });
}

/** The address at which one's own calendar program reads one's appointments. */
export function FeedSection({ organization }: { organization: string }) {
  const queryClient = useQueryClient();
  const state = useQuery(feedQuery(organization));
  const params = { organization };
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ["feed", organization] });
  const making = useMutation({ mutationFn: () => call(makeFeed, { params }), onSuccess });
  const removing = useMutation({
    mutationFn: () => call(removeFeed, { params }),
    onSuccess: () => {
      making.reset();
      return onSuccess();
    },
  });
  const error = making.error ?? removing.error;
  return (
    <Section
      title="In your own calendar"
      description="Your appointments in a phone or another calendar program, by a secret address. Whoever knows the address can read them."
    >
      {making.data && (
        <Told title="This is the address">
          <Stack gap="xs">
            <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
              {making.data.url}
            </Code>
            <Text size="sm">It is shown once. Subscribe to it in your program, and keep it to yourself.</Text>
            <CopyButton value={making.data.url}>
              {({ copied, copy }) => (
                <Group>
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? "Copied" : "Copy address"}
                  </Button>
                </Group>
              )}
            </CopyButton>
          </Stack>
        </Told>
      )}
      <Loaded query={state}>
        {({ made_at }) => (
          <Group gap="sm">
            {made_at && !making.data && <Text size="sm">An address was made on {formatMoment(made_at)}.</Text>}
            <Button size="xs" variant="default" loading={making.isPending} onClick={() => making.mutate()}>
              {made_at ? "Make another address" : "Make an address"}
            </Button>
            {made_at && (
              <ConfirmButton
                label="Take it back"
                of="your calendar's address"
                question="It will open nothing then"
                isPending={removing.isPending}
                onConfirm={() => removing.mutate()}
              />
            )}
          </Group>
        )}
      </Loaded>
      {error && <ProblemAlert error={error} />}
    </Section>
  );
}
