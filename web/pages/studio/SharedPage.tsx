import { Box, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { openShare } from "../../../modules/studio/outlets-contract.ts";
import { Structuring } from "../../../modules/studio/structuring-contract.ts";
import { call } from "../../lib/api.ts";
import { formatDay } from "../../lib/format.ts";
import { statusOf } from "../../lib/problem.ts";
import { ColorScheme } from "../../ui/ColorScheme.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Page } from "../../ui/Page.tsx";
import { StructuringText } from "./StructuringText.tsx";

/** What a public link shows, to whoever has it. */
export function SharedPage() {
  // It stays in the address, so that the page can be loaded again.
  const token = useLocation({ select: ({ hash }) => hash });
  const shared = useQuery({
    queryKey: ["shared", token],
    queryFn: ({ signal }) => call(openShare, { body: { token } }, { signal }),
    enabled: token !== "",
    gcTime: 0,
  });
  const opensNothing = token === "" || statusOf(shared.error) === 404;
  return (
    <Box component="main" p={{ base: "md", sm: "xl" }} maw={860} mx="auto">
      <meta name="robots" content="noindex, nofollow" />
      <Stack gap="lg">
        <Group justify="flex-end">
          <Box w={180}>
            <ColorScheme />
          </Box>
        </Group>
        {opensNothing ? (
          <Page title="Shared session">
            <EmptyState title="This link opens nothing">
              It may be over or taken back, or not be whole. Ask whoever gave it to you for another.
            </EmptyState>
          </Page>
        ) : (
          <Page
            title={shared.data?.title ?? "Shared session"}
            description={
              shared.data &&
              [shared.data.client_name && `For ${shared.data.client_name}`, shared.data.organization]
                .filter(Boolean)
                .join(" · ")
            }
          >
            <Loaded query={shared}>
              {({ sections }) => (
                <Stack gap="lg">
                  {sections.map(({ section, content, saved_at }) => (
                    <Stack key={section} gap="lg">
                      <StructuringText content={Structuring.parse(content)} />
                      <Text size="sm" c="dimmed">
                        As of {formatDay(saved_at)}
                      </Text>
                    </Stack>
                  ))}
                </Stack>
              )}
            </Loaded>
          </Page>
        )}
      </Stack>
    </Box>
  );
}
